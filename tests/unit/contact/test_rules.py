"""What has to happen to a request, event by event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handlers.contact.cards import facts, warnings
from tests.tickets import ticket
from tests.unit.contact.plays import (
    FRIDAY,
    MANAGERS,
    MARCO,
    MARIA,
    MONDAY,
    NOBODY,
    ON_DUTY,
    POLICY,
    REQUEST,
    Play,
    changed,
)
from workflows.contact import events, model
from workflows.contact.events import ContactRequested
from workflows.contact.model import ContactState, Source
from workflows.contact.rules import wanted
from workflows.contract.effects import Effect
from workflows.contract.events import (
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
    TimerDue,
)
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, FindTitledIssue, LabelIssue, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.message_effects import Say, ShowCard, dm
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.slack_port import Person, Posted
from workflows.contract.ticket_effects import ReadTicket
from workflows.contract.ticket_ports import Ticket
from workflows.contract.values import IssueLink, Progress
from workflows.policy.contact import Way
from workflows.policy.model import Policy
from workflows.policy.review import Tone

ISSUE = Issue("gitlab-com/support/feedback", 7, "Negative feedback for ticket 123456", "https://gitlab.example/7")
SENT = events.Contacted("U0MARIA", Way.EMAIL, "Dear customer")


# ------------------------------------------------------------------------------------------ it arrives


def test_a_request_asks_at_once_who_is_on_duty() -> None:
    """And sets its clock: reminders, the mention of an unclaimed one, the due time."""
    play = Play(now=FRIDAY)
    play.happens(REQUEST)
    assert play.case.state == ContactState.OPEN
    assert [effect for effect in play.effects if isinstance(effect, AskWhoIsOnDuty)]
    assert set(play.timers) == {"remind:50", "remind:80", "remind:95", "unclaimed", "due"}
    assert play.timers["due"] == datetime(2026, 11, 24, 17, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "form", "asks", "contradicts"),
    [
        (True, True, True, False),
        (True, None, True, False),
        (None, True, True, False),
        (None, None, True, False),
        (True, False, True, True),
        (False, True, True, True),
        (False, False, False, False),
        (False, None, False, False),
        (None, False, False, False),
    ],
)
def test_label_or_form_is_enough_and_a_contradiction_is_flagged(
    label: bool | None,  # noqa: FBT001 - a table
    form: bool | None,  # noqa: FBT001 - a table
    asks: bool,  # noqa: FBT001 - a table
    contradicts: bool,  # noqa: FBT001 - a table
) -> None:
    """One yes is a request; where the other says no, somebody is told to check."""
    play = Play()
    play.happens(ContactRequested(Source.TICKETS, "tickets", ticket(5), label_says=label, field_says=form))
    assert (play.refusal is None) is asks
    assert play.case.contradicts is contradicts
    assert any("disagree" in note for note in play.notes) is contradicts


def test_the_clock_starts_when_the_customer_asked() -> None:
    """A webhook that comes two hours late does not give two hours more; one from the future gives none."""
    early = ContactRequested(
        Source.TICKETS, "tickets", ticket(5), field_says=True, asked_at=MONDAY - timedelta(hours=2)
    )
    late = ContactRequested(Source.TICKETS, "tickets", ticket(5), field_says=True, asked_at=MONDAY + timedelta(hours=2))
    assert Play().asked(early).case.due_at == MONDAY + timedelta(hours=46)
    assert Play().asked(late).case.due_at == MONDAY + timedelta(hours=48)


def test_a_second_way_adds_its_source_and_what_it_knows() -> None:
    """One case: the words of both, the issue of the second, the due time of the first."""
    play = Play().asked()
    due = play.case.due_at
    play.passes(minutes=30)
    play.forget()
    link = IssueLink.of(ISSUE)
    play.happens(ContactRequested(Source.TRACKER, "tracker", ticket(123456), "So slow", label_says=True, issue=link))
    assert [origin.source for origin in play.case.origins] == [Source.COMMAND, Source.TRACKER]
    assert list(model.words(play.case)) == ["Nobody answered for a week.", "So slow"]
    assert (play.case.issue, play.case.due_at) == (link, due)
    assert [card.slot for card in play.cards()] == ["card", "assigned:1:U0MARIA"]


def test_only_an_open_request_stands_in_the_way_of_a_second() -> None:
    """Contacted once, a ticket may ask again."""
    play = Play().asked()
    assert play.case.open_key == "contact:main/123456"
    play.happens(SENT)
    assert play.case.open_key is None
    assert Play().asked(ContactRequested(Source.INTEGRATION, "bot", None)).case.open_key is None


# ------------------------------------------------------------------------------------------ whose it is


def test_the_owner_is_frozen_when_it_is_created() -> None:
    """Who is on duty later does not matter; only who it was then."""
    play = Play().asked()
    assert (play.case.owner, play.case.owner_zone) == ("U0MARIA", "Europe/Lisbon")
    play.answers_duty(Duty((MARCO,), DutySource.SCHEDULE))
    assert play.case.owner == "U0MARIA"


def test_the_owner_gets_the_words_privately() -> None:
    """One private message, with the request's buttons."""
    assert Play().asked().private("assigned") == ["U0MARIA"]


