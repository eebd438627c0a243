"""Cases in which every text is hostile: made from the models, so that a new field is hostile, too."""

import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel

from workflows.contract.engine import TimelineEntry
from workflows.contract.values import WebAddress
from workflows.lib.markup import web_address

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = (
    "https://evil.example/x|foo> <!channel> <@U9EVIL> <https://evil.example|gitlab.com> "
    "```</code><!here|x>``` @everyone *b*\n> &lt;!channel&gt; "
)
"""A link that ends where a mention begins, mentions, a link under another name, a code block that ends, an entity."""

ADDRESS = "https://vendor.example/x|foo> <!channel> <https://evil.example"
"""Where the model says that it is an address of a vendor's."""

SLOTS = ("card", "thread", "confirmation", "slot:1")
"""The keys of what is kept by name."""

PEOPLE = frozenset(
    {
        "asked_by",
        "assignee",
        "briefed",
        "by",
        "called",
        "calls",
        "gone",
        "requester",
        "contact",
        "fallback_group",
        "fallback_members",
        "handing_over",
        "leads",
        "lost",
        "manager",
        "managers_informed_by",
        "members",
        "next",
        "next_manager",
        "notified",
        "now",
        "on_call",
        "owner",
        "person",
        "reporter",
        "snoozed_by",
        "starter",
        "submitter",
        "tags",
        "to",
        "unreachable",
        "who",
        "withdrawn_by",
    }
)
IDS: Mapping[str, str] = {
    "id": "XY-1",
    "account": "main",
    "review": "RV-1",
    "merged_into": "MC-2",
    "warning": "Text of the desk itself.",
    "channel": "C0CHANNEL",
    "ts": "1772442000.000100",
    "thread_ts": "1772442000.000100",
    "place": "#support",
    "group": "S0GROUP",
    **dict.fromkeys(PEOPLE, "U0PERSON"),
}
"""Fields that hold what Slack itself gives: ids, never what somebody typed."""

ZONES = {"zone", "owner_zone", "assignee_zone", "time_zone"}


def cases(model: type[BaseModel], times: int = 14) -> Iterator[Any]:
    """Instances with everything there is, each with the next of every choice (states, kinds, yes and no)."""
    return (built(model, turn) for turn in range(times))


def built(model: Any, turn: int, name: str = "") -> Any:
    """A value of this type; `name` is the field's."""
    origin, arguments = get_origin(model), get_args(model)
    if is_dataclass(origin or model):
        made: Any = origin or model
        hints = get_type_hints(made)
        filled = {one.name: _filled(hints[one.name], arguments) for one in fields(made)}
        values = {name: built(kind, turn, name) for name, kind in filled.items()}
        return made(**values | ({"what": TEXT.replace("<@U9EVIL>", "")} if made is TimelineEntry else {}))
    if isinstance(model, type) and issubclass(model, BaseModel):
        hints = get_type_hints(model, include_extras=True)
        values = {one: built(hints[one], turn, one) for one in model.model_fields}
        return model(**values | ({"state": _state(model, turn)} if "state" in values else {}))
    if model == WebAddress:
        return ADDRESS
    if origin is Annotated:
        return built(arguments[0], turn, name)
    if origin in {Union, types.UnionType}:
        kinds = [one for one in arguments if one is not type(None)]
        return built(kinds[turn % len(kinds)], turn, name)
    if origin is Literal:
        return arguments[turn % len(arguments)]
    if origin in {tuple, list, frozenset, set, Sequence}:
        held = (built(arguments[0], turn, name),)
        return held if origin is Sequence else origin(held)
    if origin in {dict, Mapping}:
        return {slot: built(arguments[1], turn, name) for slot in SLOTS}
    return _plain(model, turn, name)


def _filled(kind: Any, arguments: tuple[Any, ...]) -> Any:
    """A field of a generic dataclass, with its one parameter filled in."""
    inner = get_args(kind)
    if arguments and inner and isinstance(inner[0], TypeVar):
        return get_origin(kind)[(arguments[0], *inner[1:])]
    return kind


def _state(model: type[BaseModel], turn: int) -> str:
    """One of the states of a case, which stand beside its model."""
    beside = vars(sys.modules[model.__module__]).values()
    states = [one for one in beside if isinstance(one, type) and issubclass(one, StrEnum) and "State" in one.__name__]
    return list(states[0])[turn % len(states[0])].value if states else "open"


def _plain(kind: Any, turn: int, name: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[turn % len(kind)]
    if kind is str:
        return "Europe/Lisbon" if name in ZONES else IDS.get(name, TEXT)
    plain: Mapping[Any, Any] = {
        bool: turn % 2 == 0,
        int: 7,
        float: 7.5,
        datetime: NOW,
        AwareDatetime: NOW,
        date: NOW.date(),
        timedelta: timedelta(hours=1),
        Any: TEXT,
    }
    return plain[kind]


ROW = {"id": "RV-1", "tone": "bad", "ticket": "123456", "url": web_address(ADDRESS), "age": "2 days", "waits_for": TEXT}
KUDOS = {"who": None, "name": TEXT, "url": web_address(ADDRESS), "ticket": "123456", "words": TEXT}
NOTICE = {
    **dict.fromkeys(("subject", "contact_name", "contact_email", "account_id", "account"), TEXT),
    **dict.fromkeys(("account_url", "case_url"), web_address(ADDRESS)),
    "ticket": {"account": "main", "number": 123456},
    "opened_at": NOW.isoformat(),
    "organization_id": 201,
    "minutes_late": 3,
}
ACCOUNT = {**dict.fromkeys(("name", "csm_name", "csm_email", "plan", "sold_to"), TEXT), "url": web_address(ADDRESS)}

DETAILS: Mapping[str, Any] = {
    **IDS,
    "notice": NOTICE,
    "notices": [NOTICE],
    "gaps": [{"reason": "no_csm", "name": TEXT, "ticket": TEXT}],
    "found": ACCOUNT,
    "open_tickets": {"count": 1, "newest": [(1, TEXT)], "more": True},
    "project": {"id": 1, "path": TEXT, "url": web_address(ADDRESS)},
    "names": [TEXT],
    "fitting": [{"name": TEXT, "csm": TEXT}],
    "choice": "digest",
    "slot": "slot:1",
    "kind": "product",
    "people": ["U0PERSON"],
    "rows": [ROW],
    "unowned": [ROW],
    "last_chance": [],
    "kudos": [KUDOS, KUDOS | {"who": "U0PERSON"}],
    "counts": {"good": 1, "neutral": 2, "bad": 3},
    "themes": [(TEXT, 3)],
    **dict.fromkeys(("count", "triaged", "reviews", "contacts", "closed", "left"), 3),
    "percent": 50,
    "late_minutes": 3,
    "ends_at": NOW.isoformat(),
    "at": NOW.isoformat(),
    "since": NOW.isoformat(),
    "until": NOW.isoformat(),
    "url": web_address(ADDRESS),
    "shared": False,
    "elsewhere": "#product",
    "zone": "Europe/Lisbon",
}
"""What effects say beside the case that is no text, by its name."""


class Details(dict[str, Any]):
    """What an effect says beside the case: hostile words in whatever is asked for and stands not in `DETAILS`."""

    def __missing__(self, key: str) -> Any:
        """Whatever is asked for."""
        return DETAILS.get(key, TEXT)

    def get(self, key: str, _default: Any = None) -> Any:
        """The same: everything is there."""
        return self[key]
