"""Random plays of incidents, and what is held after every step: card, App Home, timers, database and vendors agree."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from random import Random

from sandbox.core.errors import Impossible
from sandbox.driver.observations import Shown
from sandbox.driver.people import SandboxPerson
from sandbox.vendors.base import VendorFault
from storage import timers
from tests.plays.promises import Promise, hold, promise, read, text_of
from tests.scenarios import incident
from tests.scenarios.incident import CHANNEL
from tests.world import World
from workflows.contract import channels
from workflows.contract.values import Progress
from workflows.incident import outputs
from workflows.incident.model import OPEN, IncidentCase, IncidentState

SENTENCES = {
    "due": r"I wait for a response until \*DATE\*",
    "step:0": r"ping the responders \(DATE\)",
    "step:1": r"warn here \(DATE\)",
    "held": r"I still ping the responders DATE",
    "paged": r"was paged DATE",
    "acknowledged": r"acknowledged it(?: in PagerDuty)? DATE",
    "responded": r"responded DATE",
}
"""What the card promises, and says that was done."""

THEN = {"then": r"I (?:will )?page [^<>\n]*? DATE", "page": r"the page of DATE"}
"""What a ping promises, or says that was done."""

REPORTS = (
    "Triggers do not fire",
    "Zendesk is down completely",
    "SLAs are wrong for #123456",
    "The macros are gone",
    "Explore report wrong",
    "Something is odd",
    "How do I rename a view?",
    "Thanks all!",
    "Good morning",
)
PEOPLE = ("alice", "adam", "omar", "omar", "pia", "marco")
SYSTEMS = ("Zendesk triggers", "Zendesk macros", "Reports and dashboards", "Another system, or I am not sure")
LEVELS = ("Mission Critical", "Business Critical", "Business Operational", "Administrative")


class Play:
    """One story; `seed` tells it again. `read` is what happened so far, for whoever has to find out why."""

    def __init__(self, w: World, seed: int) -> None:
        self.w = w
        self.random = Random(seed)
        self.done: list[str] = []
        self.acts: list[Callable[[], None]] = [
            self.says, self.reports, self.answers, self.answers, self.presses, self.presses, self.presses,
            self.picks, self.edits, self.deletes, self.changes, self.resolves, self.pager_acts, self.pager_acts,
            self.pager_acts, self.pager_breaks, self.channel_shuts, self.restarts, *(5 * [self.time_passes]),
        ]  # fmt: skip

    def goes_on(self, steps: int) -> None:
        """Let so many things happen, and hold everything after each."""
        for number in range(steps):
            act = self.random.choice(self.acts) if number else self.random.choice((self.says, self.reports))
            self.done.append(act.__name__)
            with suppress(Impossible, StopIteration):  # what nobody can do just now is not done
                act()
            incident.delivered(self.w)
            self.w.polls()
            self.w.advance(seconds=0)
            try:
                hold_all(self.w)
            except AssertionError as broken:
                raise AssertionError(f"after {' > '.join(self.done)}: {broken}") from broken

    # ------------------------------------------------------------------------------------------ what happens

    def says(self) -> None:
        """Somebody writes in the channel."""
        self._person().says(self.random.choice(REPORTS), CHANNEL)

    def reports(self) -> None:
        """Somebody fills in the form."""
        incident.reports(self.w, self.w.slack.person("alice"), systems=[self.random.choice(SYSTEMS[:3])])

    def answers(self) -> None:
        """Somebody writes in a thread."""
        self._person().says("Looking into it", CHANNEL, thread=self._root())

    def presses(self) -> None:
        """Somebody presses some button of some message of the desk."""
        message, who = self._message(), self._person()
        who.clicks(self.random.choice(message.buttons), on=message)
        _closes(who)

    def picks(self) -> None:
        """Somebody picks a system below a message."""
        message = self._message()
        self._person().chooses(incident.PICK, self.random.choice(SYSTEMS), on=message)

    def edits(self) -> None:
        """Somebody edits their message."""
        root = self._root()
        self.w.slack.person(root.user).edits(root, self.random.choice(REPORTS))

    def deletes(self) -> None:
        """Somebody deletes their message, or an admin a message of the desk."""
        if self.random.random() < 0.5:
            root = self._root()
            self.w.slack.person(root.user).deletes(root)
        else:
            self.w.slack.person("maria").deletes(self._message(), as_admin=True)

    def changes(self) -> None:
        """Somebody changes how critical it is."""
        who = self._person()
        who.picks_overflow("Change systems or criticality", on=self._message())
        who.fills({"How critical is it?": self.random.choice(LEVELS)})
        who.submits()
        _closes(who)

    def resolves(self) -> None:
        """Somebody resolves it."""
        who = self._person()
        who.clicks("Resolve", on=self._message())
        who.fills({incident.SUMMARY: "A trigger was switched off"})
        who.submits()
        _closes(who)

    def pager_acts(self) -> None:
        """Somebody does something in PagerDuty."""
        open_ones = [one for one in self.w.pagerduty.incidents if one["status"] != "resolved"]
        if open_ones:
            page = self.random.choice(open_ones)["id"]
            match self.random.randrange(4):
                case 0:
                    self.w.pagerduty.reassign(page, "maria@example.com")
                case 1:
                    self.w.pagerduty.set_status(page, "resolved")
                case _:
                    self.w.pagerduty.set_status(page, "acknowledged")

    def pager_breaks(self) -> None:
        """PagerDuty answers nothing any more, or again."""
        if self.w.pagerduty.faults:
            self.w.pagerduty.faults.clear()
        else:
            self.w.pagerduty.faults.append(VendorFault(times=10_000, status=503))

    def channel_shuts(self) -> None:
        """The desk is thrown out of the channel now and then, and invited back before long."""
        if _is_shut(self.w):
            self.w.slack.invites("desk", to="support-operations")
        elif self.random.randrange(3) == 0:
            self.w.slack.kicks("desk", from_="support-operations")
            self.acts += [self.channel_shuts] * 4

    def restarts(self) -> None:
        """The desk is stopped and started again."""
        self.w.restart()

    def time_passes(self) -> None:
        """Minutes, mostly; sometimes hours. What was promised before is held against what came of it."""
        before = {case.id: case for case in cases(self.w) if case.state == IncidentState.WAITING}
        self.w.advance(minutes=self.random.choice((1, 4, 5, 7, 11, 11, 20, 31, 200)))
        for old in before.values():
            case = next(one for one in cases(self.w) if one.id == old.id)
            if old.due_at is not None and old.due_at <= self.w.clock.now():
                hold(f"{case.id}: paged", case.page and case.page.at, old.due_at)

    # --------------------------------------------------------------------------------------------- by whom

    def _person(self) -> SandboxPerson:
        return self.w.slack.person(self.random.choice(PEOPLE))

    def _root(self) -> Shown:
        roots = [one for one in self.w.maria.sees(CHANNEL) if one.user in PEOPLE]
        return self.random.choice(roots) if roots else next(iter(()))

    def _message(self) -> Shown:
        roots = [one for one in self.w.maria.sees(CHANNEL) if not one.ephemeral]
        shown = [one for root in roots for one in self.w.maria.sees_thread(root) if one.user == "desk" and one.buttons]
        return self.random.choice(shown) if shown else next(iter(()))


def _closes(who: SandboxPerson) -> None:
    """Close what was opened and is not sent, or was refused."""
    if who.modal is not None:
        who.closes(everything=True)


# ------------------------------------------------------------------------------------------------ what is held


def cases(w: World) -> list[IncidentCase]:
    """All incidents, in whatever state."""
    return list(w.desk.engine.cases.in_states("incident", list(IncidentState), 1000))


def hold_all(w: World) -> None:
    """Card, App Home, timers, database and vendors agree."""
    for case in cases(w):
        _hold_timers(w, case)
        _hold_page(w, case)
        _hold_issue(w, case)
        card = shown(w, case, outputs.CARD)
        if card is not None:
            hold_card(w, case, card)
        for slot in case.messages:
            _hold_notice(w, case, slot)
    _hold_home(w)


def _hold_notice(w: World, case: IncidentCase, slot: str) -> None:
    """A ping, in the thread or by DM, says when somebody is paged, or was."""
    text = shown(w, case, slot)
    if text is None:
        return
    is_round = slot.startswith(outputs.BEFORE_PAGE) and slot.endswith(f".{case.round}")
    if is_round and case.state == IncidentState.WAITING and case.due_at is not None:
        hold(f"{slot} of {case.id}", read(text, THEN), {promise("then", case.due_at)})
    is_of_page = case.page is not None and slot.startswith(f"{outputs.of_page(outputs.PAGE_PING, case)}:")
    if is_of_page and case.state == IncidentState.PAGED and case.page is not None and case.page.is_out:
        hold(f"{slot} of {case.id}", read(text, THEN), {promise("page", case.page.out_at or case.page.at)})


def shown(w: World, case: IncidentCase, slot: str) -> str | None:
    """What a message of the case says, wherever it stands; None where it stands nowhere, or that place is shut."""
    ref = case.messages.get(slot)
    workspace = w.sandbox.app.workspace
    if ref is None or (_is_shut(w) and not ref.place.startswith("@")):
        return None
    message = workspace.find_message(workspace.channels[ref.channel], ref.ts)
    return text_of(message.blocks) if message is not None else None


def hold_card(w: World, case: IncidentCase, card: str) -> None:
    """Times, owner and state on the card are those of the database and of the timers."""
    shown, now = read(card, SENTENCES), w.clock.now()
    hold(f"the card of {case.id}, of what is to come,", _to_come(shown), _planned(case, _timers(w, case)))
    done = {one for one in shown if one.what in {"paged", "acknowledged", "responded"}}
    hold(f"the card of {case.id}, of what was done,", done, _done(case))
    assert all(one.at <= now for one in done)
    owner = f"On it: <@{case.owner}>" if case.owner else None
    if case.level:
        hold(f"the owner on the card of {case.id}", "On it:" in card, owner is not None)
        assert owner is None or owner in card


def _to_come(read: set[Promise]) -> set[Promise]:
    return {one for one in read if one.what in {"due", "held"}}


def _planned(case: IncidentCase, waiting: dict[str, datetime]) -> set[Promise]:
    """What has to be promised, by the timers."""
    plan = {promise("due", waiting["due"])} if "due" in waiting and case.state == IncidentState.WAITING else set()
    left = {at for name, at in waiting.items() if name.startswith("step:")}
    return plan | ({promise("held", at) for at in left} if case.state == IncidentState.HELD else set())


def _done(case: IncidentCase) -> set[Promise]:
    page, done = case.page, set()
    if case.state == IncidentState.ANSWERED and case.response is not None:
        done.add(promise("responded", case.response.at))
    if page is None or case.state not in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
        return done
    is_by_hand = page.by_hand is not None and page.id is None
    if page.progress is Progress.DONE and not is_by_hand:
        done.add(promise("paged", page.out_at or page.at))
    if case.state == IncidentState.ACKNOWLEDGED:
        done.add(promise("acknowledged", page.changed_at))
    return done


def _timers(w: World, case: IncidentCase) -> dict[str, datetime]:
    with w.desk.database.read_only() as connection:
        return {row.name: row.due_at for row in timers.waiting_timers(connection, case.id)}


def _hold_timers(w: World, case: IncidentCase) -> None:
    """While it waits there is a timer that pages; while it is paged one that calls; over, there is none."""
    waiting = _timers(w, case)
    hold(f"the end of the wait of {case.id}", "due" in waiting, case.state == IncidentState.WAITING)
    if case.state == IncidentState.WAITING:
        hold(f"the timer of {case.id}", waiting["due"], case.due_at)
    is_called = case.state == IncidentState.PAGED and case.page is not None and not case.page.is_escalated
    is_asked = case.page is not None and case.page.ping_asked
    hold(f"the next call for {case.id}", outputs.PING_TIME in waiting or is_asked, is_called or is_asked)
    hold(f"the daily question about {case.id}", outputs.STILL_TIME in waiting, case.state in outputs.TAKEN)
    if case.state not in OPEN:
        hold(f"the timers of {case.id}", set(waiting) - {channels.TIMER}, set())


def _hold_page(w: World, case: IncidentCase) -> None:
    """PagerDuty has what the desk says it has; each opening has one page at most."""
    own = [one for one in w.pagerduty.incidents if one["incident_key"].startswith(f"desk-{case.id}-")]
    hold(f"the pages of {case.id}", len({one["incident_key"] for one in own}), len(own))
    page = case.page
    if page is None or w.pagerduty.faults or page.sync_error or page.progress is Progress.PENDING:
        return
    there = next((one["status"] for one in own if one["incident_key"] == page.key), None)
    if page.progress is Progress.DONE:
        wanted = {
            IncidentState.PAGED: "triggered",
            IncidentState.ACKNOWLEDGED: "acknowledged",
            IncidentState.RESOLVED: "resolved",
        }
        hold(f"PagerDuty's page of {case.id}", there, wanted.get(IncidentState(case.state), there))


def _hold_issue(w: World, case: IncidentCase) -> None:
    """One issue each, open as long as the incident is."""
    own = [one for one in w.gitlab.issues[w.policy.incident.issue.project] if f"Incident {case.id}:" in one["title"]]
    if case.issue is None:
        return
    hold(f"the issues of {case.id}", [one["iid"] for one in own], [case.issue.number])
    hold(f"the issue of {case.id}", own[0]["state"], "opened" if case.state in OPEN else "closed")


def _hold_home(w: World) -> None:
    """The App Home counts what is open, and promises the same times."""
    reader = w.slack.person("adam")
    reader.opens_home()
    w.slack.settle()
    home = reader.home
    text = text_of(home.raw["blocks"]) if home else ""
    open_ones = [one for one in cases(w) if one.state in OPEN and one.state != IncidentState.QUESTION]
    if open_ones:
        assert f"*Open incidents: {len(open_ones)}*" in text, "the App Home counts other incidents"
    for case in open_ones[:10]:
        line = next((part for part in text.split("• ") if part.startswith(f"*{case.id}*")), "")
        if line:
            hold(f"the App Home on {case.id}", _to_come(read(line, SENTENCES)), _planned(case, _timers(w, case)))


def _is_shut(w: World) -> bool:
    channel = w.sandbox.app.workspace.channel_named("support-operations")
    return channel is not None and w.sandbox.app.workspace.person("desk").id not in channel.members
