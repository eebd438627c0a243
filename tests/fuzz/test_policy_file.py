"""Policy files with anything in them: read, or refused in sentences with the line."""

import functools
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policyfile.loader import default_policy, load
from bot.policyfile.yaml_source import MOST_VALUES
from tests.fuzz.nasty import changed, places, times, values
from workflows.contract.errors import PolicyError

DEFAULT: Any = default_policy().values
LAUGHS = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        *(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
    ]
)


def refusal(file: Path, text: str) -> str | None:
    """Why a policy of this text is refused; None when it is a policy."""
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load(file)
    except PolicyError as error:
        return error.sentence
    return None


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all examples."""
    return tmp_path_factory.mktemp("policies") / "own.yml"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LAUGHS, "far more values than a policy can"),
        ("[" * 3000 + "]" * 3000, "nested too deeply"),
        ("".join(f"{' ' * depth}a:\n" for depth in range(3000)), "nested too deeply"),
        ("a: " + "{a: " * 200 + "1" + "}" * 200, "nested too deeply"),
        ("time_zone: \ud83d", "not a text file"),
        ("contact: {within: " + "9" * 5000 + "}", "length of time"),
        ("contact: {text_limit: " + "9" * 5000 + "}", "cannot be read"),
        ("working_time: {start: .inf}", "time of day"),
        ("holidays: {extra: [99999-01-01]}", "date"),
    ],
    ids=lambda value: value[:24],
)
def test_a_policy_that_would_break_the_reader(file: Path, text: str, why: str) -> None:
    """It is refused at once, and takes little memory: eight lines could stand for billions of values."""
    tracemalloc.start()
    began = time.process_time()
    said = refusal(file, text)
    took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said is not None
    assert why in said
    assert len(said) < 2000 + MOST_VALUES
    assert took < 5
    assert most < 200 * 2**20


@settings(max_examples=times(25, 3000))
@given(path=st.sampled_from([*places(DEFAULT)][1:]), value=values)
def test_any_policy_is_read_or_refused(file: Path, path: tuple[str | int, ...], value: Any) -> None:
    """The default one, with anything at any of its places."""
    end = next((at for at, step in enumerate(path) if isinstance(step, int)), len(path))
    held = functools.reduce(lambda part, step: part[step], path[:end], DEFAULT)
    own = changed(held, path[end:], value)
    for step in reversed(path[:end]):
        own = {step: own}
    said = refusal(file, yaml.safe_dump(own))
    assert said is None or said.startswith(str(file))


@settings(max_examples=times(40, 5000))
@given(text=st.one_of(st.text(max_size=200), values.filter(lambda value: isinstance(value, str)).map(str)))
def test_any_text_is_read_or_refused(file: Path, text: str) -> None:
    """Even one that is no YAML."""
    refusal(file, text)
