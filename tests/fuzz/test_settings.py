"""Settings with anything in them: read, or refused with the names of what is wrong and none of what it holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service.settings import SettingsError, load, variables
from tests.fuzz.nasty import times, values

NAMES = [name.strip("`") for name, _ in variables()]
RIGHT = {"SLACK_BOT_TOKEN": "xoxb-1-2", "SLACK_APP_TOKEN": "xapp-1-2", "DATABASE_URL": "sqlite:///desk.db"}
MARK = "hush-hush"

nasty = values.map(str).map(lambda text: text.replace("\0", ""))


@settings(max_examples=times(100, 20_000))
@given(found=st.dictionaries(st.sampled_from(NAMES), st.one_of(nasty, st.text(max_size=60)), max_size=6))
def test_any_settings_are_read_or_refused(found: dict[str, str]) -> None:
    """In a sentence that repeats no value."""
    said = ""
    try:
        load({**RIGHT, **{name: f"{value}{MARK}" for name, value in found.items()}})
    except SettingsError as error:
        said = error.sentence
    assert MARK not in said