def test_a_stand_in_is_said_to_be_one() -> None:
    """The rota's or the fallback's answer carries why it is not the schedule's."""
    play = Play().asked(duty=Duty((MARCO,), DutySource.ROTA, "The on-call schedule could not be read."))
    assert play.case.owner == "U0MARCO"
    assert play.case.owner_trouble == "The on-call schedule could not be read."


def test_nobody_on_duty_mentions_the_fallback_group_and_tells_the_admins() -> None:
    """The card mentions the group when it is posted; nothing is skipped."""
    play = Play(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)})).asked(duty=NOBODY)
    assert play.case.owner is None
    assert play.case.fallback_group == MANAGERS.id
    assert [say.to.user for say in play.said("admin_notice")] == ["omar@example.com"]
    assert [card.slot for card in play.cards()] == ["card"]


def test_a_vendor_that_is_down_shows_the_card_at_once_and_rings_later() -> None:
    """While it is asked again nobody waits; when it is known, the thread mentions the owner."""
    play = Play()
    play.happens(REQUEST)
    ask = AskWhoIsOnDuty(purpose="owner")
    play.happens(EffectDelayed(ask, "Slack has trouble.", MONDAY + timedelta(hours=4)))
    play.posted("card")
    assert play.case.owner_lookup_pending
    play.answers_duty(ON_DUTY)
    assert [say.details["people"] for say in play.said("assigned_notice")] == [["U0MARIA"]]


def test_a_question_that_was_given_up_means_nobody() -> None:
    """The fallback is mentioned in the thread of the card that stands already."""
    play = Play()
    play.happens(REQUEST)
    ask = AskWhoIsOnDuty(purpose="owner")
    play.happens(EffectDelayed(ask, "Slack has trouble.", MONDAY))
    play.posted("card")
    play.happens(EffectFailed(ask, Failure.GAVE_UP, "Slack has trouble."))
    assert play.said("nobody_notice")


def test_who_claims_what_nobody_owns_owns_it() -> None:
    """From then on it has an owner, who is reminded."""
    play = Play().asked(duty=NOBODY)
    play.happens(events.Claimed("U0MARCO", "America/Los_Angeles"))
    assert (play.case.owner, play.case.assignee) == ("U0MARCO", "U0MARCO")


def test_claiming_leaves_the_owner_and_reassigning_changes_it() -> None:
    """Only an explicit reassignment makes another owner, who has to claim it."""
    play = Play().asked()
    play.happens(events.Claimed("U0MARCO", "America/Los_Angeles"))
    assert (play.case.owner, play.case.assignee) == ("U0MARIA", "U0MARCO")
    due = play.case.due_at
    play.happens(events.Reassigned("U0MARCO", Person("U0ALICE", "Alice")))
    assert (play.case.owner, play.case.assignee, play.case.state) == ("U0ALICE", "U0ALICE", ContactState.OPEN)
    assert play.case.due_at == due
    assert play.private("assigned") == ["U0MARIA", "U0ALICE"]


