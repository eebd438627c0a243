"""The kinds of values a policy holds: channels, people, addresses, hours. Each refuses what cannot work.

Every refusal is a `ValueError` whose sentence says what to write instead.
"""

import re
from collections.abc import Callable
from datetime import time
from functools import cache
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationInfo

from workflows.lib.business_time import MIDNIGHT, Weekday
from workflows.lib.suggestions import did_you_mean

_CHANNEL: Final = re.compile(r"#?([^\s#@,.:;<>|&'\"`/\\A-Z]{1,80})|([CG][A-Z0-9]{8,20})")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{8,20}|[^@\s<>|,;]+@[^@\s<>|,;]+\.[^@\s<>|,;.]+", re.ASCII)
_GROUP: Final = re.compile(r"@?([a-z0-9][a-z0-9._-]{0,79})|(S[A-Z0-9]{8,20})")
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_TAG: Final = re.compile(r"[a-z0-9_:/-]{1,100}", re.ASCII)
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9]{0,19}", re.ASCII)
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


PROJECT_FORM: Final = "project_form"
"""In the context a policy is validated in: what refuses a name that the issue tracker gives no project."""


class Section(BaseModel):
    """A part of the policy: read once, never changed; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@cache
def _zones() -> frozenset[str]:
    """The zones of the IANA list, read from the disk once."""
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    known = _zones()
    if name not in known:
        near = did_you_mean(name, sorted(known))
        raise ValueError(f"“{name[:60]}” is not a time zone of the IANA list, such as Europe/Berlin{near}")
    return name


def _weekday(value: object) -> Weekday:
    if isinstance(value, Weekday):
        return value
    try:
        return Weekday.of(str(value))
    except ValueError as error:
        raise ValueError(f"{error}{did_you_mean(str(value), (day.word for day in Weekday))}") from error


def _opens(value: object) -> time:
    found = None if isinstance(value, time) else _CLOCK.fullmatch(str(value))
    if isinstance(value, time):
        return value
    if found is None or found[1] is None:
        raise ValueError("A time of day is written 09:00 or 17:30")
    return time(int(found[1]), int(found[2]))


def _closes(value: object) -> time:
    return MIDNIGHT if value == "24:00" else _opens(value)


def _closing(clock: time) -> str:
    return "24:00" if clock == MIDNIGHT else f"{clock:%H:%M}"


def _channel(name: str) -> str:
    found = _CHANNEL.fullmatch(name)
    if found is None:
        raise ValueError('A channel is written "#its-name" (small letters, no spaces) or as its id, C0123456789')
    return found[2] or f"#{found[1]}"


def _channel_or_why(value: object) -> object:
    if value is None:
        raise ValueError('The channel is missing; # begins a comment in YAML, so put it in quotes: "#product"')
    return value


def _person(ref: str) -> str:
    if not _PERSON.fullmatch(ref):
        raise ValueError("A person is named by e-mail address or by Slack member id, U0123456789")
    return ref


def _email(address: str) -> str:
    if "@" not in _person(address):
        raise ValueError("An e-mail address is needed here")
    return address.lower()


def _slack_id(ref: str) -> str:
    if "@" in ref or not _PERSON.fullmatch(ref):
        raise ValueError("A Slack member id looks like U0123456789; Slack shows it in the person's profile")
    return ref


def _group(handle: str) -> str:
    found = _GROUP.fullmatch(handle)
    if found is None:
        raise ValueError("A user group is named by its handle, such as support-managers, or its id, S0123456789")
    return found[2] or found[1]


def _host(name: str) -> str:
    host = name.lower()
    if not _HOST.fullmatch(host):
        bare = urlsplit(host).hostname if "//" in host else None
        suggestion = f"; write {bare}" if bare and _HOST.fullmatch(bare) else ""
        raise ValueError(f"A host is just a name such as support.example.com, without https:// or path{suggestion}")
    return host


def _url(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\s<>|\"]", address):
        raise ValueError("An address begins with https:// and has no spaces")
    return address


def _project(name: str, info: ValidationInfo) -> str:
    check: Callable[[str], str] | None = (info.context or {}).get(PROJECT_FORM)
    return check(name) if check else name


def _tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise ValueError("A tag is one word in small letters, digits, - and _; the ticket system allows no others")
    return tag


def _key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("A key is one word in small letters, digits, - and _, at most 60 of them")
    return key


def _account(name: str) -> str:
    if not _ACCOUNT.fullmatch(name) or name in {"ticket", "zd"}:  # these two begin any ticket's name
        raise ValueError("An account's name is one word such as emea: small letters and digits, at most 20 of them")
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]
"""The name of an IANA time zone."""
Day = Annotated[Weekday, BeforeValidator(_weekday), PlainSerializer(lambda day: day.word, return_type=str)]
"""A day of the week, by its English name."""
OpensAt = Annotated[time, BeforeValidator(_opens), PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str)]
"""A time of day."""
ClosesAt = Annotated[time, BeforeValidator(_closes), PlainSerializer(_closing, return_type=str)]
"""A time of day; 24:00, the end of the day, is held as 00:00."""
Channel = Annotated[str, AfterValidator(_channel), BeforeValidator(_channel_or_why)]
"""A Slack channel: `#name` or id."""
PersonRef = Annotated[str, AfterValidator(_person)]
"""A person: e-mail address or Slack member id."""
SlackId = Annotated[str, AfterValidator(_slack_id)]
"""A Slack member id."""
Email = Annotated[str, AfterValidator(_email)]
"""An e-mail address, in small letters."""
Group = Annotated[str, AfterValidator(_group)]
"""A Slack user group: its handle without the @, or its id."""
Host = Annotated[str, AfterValidator(_host)]
"""A host name in small letters."""
Url = Annotated[str, AfterValidator(_url)]
"""A web address."""
Project = Annotated[str, AfterValidator(_project)]
"""A project of the issue tracker: path or number."""
Tag = Annotated[str, AfterValidator(_tag)]
"""A tag of a ticket."""
Key = Annotated[str, AfterValidator(_key)]
"""A short name a company gives to something of its own."""
AccountName = Annotated[str, AfterValidator(_account)]
"""What a company calls an account of its ticket system."""
Text = Annotated[str, Field(min_length=1)]
"""Some text, not empty."""
TitleText = Annotated[str, Field(min_length=1, max_length=24)]
"""A text Slack shows as a modal's title or button."""
OptionText = Annotated[str, Field(min_length=1, max_length=75)]
"""A text Slack shows as an option or its description."""
PlaceholderText = Annotated[str, Field(min_length=1, max_length=150)]
"""A text Slack shows in an empty field."""
LabelText = Annotated[str, Field(min_length=1, max_length=2000)]
"""A text Slack shows above or below a field."""
