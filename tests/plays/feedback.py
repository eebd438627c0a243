"""Random plays of feedback, and what is held after each step: cards, DMs, timers, the ticket and the tracker."""

from collections.abc import Callable, MutableSequence
from datetime import datetime

from sandbox.driver.people import SandboxPerson
from sandbox.vendors.base import VendorFault
from tests.plays.promises import Promise, hold, promise, read
from tests.plays.story import Story, closes
from tests.scenarios import feedback
from tests.scenarios.feedback import PROJECT
from workflows.contract import channels
from workflows.contract.values import Progress
from workflows.feedback import outputs
from workflows.feedback.model import KIND, FeedbackCase, FeedbackState

SENTENCES = {
    "reminder": r"Waits for the product team\. Reminder DATE",
    "reminded": r"who were reminded DATE",
    "acknowledged": r"Acknowledged by <@\w+> DATE",
    "told": r"The customer was told DATE",
}
"""What the product card promises, and says that was done."""
OWN = {
    "remind": r"I remind you DATE",
    "reminded": r"I reminded you DATE",
    "acknowledged": r"Acknowledged by <@\w+> DATE",
    "told": r"You told the customer DATE",
    "call": r"I call the next one DATE",
    "taken": r"has taken it DATE",
}
"""What the submitter's own message does."""
CALLS = {"call": r"I call the next one DATE", "taken": r"Taken by <@\w+> DATE"}

KINDS = ("Product feedback", "Product feedback", "Product feedback", "Bug", "Venting", "Feature proposal")
PRODUCT = "product"


class FeedbackStory(Story):
    """A story of feedback, from the form to its end."""

    people = ("alice", "alice", "adam", "pia", "maria", "marco")
    channels = ("#product", "#product-runner")

    def acts(self) -> list[Callable[[], None]]:
        """What may happen."""
        return [
            self.sends, self.sends, self.presses, self.presses, self.presses, self.presses, self.moves, self.deletes,
            self.calls, self.told, self.told, self.zendesk_breaks, self.tracker_breaks, self.channel_shuts,
            self.restarts, *(5 * [self.time_passes]),
        ]  # fmt: skip

    def begins(self) -> None:
        """Somebody sends feedback."""
        self.sends()

    # ------------------------------------------------------------------------------------------ what happens

    def sends(self) -> None:
        """Somebody fills in the form, and sends it or not."""
        who = self.w.slack.person(self.random.choice(("alice", "adam")))
        kind, ticket = self.random.choice(KINDS), self.random.choice(("123456", "123457", "123458", "123460"))
        more = {"kind": kind}
        if self.random.random() < 0.3:
            more["feature"] = "pipeline schedules"
        if self.random.random() < 0.4:
            more["area"] = self.random.choice([area.label for area in self.w.policy.feedback.areas.values()])
        try:
            feedback.types(self.w, who, f"It is slow {self.random.random()}", ticket, **more)
            if kind == "Bug" and who.modal is not None and "Issue" in who.modal.labels:
                who.fills({"Issue": "Open a new issue"})
            if self.random.random() < 0.9:
                who.submits()
                self.w.settle()
        finally:
            closes(who)

    def moves(self) -> None:
        """The product team passes it on to another area."""
        who = self._on_a_card("pia", "Not ours")
        areas = [area.label for area in self.w.policy.feedback.areas.values()]
        who.fills({(who.modal.labels if who.modal else [""])[0]: self.random.choice(areas)})
        who.submits()
        closes(who)

    def calls(self) -> None:
        """Somebody calls a manager."""
        self._on_a_card("alice", self.random.choice(("CC a manager", "I feel threatened or harassed")))

    def told(self) -> None:
        """The submitter has told the customer."""
        self._on_a_card(self.random.choice(("alice", "adam")), "Told the customer")

    def deletes(self) -> None:
        """An admin deletes a message of the desk's."""
        found = [one for one in self.messages(self.w.maria) if one.channel_name.startswith(PRODUCT)]
        self.w.maria.deletes(self.one_of(found), as_admin=True)

    def zendesk_breaks(self) -> None:
        """The ticket system answers nothing any more, or again."""
        _breaks(self.w.zendesk.faults)

    def tracker_breaks(self) -> None:
        """The tracker answers nothing any more, or again."""
        _breaks(self.w.gitlab.faults)

    def channel_shuts(self) -> None:
        """The desk is thrown out of the product channel now and then, and invited back before long."""
        workspace = self.w.sandbox.app.workspace
        if workspace.person("desk").id not in workspace.place(PRODUCT).members:
            self.w.slack.invites("desk", to=PRODUCT)
        elif self.random.randrange(3) == 0:
            self.w.slack.kicks("desk", from_=PRODUCT)

    def time_passes(self) -> None:
        """Minutes, hours, days; what was promised before is held against what came of it."""
        before = {case.id: (case, self.waiting(case.id)) for case in self.cases()}
        self.w.advance(minutes=self.random.choice((5, 16, 16, 61, 300, 1440, 1440, 5760)))
        for case in self.cases():
            self._hold_kept(*before[case.id], case)

    def _on_a_card(self, name: str, label: str) -> SandboxPerson:
        who = self.w.slack.person(name)
        who.clicks(label, on=self.one_of([one for one in self.messages(who) if label in one.buttons]))
        return who

    # ------------------------------------------------------------------------------------------ what is held

    def cases(self) -> list[FeedbackCase]:
        """All feedback, in whatever state."""
        return list(self.w.desk.engine.cases.in_states(KIND, list(FeedbackState), None))

    def holds(self) -> None:
        """Cards, private messages, timers, database, ticket and tracker agree."""
        for case in self.cases():
            waiting = self.waiting(case.id)
            hold_timers(case, waiting)
            for slot, ref in case.messages.items():
                text = self.shown(ref.channel, ref.ts)
                if text is not None:
                    hold_message(case, slot, text, waiting)
            self._hold_vendors(case)

    def _hold_kept(self, before: FeedbackCase, waiting: dict[str, datetime], after: FeedbackCase) -> None:
        """Who was to be reminded was, unless it was done, or nobody can be told where."""
        now = self.w.clock.now()
        if after.state != FeedbackState.OPEN or before.state != FeedbackState.OPEN:
            return
        if (told := waiting.get(outputs.TELL_CUSTOMER)) is not None and told <= now:
            hold(f"the submitter's reminder of {after.id}", outputs.TELL_CUSTOMER_REMINDER in after.messages, True)
        acknowledge = waiting.get(outputs.ACKNOWLEDGE)
        if acknowledge is not None and acknowledge <= now and after.channel_trouble is None:
            hold(f"the product team's reminder of {after.id}", outputs.ACKNOWLEDGE_REMINDER in after.messages, True)

    def _hold_vendors(self, case: FeedbackCase) -> None:
        """What is said to be done in the ticket and in the tracker is done there."""
        if case.ticket is None:
            return
        ticket = self.w.zendesk.tickets[case.ticket.number]
        if case.tag.progress is Progress.DONE:
            hold(f"the tag of {case.id}", self.w.policy.feedback.tag in ticket["tags"], True)
        if case.copied.progress is Progress.DONE and case.call and case.call.taken:
            email = f"{self.w.sandbox.app.workspace.users[case.call.taken.by].name}@example.com"
            hold(f"the CC of {case.id}", email in ticket.get("email_ccs", ()), True)
        if case.issue is not None and case.issue_job.progress is Progress.DONE and case.issue.project == PROJECT:
            numbers = [issue["iid"] for issue in self.w.gitlab.issues[PROJECT]]
            hold(f"the issue of {case.id}", case.issue.number in numbers, True)