def test_reassigning_to_who_is_on_duty_asks_again() -> None:
    """And whoever that is gets it; nobody keeps it with its owner, and says so."""
    play = Play().asked()
    play.happens(events.ReassignedToDuty("U0MARCO"))
    play.answers_duty(Duty((MARCO,), DutySource.SCHEDULE), "reassign")
    assert play.case.owner == "U0MARCO"
    play.happens(events.ReassignedToDuty("U0MARCO"))
    play.answers_duty(NOBODY, "reassign")
    assert play.case.owner == "U0MARCO"
    assert play.said("nobody_notice")
    assert not play.case.owner_lookup_pending


def test_an_owner_who_cannot_be_written_to_is_escalated_at_once() -> None:
    """The card says so, a stand-in is asked, and told in thread and privately."""
    play = Play().asked()
    play.forget()
    dm_card = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    play.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "The account is deactivated.", "user_disabled"))
    assert play.case.unreachable == ("U0MARIA",)
    (ask,) = [effect for effect in play.effects if isinstance(effect, AskWhoIsOnDuty)]
    assert ask.skip == ("U0MARIA",)
    play.happens(EffectSucceeded(ask, Duty((MARCO,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS)))
    assert [say.details["people"] for say in play.said("unreachable_notice")] == [["U0MARCO"]]
    assert play.private("stand_in") == ["U0MARCO"]
    assert play.case.owner == "U0MARIA"


def test_reminders_of_who_cannot_be_written_to_go_to_the_thread() -> None:
    """Where the fallback group is mentioned with them."""
    play = Play(now=FRIDAY).asked()
    dm_card = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    play.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    play.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    play.forget()
    play.passes(days=4)
    assert play.private("reminder") == []
    assert len(play.said("reminder_notice")) == 2


# ------------------------------------------------------------------------------------------ reminders


def test_who_has_it_is_reminded_and_the_thread_rings_when_nobody_claims() -> None:
    """Friday 17:55: mentioned on Monday at ten, reminded on Tuesday at nine and at 15:31."""
    play = Play(now=FRIDAY).asked()
    play.passes_until(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert [say.details["people"] for say in play.said("unclaimed_notice")] == [["U0MARIA"]]
    play.passes_until(datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    percents = [notice.percent for notice in play.case.notices.values() if notice.kind == "reminder"]
    assert percents == [80, 95]


def test_claimed_in_time_the_thread_does_not_ring() -> None:
    """The mention is for what nobody has taken."""
    play = Play(now=FRIDAY).asked()
    play.happens(events.Claimed("U0MARIA"))
    play.passes(days=3)
    assert not play.said("unclaimed_notice")


def test_overdue_tells_owner_backup_and_lead_and_goes_on_reminding() -> None:
    """Then every four business hours, in working hours."""
    play = Play(policy=changed(POLICY, lead="omar@example.com"), now=MONDAY).asked()
    play.passes(hours=48)
    assert play.private("overdue") == ["U0MARIA"]
    assert play.private("lead") == ["omar@example.com"]
    play.answers_duty(Duty((MARCO,), DutySource.SCHEDULE), "backup")
    (say,) = play.said("overdue_notice")
    assert say.details["people"] == ["U0MARIA", "U0MARCO"]
    play.passes(hours=24)  # Wednesday 09:00 -> 13:00, 17:00 (after work: Thursday 09:00)
    assert len(play.private("overdue")) == 3


def test_the_lead_may_depend_on_the_owner() -> None:
    """By e-mail address or Slack id, else the one for everybody."""
    leads = {"Maria@example.com": "a@example.com", "U0123456789": "b@example.com"}
    policy = changed(POLICY, lead="c@example.com", leads=leads)
    assert _lead(policy, MARIA) == ["a@example.com"]
    assert _lead(policy, Person("U0123456789", "Bea")) == ["b@example.com"]
    assert _lead(policy, Person("U0ALICE", "Alice")) == ["c@example.com"]


def _lead(policy: Policy, owner: Person) -> list[str]:
    play = Play(policy=policy, now=MONDAY).asked(duty=Duty((owner,), DutySource.SCHEDULE))
    play.passes(hours=48)
    return play.private("lead")


def test_without_a_lead_the_admins_are_told() -> None:
    """A gap in the policy is said, never passed over."""
    play = Play(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)})).asked()
    play.passes(hours=48)
    assert "contact.lead" in play.said("admin_notice")[0].details["sentence"]


