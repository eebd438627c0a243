"""What the listeners of requests say at once and privately."""

from collections.abc import Sequence

from workflows.contract.events import CaseSummary
from workflows.lib.markup import escape, safe
from workflows.policy.model import Policy

PAGE = 20


def help_text(policy: Policy) -> str:
    """The answer to `/supportops help`."""
    return "\n".join(
        (
            "*Ask Support Operations the right way, and watch it arrive.*",
            "`/supportops` shows what you can do yourself, and opens the right form for the rest.",
            "`/supportops bug what is broken`, also `feature`, `question`, `rfc` or `portal 123456`, opens it at once.",
            "`/supportops list` shows your requests; `/supportops list all` those that are over, too.",
            "`/supportops tips` shows how to get things done with them.",
            f"Something doesn't work right now? Use `/incident`, or write in {escape(policy.incident.channel)}.",
        )
    )


def tips(policy: Policy) -> str:
    """`/supportops tips`: the page's general tips, and when changes ship."""
    ship = f"Changes ship on day {policy.request.ship_day} of the month, unless something else is announced."
    lines = [*policy.request.tips, ship, f"After your sign-off: <{policy.request.rollout_url}|tell the team>."]
    return "\n".join(("*Working with Support Operations*", *(f"• {line}" for line in lines)))


def listed(found: Sequence[CaseSummary], page: int, *, everything: bool) -> str:
    """`/supportops list`: mine, what waits for me first, a page at a time."""
    ordered = sorted(found, key=lambda one: (not one.is_open, one.waits_for != "you"))
    if not ordered:
        return "You have no open requests. `/supportops` files one." if not everything else "You have no requests yet."
    pages = -(-len(ordered) // PAGE)
    page = min(max(page, 1), pages)
    head = f"*Your {'requests' if everything else 'open requests'}: {len(ordered)}*"
    lines = [line(one) for one in ordered[(page - 1) * PAGE : page * PAGE]]
    command = "/supportops list all" if everything else "/supportops list"
    turn = [f"Page {page} of {pages}. `{command} {page % pages + 1}` shows another."] if pages > 1 else []
    return "\n".join((head, *lines, *turn))


def line(one: CaseSummary) -> str:
    """A request in a line: what it is, how it stands, whose turn it is."""
    details = one.details
    title = safe(str(details["title"]))
    name = f"<{details['url']}|{one.id}>" if details["url"] else one.id
    turn = {"you": " · :point_right: your turn", "": ""}.get(one.waits_for, f" · waiting for {one.waits_for}")
    ships = f" · ships {details['ships_on']} at the earliest" if details["ships_on"] else ""
    return f"• {name} {title}: {escape(str(details['stands']))}{turn}{ships}"
