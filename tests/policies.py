"""The policy of the company that the tests play: their own, so that only tests of the default policy depend on that."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.policyfile.loader import default_policy, laid_over
from bot.policyfile.yaml_source import read
from workflows.policy.model import Policy

POLICY_FILE = Path(__file__).with_name("policy.yml")


def company_policy(changes: dict[str, Any] | None = None) -> Policy:
    """The company's policy, with these changes laid over it, written as in a file."""
    document = read(yaml.safe_dump(changes or {}))
    assert not document.problems
    return Policy.model_validate(laid_over(_company_values(), document.values))


def write_company_policy(file: Path, changes: dict[str, Any]) -> None:
    """The same as a file, for a desk that reads its policy itself."""
    file.write_text(yaml.safe_dump(laid_over(_own_values(), changes)), encoding="utf-8")


@cache
def _company_values() -> dict[str, Any]:
    return laid_over(default_policy().values, _own_values())


@cache
def _own_values() -> dict[str, Any]:
    return read(POLICY_FILE.read_text(encoding="utf-8")).values