def test_a_desk_that_was_down_over_the_due_time_says_so_once() -> None:
    """One message to who has it, which says how late it is; the reminders it missed are left out."""
    play = Play(now=FRIDAY).asked()
    play.forget()
    play.is_down_until(datetime(2026, 11, 24, 19, 55, tzinfo=UTC))
    notices = [notice for notice in play.case.notices.values() if notice.kind != "assigned"]
    assert [(notice.kind, notice.to, notice.late_minutes) for notice in notices] == [("overdue", "U0MARIA", 120)]
    assert not play.said("unclaimed_notice")
    assert sum("left out" in note for note in play.notes) == 2


def test_a_desk_that_was_down_over_a_reminder_sends_the_newest_late() -> None:
    """Of two that were missed only the later one comes, and says how late it is."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.is_down_until(MONDAY + timedelta(hours=26))  # 50 % was at 09:00, two hours ago
    notices = [notice for notice in play.case.notices.values() if notice.kind == "reminder"]
    assert [(notice.percent, notice.late_minutes) for notice in notices] == [(50, 120)]


def test_back_after_work_it_waits_for_the_morning() -> None:
    """A late reminder wakes nobody either, unless it is the last one."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.is_down_until(MONDAY + timedelta(hours=34))  # Tuesday 19:00
    assert play.private("reminder") == []


def test_a_snooze_brings_the_reminder_back_in_two_hours() -> None:
    """And holds back what would have come meanwhile."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.passes(hours=23)
    play.happens(events.Snoozed("U0MARIA"))
    play.passes(hours=1, minutes=30)
    assert play.private("reminder") == []
    play.passes(minutes=30)
    assert play.private("snoozed") == ["U0MARIA"]
    assert play.case.snoozed_until is None


def test_a_snooze_beyond_the_due_time_holds_nothing_back() -> None:
    """The last reminder comes, and so does the escalation."""
    play = Play(now=MONDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.passes(hours=45)
    play.happens(events.Snoozed("U0MARIA"))
    play.passes(hours=1)
    play.happens(events.Snoozed("U0MARIA"))
    play.passes(hours=3)
    assert play.private("overdue") == ["U0MARIA"]


# ------------------------------------------------------------------------------------------ it is over


@pytest.mark.parametrize("end", [SENT, events.Cancelled("U0MARIA", "The customer withdrew it")])
def test_over_is_over(end: object) -> None:
    """The clock stops: no timer goes off any more, and nothing urgent leaves that was on its way."""
    play = Play(now=FRIDAY).asked()
    play.happens(end)
    assert play.timers == {}
    play.forget()
    for name in ("remind:80", "unclaimed", "due", "overdue", "snoozed"):
        play.happens(TimerDue(name, FRIDAY))
    assert play.effects == []


@pytest.mark.parametrize(
    ("event", "first"),
    [
        (lambda: events.Claimed("U0MARCO"), "U0MARIA"),
        (lambda: events.Contacted("U0MARCO", Way.CALL, "We spoke"), "U0MARIA"),
        (lambda: events.Cancelled("U0MARCO", "No"), "U0MARIA"),
        (lambda: events.Snoozed("U0MARCO"), "U0MARIA"),
        (lambda: events.Reassigned("U0MARCO", MARCO), "U0MARIA"),
        (lambda: events.ReassignedToDuty("U0MARCO"), "U0MARIA"),
        (lambda: REQUEST, "U0MARIA"),
    ],
)
def test_who_comes_second_is_told_by_name_and_time(event: Callable[[], object], first: str) -> None:
    """The customer was contacted: whatever else somebody tries, they hear who did it and when."""
    play = Play().asked()
    play.happens(SENT)
    before = play.case
    play.happens(event())
    assert play.refusal is not None
    assert f"<@{first}>" in play.refusal
    assert "<!date^" in play.refusal
    assert play.case == before


def test_two_claims_at_once_the_first_wins() -> None:
    """The second hears who has it, by name and time; the first hears that they have it."""
    play = Play().asked()
    play.happens(events.Claimed("U0MARIA"))
    play.happens(events.Claimed("U0MARCO"))
    assert play.refusal is not None
    assert play.refusal.startswith("<@U0MARIA> has MC-1 already, since <!date^")
    play.happens(events.Claimed("U0MARIA"))
    assert play.refusal.startswith("You have MC-1 already")


def test_what_was_on_its_way_is_not_wanted_any_more() -> None:
    """Reminders, mentions and questions are dropped; the card, news and messages that stand are not."""
    open_case = Play(now=FRIDAY).asked().case
    done = Play(now=FRIDAY).asked()
    done.happens(SENT)
    urgent: list[Effect] = [Say(what="overdue_notice", to=dm("U0MARIA")), AskWhoIsOnDuty(purpose="backup")]
    reminder = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    for effect in (*urgent, reminder):
        assert wanted(open_case, effect, POLICY)
        assert not wanted(done.case, effect, done.policy)
    stands = done.case.with_message("assigned:1:U0MARIA", done.case.messages["card"])
    kept: list[Effect] = [reminder, ShowCard(slot="card", to=dm("x")), Say(what="contacted_notice", to=dm("U0ALICE"))]
    assert all(wanted(stands, effect, POLICY) for effect in kept)
    done.happens(EffectDropped(reminder))
    assert "held back a message to <@U0MARIA>" in done.notes[-1]


def test_a_reminder_for_who_handed_it_on_is_not_wanted() -> None:
    """It is somebody else's now."""
    play = Play(now=MONDAY).asked()
    play.passes(hours=24)
    slot = next(slot for slot, notice in play.case.notices.items() if notice.kind == "reminder")
    play.happens(events.Reassigned("U0MARIA", MARCO))
    assert not wanted(play.case, ShowCard(slot=slot, to=dm("U0MARIA")), play.policy)
    assert not wanted(play.case, ShowCard(slot="nonsense:1:U0MARIA", to=dm("U0MARIA")), play.policy)


