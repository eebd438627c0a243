"""Random plays of manager contact, and what is held after each step: cards, DMs, App Home, timers and the tracker."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.vendors.base import VendorFault
from tests.plays.promises import Promise, hold, promise, read, text_of
from tests.plays.story import Story, closes
from tests.scenarios import contact
from tests.scenarios.contact import CHANNEL, PROJECT
from workflows.contact.model import CARD, KIND, QUESTION, REMINDERS, UNANSWERED, UNCLAIMED, ContactCase, ContactState
from workflows.contract import channels
from workflows.contract.values import Progress

SENTENCES = {
    "due": r"(?:\*Due:\*|Overdue:\* it was due) DATE",
    "asks": r"else I ask here DATE",
    "reminder": r"Next reminder DATE",
    "snoozed": r"Reminders are snoozed until DATE",
    "claimed": r"\*Claimed by\* <@\w+> DATE",
    "contacted": r"\*Contacted by\* <@\w+> DATE",
    "cancelled": r"\*Cancelled by\* <@\w+> DATE",
}
"""What a card, a private message and the App Home promise, and say that was done."""
OPENING = {"due": r"Contact is due DATE"}
ASKED = {"unanswered": r"I open a request without it DATE"}

TEXTS = (
    "Ticket 123456: contact requested",
    "The customer of ticket 123457 wants a call from a manager",
    "The customer of ACME wants to be contacted",
    "Ticket 123460 was escalated",
    "Ticket 123461. Contact requested: no",
    "Good morning",
)
REPLIES = ("It's 123457", "#123461", "123456 or 123457", "Thanks")
LABEL = "SSAT::Contact"


class ContactStory(Story):
    """A story of requests, whoever makes them and whatever becomes of them."""

    people = ("alice", "adam", "maria", "maria", "marco", "omar")
    channels = (CHANNEL,)

    def acts(self) -> list[Callable[[], None]]:
        """What may happen."""
        return [
            self.asks, self.says, self.says, self.edits, self.replies, self.replies, self.rates, self.labels,
            self.presses, self.presses, self.presses, self.presses, self.claims, self.snoozes, self.snoozes,
            self.contacts, self.reassigns, self.cancels, self.deletes, self.tracker_breaks, self.channel_shuts,
            self.restarts, *(6 * [self.time_passes]),
        ]  # fmt: skip

    def begins(self) -> None:
        """Somebody asks."""
        self.random.choice((self.asks, self.says, self.rates))()

    # ------------------------------------------------------------------------------------------ what happens

    def asks(self) -> None:
        """Somebody asks by the command."""
        ticket = self.random.choice((123456, 123457, 123460, 999999))
        self.somebody().runs(f"/manager-contact {ticket} Nobody answered", in_="#support")

    def says(self) -> None:
        """Somebody writes in the channel."""
        self.somebody().says(self.random.choice(TEXTS), CHANNEL)

    def edits(self) -> None:
        """Somebody edits their message."""
        root = self.one_of(self.roots())
        self.w.slack.person(root.user).edits(root, self.random.choice(TEXTS))

    def replies(self) -> None:
        """Somebody answers in a thread."""
        root = self.one_of([one for one in self.w.maria.sees(CHANNEL) if not one.ephemeral])
        self.somebody().says(self.random.choice(REPLIES), CHANNEL, thread=root)

    def rates(self) -> None:
        """A customer rates a ticket, and says whether they want contact."""
        ticket, score = self.random.choice((123456, 123460)), self.random.choice(("bad", "bad", "good"))
        self.w.zendesk.rate(ticket, score, "Too slow", contact=self.random.choice((True, True, False)))

    def labels(self) -> None:
        """Somebody puts the label on a feedback issue, or takes it off."""
        issues = self.w.gitlab.issues[PROJECT]
        issue = self.random.choice(issues)
        does = self.w.gitlab.unlabel if LABEL in issue["labels"] else self.w.gitlab.label
        does(PROJECT, issue["iid"], LABEL)

    def claims(self) -> None:
        """A manager claims what nobody has yet."""
        self._on_a_card(self.random.choice(("maria", "marco")), "Claim")

    def snoozes(self) -> None:
        """Somebody snoozes the next reminder."""
        self._on_a_card(self.random.choice(("maria", "marco")), "Snooze reminder")

    def contacts(self) -> None:
        """A manager contacts the customer."""
        who = self._on_a_card("maria", "Contacted")
        if self.random.random() < 0.4:
            who.fills({contact.HOW: "Reply on the ticket"})
            who.fills({contact.BRIEFED: self.random.choice(("alice", "adam"))})
        who.fills({contact.SENT: "Dear customer"})
        who.submits()
        closes(who)

    def reassigns(self) -> None:
        """A manager hands it on: to somebody, or to whoever is on duty."""
        who = self._on_a_card("maria", "Reassign")
        if self.random.random() < 0.6:
            fields = who.modal.labels if who.modal else []
            who.fills({fields[0]: "This person", "Person": self.random.choice(("marco", "maria", "alice"))})
        who.submits()
        closes(who)

    def cancels(self) -> None:
        """A manager cancels it."""
        who = self._on_a_card("maria", "Cancel")
        who.fills({"Why shall nobody contact the customer?": "Withdrawn"})
        who.submits()
        closes(who)

    def deletes(self) -> None:
        """Somebody deletes their message, or an admin one of the desk's."""
        if self.random.random() < 0.5:
            root = self.one_of(self.roots())
            self.w.slack.person(root.user).deletes(root)
        else:
            self.w.maria.deletes(
                self.one_of([one for one in self.messages(self.w.maria) if one.channel_name == CHANNEL[1:]]),
                as_admin=True,
            )

    def tracker_breaks(self) -> None:
        """The tracker answers nothing any more, or again."""
        if self.w.gitlab.faults:
            self.w.gitlab.faults.clear()
        else:
            self.w.gitlab.faults.append(VendorFault(times=10_000, status=503))

    def channel_shuts(self) -> None:
        """The desk is thrown out of the channel now and then, and invited back before long."""
        if self._is_shut():
            self.w.slack.invites("desk", to=CHANNEL[1:])
        elif self.random.randrange(3) == 0:
            self.w.slack.kicks("desk", from_=CHANNEL[1:])

    def time_passes(self) -> None:
        """Minutes, hours, days; what was promised before is held against what came of it."""
        before = {case.id: case for case in self.cases()}
        start = self.w.clock.now()
        self.w.advance(minutes=self.random.choice((5, 20, 61, 61, 180, 540, 1440, 2880)))
        for case in self.cases():
            self._hold_kept(before[case.id], case, start)

    def _on_a_card(self, name: str, label: str) -> Any:
        who = self.w.slack.person(name)
        who.clicks(label, on=self.one_of([one for one in self.messages(who) if label in one.buttons]))
        return who

    def _is_shut(self) -> bool:
        workspace = self.w.sandbox.app.workspace
        return workspace.person("desk").id not in workspace.place(CHANNEL[1:]).members

    # ------------------------------------------------------------------------------------------ what is held

    def cases(self) -> list[ContactCase]:
        """All requests, in whatever state."""
        return list(self.w.desk.engine.cases.in_states(KIND, list(ContactState), None))

    def holds(self) -> None:
        """Cards, private messages, App Home, timers, database and tracker agree."""
        for case in self.cases():
            waiting = self.waiting(case.id)
            hold_timers(case, waiting)
            for slot, ref in case.messages.items():
                text = self.shown(ref.channel, ref.ts)
                if text is not None:
                    hold_message(case, slot, text, waiting)
            self._hold_issue(case)
        if len(self.done) % 5 == 0:
            self._hold_home()

    def _hold_kept(self, before: ContactCase, after: ContactCase, start: datetime) -> None:
        """A reminder that was promised came to who had it; nobody's request was forgotten."""
        promised, now = before.next_reminder, self.w.clock.now()
        if promised is None or not start < promised <= now or after.assignee != before.assignee or after.is_over:
            return
        if before.assignee is not None and before.assignee not in after.unreachable:
            came = [notice for slot, notice in after.notices.items() if slot not in before.notices]
            hold(f"a reminder of {after.id} that was promised", any(one.to == before.assignee for one in came), True)

    def _hold_issue(self, case: ContactCase) -> None:
        """One feedback issue of a ticket that the desk opened; what is said to be written there is there."""
        if case.contacted is None or case.issue is None or case.issue_job.progress is not Progress.DONE:
            return
        issue = self.w.gitlab.issue(PROJECT, case.issue.number)
        notes = [note["body"] for note in self.w.gitlab.notes[issue["id"]] if case.id in note["body"]]
        hold(f"the comments of {case.id}", len(notes), len(case.comments))
        own = [one for one in self.w.gitlab.issues[PROJECT] if one["title"] == issue["title"]]
        hold(
            f"the issues called {issue['title']}", len([one for one in own if "desk:" in one["description"]]) <= 1, True
        )

    def _hold_home(self) -> None:
        """The App Home of a manager promises the same."""
        self.w.maria.opens_home()
        self.w.slack.settle()
        home = self.w.maria.home
        text = text_of(home.raw["blocks"]) if home else ""
        for case in self.cases():
            for part in text.split("*Manager contact · ")[1:]:
                if part.startswith(f"{case.id} ") and case.is_waiting:
                    shown = {one for one in read(part, SENTENCES) if one.what != "claimed"}
                    plan = {one for one in planned(case, self.waiting(case.id)) if one.what != "claimed"}
                    hold(f"the App Home on {case.id}", shown, plan)