def _breaks(faults: MutableSequence[VendorFault]) -> None:
    if faults:
        faults.clear()
    else:
        faults.append(VendorFault(times=10_000, status=503))


def hold_timers(case: FeedbackCase, waiting: dict[str, datetime]) -> None:
    """While it is open whoever is to be reminded has a timer; closed or forgotten, nobody has."""
    is_open = case.state == FeedbackState.OPEN
    by_case = (
        (outputs.ACKNOWLEDGE, case.acknowledge_by, case.acknowledged is None and case.has_card),
        (outputs.TELL_CUSTOMER, case.tell_customer_by, case.customer_told is None),
    )
    for name, at, is_left in by_case:
        wanted = at if is_open and is_left and name not in case.reminded_at else None
        if not (name == outputs.ACKNOWLEDGE and case.channel_trouble):
            hold(f"the timer {name} of {case.id}", waiting.get(name), wanted)
    calls = case.call.next_at if case.call and case.call.taken is None else None
    hold(f"the next call of {case.id}", waiting.get(outputs.CALL), calls)
    hold(f"the draft of {case.id}", outputs.DRAFT_EXPIRES in waiting, case.state == FeedbackState.DRAFT)
    known = {outputs.ACKNOWLEDGE, outputs.TELL_CUSTOMER, outputs.CALL, outputs.DRAFT_EXPIRES, channels.TIMER}
    assert set(waiting) <= known


def hold_message(case: FeedbackCase, slot: str, text: str, waiting: dict[str, datetime]) -> None:
    """A card, the submitter's message or a call shows what is so."""
    where, name = f"{slot} of {case.id}", slot.partition(":")[0]
    if name == outputs.CARD:
        hold(where, read(text, SENTENCES), _on_card(case, waiting))
    elif name == outputs.CONFIRMATION:
        hold(where, read(text, OWN), _own(case, waiting))
    elif name == outputs.CALL:
        hold(where, read(text, CALLS), _call(case, waiting))


def _on_card(case: FeedbackCase, waiting: dict[str, datetime]) -> set[Promise]:
    told = {promise("told", case.customer_told.at)} if case.customer_told else set()
    if case.acknowledged:
        return told | {promise("acknowledged", case.acknowledged.at)}
    if outputs.ACKNOWLEDGE in waiting:
        return told | {promise("reminder", waiting[outputs.ACKNOWLEDGE])}
    reminded = case.reminded_at.get(outputs.ACKNOWLEDGE)
    return told | ({promise("reminded", reminded)} if reminded else set())


def _own(case: FeedbackCase, waiting: dict[str, datetime]) -> set[Promise]:
    so = {promise("acknowledged", case.acknowledged.at)} if case.acknowledged else set()
    if case.customer_told:
        so.add(promise("told", case.customer_told.at))
    elif outputs.TELL_CUSTOMER in waiting:
        so.add(promise("remind", waiting[outputs.TELL_CUSTOMER]))
    elif outputs.TELL_CUSTOMER in case.reminded_at:
        so.add(promise("reminded", case.reminded_at[outputs.TELL_CUSTOMER]))
    return so | _call(case, waiting)


def _call(case: FeedbackCase, waiting: dict[str, datetime]) -> set[Promise]:
    if case.call is not None and case.call.taken is not None:
        return {promise("taken", case.call.taken.at)}
    return {promise("call", waiting[outputs.CALL])} if outputs.CALL in waiting else set()