# ------------------------------------------------------------------------------------- the feedback issue


def issue_steps(play: Play) -> list[str]:
    """What the tracker was asked to do, in order."""
    steps = (FindTitledIssue, OpenIssue, CommentOnIssue, LabelIssue, CloseIssue)
    return [effect.type for effect in play.effects if isinstance(effect, steps)]


def answer_tracker(play: Play, **answers: object) -> None:
    """Let the tracker do what it is asked to, until nothing is left; by the step's type: its answer."""
    done = 0
    while done < len(issue_steps(play)):
        steps = [e for e in play.effects if e.type in _STEPS]
        play.happens(EffectSucceeded(steps[done], answers.get(steps[done].type)))  # type: ignore[arg-type]  # a table
        done += 1


_STEPS = {"find_titled_issue", "open_issue", "comment_on_issue", "label_issue", "close_issue"}


def test_the_issue_is_found_by_its_exact_title() -> None:
    """Then told, labelled and closed."""
    play = Play().asked()
    play.happens(SENT)
    answer_tracker(play, find_titled_issue=ISSUE)
    assert issue_steps(play) == ["find_titled_issue", "comment_on_issue", "label_issue", "close_issue"]
    find = next(effect for effect in play.effects if isinstance(effect, FindTitledIssue))
    assert find.title == "Negative feedback for ticket 123456"
    assert play.case.issue_job.progress is Progress.DONE


def test_an_issue_that_does_not_exist_is_opened() -> None:
    """When there is none of whatever tone: with its title and labels, and without what the customer said."""
    play = Play().asked()
    play.happens(SENT)
    answer_tracker(play, open_issue=ISSUE)
    assert issue_steps(play) == [
        *3 * ["find_titled_issue"],
        "open_issue",
        "comment_on_issue",
        "label_issue",
        "close_issue",
    ]
    opened = next(effect for effect in play.effects if isinstance(effect, OpenIssue))
    assert "Nobody answered" not in opened.description
    assert (opened.title, opened.labels) == (
        "Negative feedback for ticket 123456",
        ("satisfaction::bad", "SSAT::Contact"),
    )