def hold_timers(case: ContactCase, waiting: dict[str, datetime]) -> None:
    """While it waits something is going to happen; over, nothing is; and the case knows its timers."""
    hold(f"the timers of {case.id} as it knows them", case.timers, waiting)
    if case.is_waiting and case.overdue_since is None:
        hold(f"the end of {case.id}", waiting.get("due"), case.due_at)
    if case.is_waiting and case.overdue_since is not None:
        hold(f"the next reminder of {case.id}, overdue", "overdue" in waiting, True)
    if case.is_over:
        hold(f"the timers of {case.id}, over", set(waiting) - {channels.TIMER}, set())


def hold_message(case: ContactCase, slot: str, text: str, waiting: dict[str, datetime]) -> None:
    """A card, a private message or what is asked in a thread shows what is so."""
    where = f"{slot} of {case.id}"
    if slot == QUESTION:
        so = {promise("unanswered", waiting[UNANSWERED])} if UNANSWERED in waiting else set()
        hold(where, read(text, ASKED), so)
    elif slot == CARD or slot in case.notices:
        hold(where, read(text, SENTENCES), planned(case, waiting))
        hold(f"the owner on {where}", f"<@{case.owner}>" in text if case.owner and not case.is_over else True, True)
        due = {promise("due", case.due_at)} if case.due_at else set()
        assert read(text, OPENING) <= due, f"{where} opens with another due time"


def planned(case: ContactCase, waiting: dict[str, datetime]) -> set[Promise]:
    """What has to be shown, by the timers and the database."""
    plan: set[Promise] = set()
    if case.contacted is not None:
        return {promise("contacted", case.contacted.at)}
    if case.cancelled is not None:
        return {promise("cancelled", case.cancelled.at)}
    if not case.is_waiting or case.due_at is None:
        return plan
    plan.add(promise("due", case.due_at))
    reminders = [at for name, at in waiting.items() if name.partition(":")[0] in REMINDERS]
    if case.claimed is not None:
        plan.add(promise("claimed", case.claimed.at))
    if (case.claimed is not None or case.overdue_since is not None) and reminders:
        plan.add(promise("reminder", min(reminders)))
    elif case.claimed is None and case.overdue_since is None and UNCLAIMED in waiting:
        plan.add(promise("asks", waiting[UNCLAIMED]))
    if case.snoozed_until is not None:
        plan.add(promise("snoozed", case.snoozed_until))
    return plan