def test_feedback_that_is_not_negative_is_flagged_and_not_called_so() -> None:
    """Contact is offered with negative feedback: the card says so, and the issue has its own title and labels."""
    play = Play().asked(ContactRequested(Source.TICKETS, "tickets", ticket(123456), field_says=True, tone=Tone.GOOD))
    assert "feedback is good, and contact is offered with negative feedback" in str(warnings(play.case))
    play.happens(SENT)
    answer_tracker(play, open_issue=ISSUE)
    opened = next(effect for effect in play.effects if isinstance(effect, OpenIssue))
    assert (opened.title, opened.labels) == (
        "Positive feedback for ticket 123456",
        ("satisfaction::good", "SSAT::Contact"),
    )


def test_an_issue_that_is_known_is_not_looked_for() -> None:
    """The tracker's webhook brought it."""
    play = Play().asked(
        ContactRequested(Source.TRACKER, "tracker", ticket(5), label_says=True, issue=IssueLink.of(ISSUE))
    )
    play.happens(SENT)
    answer_tracker(play)
    assert issue_steps(play) == ["comment_on_issue", "label_issue", "close_issue"]


def test_a_later_action_becomes_one_more_comment() -> None:
    """After the issue was closed; it is neither labelled nor closed again."""
    play = Play().asked()
    play.happens(SENT)
    answer_tracker(play, find_titled_issue=ISSUE)
    play.forget()
    play.happens(events.ActionNoted("U0MARIA", "They renew\n/close"))
    answer_tracker(play)
    assert issue_steps(play) == ["comment_on_issue"]
    assert play.case.comments_written == 2


def test_an_action_noted_while_the_issue_is_written_waits_its_turn() -> None:
    """One step is on its way at a time, so that comments keep their order."""
    play = Play().asked()
    play.happens(SENT)
    play.happens(events.ActionNoted("U0MARIA", "They renew"))
    assert issue_steps(play) == ["find_titled_issue"]
    answer_tracker(play, find_titled_issue=ISSUE)
    assert issue_steps(play).count("comment_on_issue") == 2


def test_a_tracker_that_fails_tells_who_contacted_the_customer_what_to_do() -> None:
    """Once; a retry goes on where it stopped."""
    play = Play().asked()
    play.happens(SENT)
    find = next(effect for effect in play.effects if isinstance(effect, FindTitledIssue))
    play.happens(EffectFailed(find, Failure.NOT_CONNECTED, "The issue tracker is not connected to the desk."))
    assert play.case.issue_job.progress is Progress.FAILED
    assert "ssat-manager-contacted-customer" in (play.case.issue_job.trouble or "")
    assert [say.to.user for say in play.said("issue_failed_notice")] == ["U0MARIA"]
    play.forget()
    play.happens(events.IssueRetryAsked("U0MARIA"))
    answer_tracker(play, find_titled_issue=ISSUE)
    assert play.case.issue_closed
    play.happens(events.IssueRetryAsked("U0MARIA"))
    assert play.refusal is not None


def test_without_a_ticket_there_is_no_issue() -> None:
    """A request whose ticket nobody has named is closed all the same; named later, the issue is written."""
    play = Play().asked(ContactRequested(Source.INTEGRATION, "bot", None, "Contact requested"))
    play.happens(SENT)
    assert issue_steps(play) == []


# ------------------------------------------------------------------------------------------ what goes wrong


def test_a_channel_that_cannot_be_written_to_is_replaced_by_dms() -> None:
    """The owner has it by DM; who asked hears how to mend it, the admins once; the next success ends it."""
    play = Play(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)}))
    play.happens(REQUEST)
    play.answers_duty(ON_DUTY)
    card = play.cards()[-1]
    assert any(one.slot == "assigned:1:U0MARIA" for one in play.cards())
    card = next(one for one in play.cards() if one.slot == "card")
    play.happens(EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived"))
    assert play.case.channel_trouble is not None
    assert [say.to.user for say in play.said("channel_notice")] == ["U0ALICE"]
    play.passes(hours=2)
    assert [say.to.user for say in play.said("unclaimed_notice")] == ["U0MARIA"]
    play.posted("card")
    assert play.case.channel_trouble is None


def test_without_channel_and_owner_the_group_is_written_to_one_by_one() -> None:
    """Nobody on duty and no channel: its members get the request with its buttons."""
    play = Play()
    play.happens(REQUEST)
    play.answers_duty(NOBODY)
    card = next(one for one in play.cards() if one.slot == "card")
    play.happens(EffectFailed(card, Failure.UNREACHABLE, "not in channel", "not_in_channel"))
    assert play.private("stand_in") == ["U0MARIA", "U0MARCO"]


def test_words_for_a_thread_that_is_gone_go_to_a_new_one() -> None:
    """The card is posted again first, and the words once more after it; never in a circle."""
    play = Play(now=FRIDAY).asked()
    play.passes_until(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    (say,) = play.said("unclaimed_notice")
    play.forget()
    play.happens(EffectFailed(say, Failure.NOT_FOUND, "the message it replies to is gone"))
    assert [effect.type for effect in play.effects] == ["show_card", "say"]
    (again,) = play.said("unclaimed_notice")
    play.forget()
    play.happens(EffectFailed(again, Failure.NOT_FOUND, "the message it replies to is gone"))
    assert [one.to.user for one in play.said("unclaimed_notice")] == ["U0MARIA"]


@pytest.mark.parametrize(("status", "check"), [("open", "found"), ("solved", "solved"), ("closed", "closed")])
def test_the_ticket_is_looked_up(status: str, check: str) -> None:
    """So that a reply on it comes with the right warning."""
    play = Play().asked()
    play.happens(EffectSucceeded(ReadTicket(ticket=ticket(123456)), Ticket(123456, "Slow", status)))
    assert play.case.check == check


def test_a_ticket_that_does_not_exist_is_said_and_can_be_corrected() -> None:
    """And the right one is looked up, too."""
    play = Play().asked()
    play.happens(EffectFailed(ReadTicket(ticket=ticket(123456)), Failure.NOT_FOUND, "There is no ticket 123456."))
    assert play.case.check is model.TicketCheck.MISSING
    play.forget()
    play.happens(events.TicketNamed("U0MARIA", ticket(123457)))
    assert play.case.ticket == ticket(123457)
    assert [effect.ticket for effect in play.effects if isinstance(effect, ReadTicket)] == [ticket(123457)]
    play.happens(events.TicketNamed("U0MARIA", ticket(123457)))
    assert play.refusal is not None


def test_an_unknown_event_is_a_fault() -> None:
    """It is said loudly, not passed over."""
    with pytest.raises(TypeError, match="knows no int"):
        Play().asked().happens(5)


@pytest.mark.parametrize(("hours", "word"), [(1, "in time"), (49, "late")])
def test_the_timeline_says_whether_it_was_in_time(hours: int, word: str) -> None:
    """The clock stops at the contact, not at the claim."""
    play = Play().asked()
    play.happens(events.Claimed("U0MARIA"))
    play.passes(hours=hours)
    play.happens(SENT)
    assert play.notes[-1].endswith(f"E-mail, {word}")


def test_somebody_who_cannot_be_written_to_is_escalated_once() -> None:
    """The next message that fails is only noted."""
    play = Play().asked()
    lost = EffectFailed(ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA")), Failure.UNREACHABLE, "deactivated")
    play.happens(lost)
    play.forget()
    play.happens(lost)
    assert play.effects == []
    assert play.notes == ["could not write to <@U0MARIA>: deactivated"]


def test_an_answer_that_comes_twice_makes_no_second_owner() -> None:
    """Nobody was on duty when it was created: who is later does not matter."""
    play = Play().asked(duty=NOBODY)
    play.answers_duty(ON_DUTY)
    assert play.case.owner is None


def test_the_last_reminder_cannot_be_snoozed_away() -> None:
    """A snooze beyond the due time holds nothing back."""
    play = Play(policy=changed(POLICY, snooze="4h")).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.passes(hours=45)
    play.happens(events.Snoozed("U0MARIA"))
    play.passes(hours=1)
    assert [notice.percent for notice in play.case.notices.values() if notice.kind == "reminder"] == [50, 95]


def test_of_two_that_were_missed_in_working_hours_only_the_later_comes() -> None:
    """80 % was at nine, 95 % at 15:31; the desk is back at four."""
    play = Play(now=FRIDAY).asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.is_down_until(datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    assert [notice.percent for notice in play.case.notices.values() if notice.kind == "reminder"] == [95]


def test_of_two_reminders_that_were_missed_only_the_later_comes() -> None:
    """Down from Monday to Wednesday at seven: 95 % was at 06:36."""
    play = Play().asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.is_down_until(MONDAY + timedelta(hours=46))
    notices = [notice for notice in play.case.notices.values() if notice.kind == "reminder"]
    assert [(notice.percent, notice.late_minutes) for notice in notices] == [(95, 24)]


def test_a_snooze_that_ends_after_work_leaves_it_to_the_next_reminder() -> None:
    """It would come in the morning, and by then another one has come."""
    play = Play().asked()
    play.happens(events.Claimed("U0MARIA", "Europe/Lisbon"))
    play.passes(hours=31, minutes=30)  # Tuesday 16:30
    play.happens(events.Snoozed("U0MARIA"))
    play.passes(hours=16)
    assert play.private("snoozed") == []
    assert "snoozed" not in play.timers
    assert play.case.snoozed_until is None
    assert play.private("reminder") == ["U0MARIA", "U0MARIA"]


def test_a_channel_that_fails_again_is_no_news() -> None:
    """Each change tries it once more; who asked hears of it once."""
    play = Play()
    play.happens(REQUEST)
    play.answers_duty(ON_DUTY)
    card = next(one for one in play.cards() if one.slot == "card")
    failed = EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived")
    play.happens(failed)
    play.forget()
    play.happens(failed)
    assert play.effects == []


def test_without_a_channel_nobody_is_written_to_who_cannot_be() -> None:
    """The mention goes to the members of the group instead."""
    play = Play()
    play.happens(REQUEST)
    play.answers_duty(Duty((MARIA,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS))
    card = next(one for one in play.cards() if one.slot == "card")
    play.happens(EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived"))
    lost = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    play.happens(EffectFailed(lost, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    play.passes(hours=1)
    assert [say.to.user for say in play.said("unclaimed_notice")] == ["U0MARCO"]


def test_who_does_it_themselves_is_not_told() -> None:
    """Alice asked and contacted the customer herself."""
    play = Play().asked()
    play.happens(events.Contacted("U0ALICE", Way.CALL, "We spoke"))
    assert play.said("contacted_notice") == []


def test_briefed_and_assigned_is_said_when_it_happened() -> None:
    """On its way, done, given up: the card says how far each is, and never that something happened which did not."""
    play = Play().asked()
    play.happens(events.Contacted("U0MARIA", Way.TICKET, "I reopened it", "U0ADAM", "Please reproduce it"))
    assert "<@U0ADAM> is being briefed, and the ticket is being assigned." in facts(play.case, POLICY)[0]
    told, assigned = (one for one in play.effects if getattr(one, "what", one.type) in {"briefing", "assign_ticket"})
    play.happens(EffectSucceeded(told, Posted("D1", "1.1")))
    assert "<@U0ADAM> is briefed, and the ticket is being assigned." in facts(play.case, POLICY)[0]
    play.happens(EffectFailed(assigned, Failure.NOT_CONNECTED, "Not connected.", ""))
    said = facts(play.case, POLICY)[0]
    assert "is briefed, and the ticket is not assigned to them. :warning:" in said
    assert "Please assign the ticket by hand." in said
    assert "briefed <@U0ADAM>" in play.notes
