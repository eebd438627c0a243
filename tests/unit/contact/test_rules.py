"""What has to happen to a request, event by event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.tickets import ticket
from tests.unit.contact.story import (
    FRIDAY,
    MANAGERS,
    MARCO,
    MARIA,
    MONDAY,
    NOBODY,
    ON_DUTY,
    POLICY,
    REQUEST,
    Story,
    changed,
)
from workflows.contact import model
from workflows.contact.model import ContactRequested, ContactState, Source
from workflows.contact.rules import wanted
from workflows.contract.effects import (
    AskWhoIsOnDuty,
    CloseIssue,
    CommentOnIssue,
    Effect,
    FindTitledIssue,
    LabelIssue,
    OpenIssue,
    ReadTicket,
    Say,
    ShowCard,
    dm,
)
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
from workflows.contract.ports import Issue, Person, Ticket
from workflows.contract.values import IssueLink, Progress
from workflows.policy.contact import Way
from workflows.policy.model import Policy

ISSUE = Issue("gitlab-com/support/feedback", 7, "Negative feedback for ticket 123456", "https://gitlab.example/7")
SENT = model.Contacted("U0MARIA", Way.EMAIL, "Dear customer")


# ------------------------------------------------------------------------------------------ it arrives


def test_a_request_asks_at_once_who_is_on_duty() -> None:
    """And sets its clock: reminders, the mention of an unclaimed one, the due time."""
    story = Story(now=FRIDAY)
    story.happens(REQUEST)
    assert story.case.state == ContactState.OPEN
    assert [effect for effect in story.effects if isinstance(effect, AskWhoIsOnDuty)]
    assert set(story.timers) == {"remind:50", "remind:80", "remind:95", "unclaimed", "due"}
    assert story.timers["due"] == datetime(2026, 11, 24, 17, 55, tzinfo=UTC)


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
    story = Story()
    story.happens(ContactRequested(Source.TICKETS, "zendesk", ticket(5), label_says=label, field_says=form))
    assert (story.refusal is None) is asks
    assert story.case.contradicts is contradicts
    assert any("disagree" in note for note in story.notes) is contradicts


def test_the_clock_starts_when_the_customer_asked() -> None:
    """A webhook that comes two hours late does not give two hours more; one from the future gives none."""
    early = ContactRequested(
        Source.TICKETS, "zendesk", ticket(5), field_says=True, asked_at=MONDAY - timedelta(hours=2)
    )
    late = ContactRequested(Source.TICKETS, "zendesk", ticket(5), field_says=True, asked_at=MONDAY + timedelta(hours=2))
    assert Story().asked(early).case.due_at == MONDAY + timedelta(hours=46)
    assert Story().asked(late).case.due_at == MONDAY + timedelta(hours=48)


def test_a_second_way_adds_its_source_and_what_it_knows() -> None:
    """One case: the words of both, the issue of the second, the due time of the first."""
    story = Story().asked()
    due = story.case.due_at
    story.passes(minutes=30)
    story.forget()
    link = IssueLink.of(ISSUE)
    story.happens(ContactRequested(Source.TRACKER, "tracker", ticket(123456), "So slow", label_says=True, issue=link))
    assert [origin.source for origin in story.case.origins] == [Source.COMMAND, Source.TRACKER]
    assert list(model.words(story.case)) == ["Nobody answered for a week.", "So slow"]
    assert (story.case.issue, story.case.due_at) == (link, due)
    assert [card.slot for card in story.cards()] == ["card", "assigned:1:U0MARIA"]


def test_only_an_open_request_stands_in_the_way_of_a_second() -> None:
    """Contacted once, a ticket may ask again."""
    story = Story().asked()
    assert story.case.open_key == "contact:main/123456"
    story.happens(SENT)
    assert story.case.open_key is None
    assert Story().asked(ContactRequested(Source.INTEGRATION, "bot", None)).case.open_key is None


# ------------------------------------------------------------------------------------------ whose it is


def test_the_owner_is_frozen_when_it_is_created() -> None:
    """Who is on duty later does not matter; only who it was then."""
    story = Story().asked()
    assert (story.case.owner, story.case.owner_zone) == ("U0MARIA", "Europe/Lisbon")
    story.answers_duty(Duty((MARCO,), DutySource.SCHEDULE))
    assert story.case.owner == "U0MARIA"


def test_the_owner_gets_the_words_privately() -> None:
    """One private message, with the request's buttons."""
    assert Story().asked().private("assigned") == ["U0MARIA"]


def test_a_stand_in_is_said_to_be_one() -> None:
    """The rota's or the fallback's answer carries why it is not the schedule's."""
    story = Story().asked(duty=Duty((MARCO,), DutySource.ROTA, "The on-call schedule could not be read."))
    assert story.case.owner == "U0MARCO"
    assert story.case.owner_trouble == "The on-call schedule could not be read."


def test_nobody_on_duty_mentions_the_fallback_group_and_tells_the_admins() -> None:
    """The card mentions the group when it is posted; nothing is skipped."""
    story = Story(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)})).asked(duty=NOBODY)
    assert story.case.owner is None
    assert story.case.fallback_group == MANAGERS.id
    assert [say.to.user for say in story.said("admin_notice")] == ["omar@example.com"]
    assert [card.slot for card in story.cards()] == ["card"]


def test_a_vendor_that_is_down_shows_the_card_at_once_and_rings_later() -> None:
    """While it is asked again nobody waits; when it is known, the thread mentions the owner."""
    story = Story()
    story.happens(REQUEST)
    ask = AskWhoIsOnDuty(purpose="owner")
    story.happens(EffectDelayed(ask, "Slack has trouble.", MONDAY + timedelta(hours=4)))
    story.posted("card")
    assert story.case.owner_lookup_pending
    story.answers_duty(ON_DUTY)
    assert [say.details["people"] for say in story.said("assigned_notice")] == [["U0MARIA"]]


def test_a_question_that_was_given_up_means_nobody() -> None:
    """The fallback is mentioned in the thread of the card that stands already."""
    story = Story()
    story.happens(REQUEST)
    ask = AskWhoIsOnDuty(purpose="owner")
    story.happens(EffectDelayed(ask, "Slack has trouble.", MONDAY))
    story.posted("card")
    story.happens(EffectFailed(ask, Failure.GAVE_UP, "Slack has trouble."))
    assert story.said("nobody_notice")


def test_who_claims_what_nobody_owns_owns_it() -> None:
    """From then on it has an owner, who is reminded."""
    story = Story().asked(duty=NOBODY)
    story.happens(model.Claimed("U0MARCO", "America/Los_Angeles"))
    assert (story.case.owner, story.case.assignee) == ("U0MARCO", "U0MARCO")


def test_claiming_leaves_the_owner_and_reassigning_changes_it() -> None:
    """Only an explicit reassignment makes another owner, who has to claim it."""
    story = Story().asked()
    story.happens(model.Claimed("U0MARCO", "America/Los_Angeles"))
    assert (story.case.owner, story.case.assignee) == ("U0MARIA", "U0MARCO")
    due = story.case.due_at
    story.happens(model.Reassigned("U0MARCO", Person("U0ALICE", "Alice")))
    assert (story.case.owner, story.case.assignee, story.case.state) == ("U0ALICE", "U0ALICE", ContactState.OPEN)
    assert story.case.due_at == due
    assert story.private("assigned") == ["U0MARIA", "U0ALICE"]


def test_reassigning_to_who_is_on_duty_asks_again() -> None:
    """And whoever that is gets it; nobody keeps it with its owner, and says so."""
    story = Story().asked()
    story.happens(model.ReassignedToDuty("U0MARCO"))
    story.answers_duty(Duty((MARCO,), DutySource.SCHEDULE), "reassign")
    assert story.case.owner == "U0MARCO"
    story.happens(model.ReassignedToDuty("U0MARCO"))
    story.answers_duty(NOBODY, "reassign")
    assert story.case.owner == "U0MARCO"
    assert story.said("nobody_notice")
    assert not story.case.owner_lookup_pending


def test_an_owner_who_cannot_be_written_to_is_escalated_at_once() -> None:
    """The card says so, a stand-in is asked, and told in thread and privately."""
    story = Story().asked()
    story.forget()
    dm_card = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    story.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "The account is deactivated.", "user_disabled"))
    assert story.case.unreachable == ("U0MARIA",)
    (ask,) = [effect for effect in story.effects if isinstance(effect, AskWhoIsOnDuty)]
    assert ask.skip == ("U0MARIA",)
    story.happens(EffectSucceeded(ask, Duty((MARCO,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS)))
    assert [say.details["people"] for say in story.said("unreachable_notice")] == [["U0MARCO"]]
    assert story.private("stand_in") == ["U0MARCO"]
    assert story.case.owner == "U0MARIA"


def test_reminders_of_who_cannot_be_written_to_go_to_the_thread() -> None:
    """Where the fallback group is mentioned with them."""
    story = Story(now=FRIDAY).asked()
    dm_card = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    story.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    story.happens(EffectFailed(dm_card, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    story.forget()
    story.passes(days=4)
    assert story.private("reminder") == []
    assert len(story.said("reminder_notice")) == 2


# ------------------------------------------------------------------------------------------ reminders


def test_who_has_it_is_reminded_and_the_thread_rings_when_nobody_claims() -> None:
    """Friday 17:55: mentioned on Monday at ten, reminded on Tuesday at nine and at 15:31."""
    story = Story(now=FRIDAY).asked()
    story.passes_until(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert [say.details["people"] for say in story.said("unclaimed_notice")] == [["U0MARIA"]]
    story.passes_until(datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    percents = [notice.percent for notice in story.case.notices.values() if notice.kind == "reminder"]
    assert percents == [80, 95]


def test_claimed_in_time_the_thread_does_not_ring() -> None:
    """The mention is for what nobody has taken."""
    story = Story(now=FRIDAY).asked()
    story.happens(model.Claimed("U0MARIA"))
    story.passes(days=3)
    assert not story.said("unclaimed_notice")


def test_overdue_tells_owner_backup_and_lead_and_goes_on_reminding() -> None:
    """Then every four business hours, in working hours."""
    story = Story(policy=changed(POLICY, lead="omar@example.com"), now=MONDAY).asked()
    story.passes(hours=48)
    assert story.private("overdue") == ["U0MARIA"]
    assert story.private("lead") == ["omar@example.com"]
    story.answers_duty(Duty((MARCO,), DutySource.SCHEDULE), "backup")
    (say,) = story.said("overdue_notice")
    assert say.details["people"] == ["U0MARIA", "U0MARCO"]
    story.passes(hours=24)  # Wednesday 09:00 -> 13:00, 17:00 (after work: Thursday 09:00)
    assert len(story.private("overdue")) == 3


def test_the_lead_may_depend_on_the_owner() -> None:
    """By e-mail address or Slack id, else the one for everybody."""
    leads = {"Maria@example.com": "a@example.com", "U0123456789": "b@example.com"}
    policy = changed(POLICY, lead="c@example.com", leads=leads)
    assert _lead(policy, MARIA) == ["a@example.com"]
    assert _lead(policy, Person("U0123456789", "Bea")) == ["b@example.com"]
    assert _lead(policy, Person("U0ALICE", "Alice")) == ["c@example.com"]


def _lead(policy: Policy, owner: Person) -> list[str]:
    story = Story(policy=policy, now=MONDAY).asked(duty=Duty((owner,), DutySource.SCHEDULE))
    story.passes(hours=48)
    return story.private("lead")


def test_without_a_lead_the_admins_are_told() -> None:
    """A gap in the policy is said, never passed over."""
    story = Story(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)})).asked()
    story.passes(hours=48)
    assert "contact.lead" in story.said("admin_notice")[0].details["sentence"]


def test_a_desk_that_was_down_over_the_due_time_says_so_once() -> None:
    """One message to who has it, which says how late it is; the reminders it missed are left out."""
    story = Story(now=FRIDAY).asked()
    story.forget()
    story.is_down_until(datetime(2026, 11, 24, 19, 55, tzinfo=UTC))
    notices = [notice for notice in story.case.notices.values() if notice.kind != "assigned"]
    assert [(notice.kind, notice.to, notice.late_minutes) for notice in notices] == [("overdue", "U0MARIA", 120)]
    assert not story.said("unclaimed_notice")
    assert sum("left out" in note for note in story.notes) == 2


def test_a_desk_that_was_down_over_a_reminder_sends_the_newest_late() -> None:
    """Of two that were missed only the later one comes, and says how late it is."""
    story = Story(now=MONDAY).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.is_down_until(MONDAY + timedelta(hours=26))  # 50 % was at 09:00, two hours ago
    notices = [notice for notice in story.case.notices.values() if notice.kind == "reminder"]
    assert [(notice.percent, notice.late_minutes) for notice in notices] == [(50, 120)]


def test_back_after_work_it_waits_for_the_morning() -> None:
    """A late reminder wakes nobody either, unless it is the last one."""
    story = Story(now=MONDAY).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.is_down_until(MONDAY + timedelta(hours=34))  # Tuesday 19:00
    assert story.private("reminder") == []


def test_a_snooze_brings_the_reminder_back_in_two_hours() -> None:
    """And holds back what would have come meanwhile."""
    story = Story(now=MONDAY).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.passes(hours=23)
    story.happens(model.Snoozed("U0MARIA"))
    story.passes(hours=1, minutes=30)
    assert story.private("reminder") == []
    story.passes(minutes=30)
    assert story.private("snoozed") == ["U0MARIA"]
    assert story.case.snoozed_until is None


def test_a_snooze_beyond_the_due_time_holds_nothing_back() -> None:
    """The last reminder comes, and so does the escalation."""
    story = Story(now=MONDAY).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.passes(hours=45)
    story.happens(model.Snoozed("U0MARIA"))
    story.passes(hours=1)
    story.happens(model.Snoozed("U0MARIA"))
    story.passes(hours=3)
    assert story.private("overdue") == ["U0MARIA"]


# ------------------------------------------------------------------------------------------ it is over


@pytest.mark.parametrize("end", [SENT, model.Cancelled("U0MARIA", "The customer withdrew it")])
def test_over_is_over(end: object) -> None:
    """The clock stops: no timer goes off any more, and nothing urgent leaves that was on its way."""
    story = Story(now=FRIDAY).asked()
    story.happens(end)
    assert story.timers == {}
    story.forget()
    for name in ("remind:80", "unclaimed", "due", "overdue", "snoozed"):
        story.happens(TimerDue(name, FRIDAY))
    assert story.effects == []


@pytest.mark.parametrize(
    ("event", "first"),
    [
        (lambda: model.Claimed("U0MARCO"), "U0MARIA"),
        (lambda: model.Contacted("U0MARCO", Way.CALL, "We spoke"), "U0MARIA"),
        (lambda: model.Cancelled("U0MARCO", "No"), "U0MARIA"),
        (lambda: model.Snoozed("U0MARCO"), "U0MARIA"),
        (lambda: model.Reassigned("U0MARCO", MARCO), "U0MARIA"),
        (lambda: model.ReassignedToDuty("U0MARCO"), "U0MARIA"),
        (lambda: REQUEST, "U0MARIA"),
    ],
)
def test_who_comes_second_is_told_by_name_and_time(event: Callable[[], object], first: str) -> None:
    """The customer was contacted: whatever else somebody tries, they hear who did it and when."""
    story = Story().asked()
    story.happens(SENT)
    before = story.case
    story.happens(event())
    assert story.refusal is not None
    assert f"<@{first}>" in story.refusal
    assert "<!date^" in story.refusal
    assert story.case == before


def test_two_claims_at_once_the_first_wins() -> None:
    """The second hears who has it, by name and time; the first hears that they have it."""
    story = Story().asked()
    story.happens(model.Claimed("U0MARIA"))
    story.happens(model.Claimed("U0MARCO"))
    assert story.refusal is not None
    assert story.refusal.startswith("<@U0MARIA> has MC-1 already, since <!date^")
    story.happens(model.Claimed("U0MARIA"))
    assert story.refusal.startswith("You have MC-1 already")


def test_what_was_on_its_way_is_not_wanted_any_more() -> None:
    """Reminders, mentions and questions are dropped; the card, news and messages that stand are not."""
    open_case = Story(now=FRIDAY).asked().case
    done = Story(now=FRIDAY).asked()
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
    story = Story(now=MONDAY).asked()
    story.passes(hours=24)
    slot = next(slot for slot, notice in story.case.notices.items() if notice.kind == "reminder")
    story.happens(model.Reassigned("U0MARIA", MARCO))
    assert not wanted(story.case, ShowCard(slot=slot, to=dm("U0MARIA")), story.policy)
    assert not wanted(story.case, ShowCard(slot="nonsense:1:U0MARIA", to=dm("U0MARIA")), story.policy)


# ------------------------------------------------------------------------------------- the feedback issue


def issue_steps(story: Story) -> list[str]:
    """What the tracker was asked to do, in order."""
    steps = (FindTitledIssue, OpenIssue, CommentOnIssue, LabelIssue, CloseIssue)
    return [effect.type for effect in story.effects if isinstance(effect, steps)]


def answer_tracker(story: Story, **answers: object) -> None:
    """Let the tracker do what it is asked to, until nothing is left; by the step's type: its answer."""
    done = 0
    while done < len(issue_steps(story)):
        steps = [e for e in story.effects if e.type in _STEPS]
        story.happens(EffectSucceeded(steps[done], answers.get(steps[done].type)))  # type: ignore[arg-type]  # a table
        done += 1


_STEPS = {"find_titled_issue", "open_issue", "comment_on_issue", "label_issue", "close_issue"}


def test_the_issue_is_found_by_its_exact_title() -> None:
    """Then told, labelled and closed."""
    story = Story().asked()
    story.happens(SENT)
    answer_tracker(story, find_titled_issue=ISSUE)
    assert issue_steps(story) == ["find_titled_issue", "comment_on_issue", "label_issue", "close_issue"]
    find = next(effect for effect in story.effects if isinstance(effect, FindTitledIssue))
    assert find.title == "Negative feedback for ticket 123456"
    assert story.case.issue_job.progress is Progress.DONE


def test_an_issue_that_does_not_exist_is_opened() -> None:
    """With its title and labels, and without what the customer said."""
    story = Story().asked()
    story.happens(SENT)
    answer_tracker(story, open_issue=ISSUE)
    assert issue_steps(story) == [
        "find_titled_issue",
        "open_issue",
        "comment_on_issue",
        "label_issue",
        "close_issue",
    ]
    opened = next(effect for effect in story.effects if isinstance(effect, OpenIssue))
    assert "Nobody answered" not in opened.description


def test_an_issue_that_is_known_is_not_looked_for() -> None:
    """The tracker's webhook brought it."""
    story = Story().asked(
        ContactRequested(Source.TRACKER, "tracker", ticket(5), label_says=True, issue=IssueLink.of(ISSUE))
    )
    story.happens(SENT)
    answer_tracker(story)
    assert issue_steps(story) == ["comment_on_issue", "label_issue", "close_issue"]


def test_a_later_action_becomes_one_more_comment() -> None:
    """After the issue was closed; it is neither labelled nor closed again."""
    story = Story().asked()
    story.happens(SENT)
    answer_tracker(story, find_titled_issue=ISSUE)
    story.forget()
    story.happens(model.ActionNoted("U0MARIA", "They renew\n/close"))
    answer_tracker(story)
    assert issue_steps(story) == ["comment_on_issue"]
    assert story.case.comments_written == 2


def test_an_action_noted_while_the_issue_is_written_waits_its_turn() -> None:
    """One step is on its way at a time, so that comments keep their order."""
    story = Story().asked()
    story.happens(SENT)
    story.happens(model.ActionNoted("U0MARIA", "They renew"))
    assert issue_steps(story) == ["find_titled_issue"]
    answer_tracker(story, find_titled_issue=ISSUE)
    assert issue_steps(story).count("comment_on_issue") == 2


def test_a_tracker_that_fails_tells_who_contacted_the_customer_what_to_do() -> None:
    """Once; a retry goes on where it stopped."""
    story = Story().asked()
    story.happens(SENT)
    find = next(effect for effect in story.effects if isinstance(effect, FindTitledIssue))
    story.happens(EffectFailed(find, Failure.NOT_CONNECTED, "The issue tracker is not connected to the desk."))
    assert story.case.issue_job.progress is Progress.FAILED
    assert "ssat-manager-contacted-customer" in (story.case.issue_job.trouble or "")
    assert [say.to.user for say in story.said("issue_failed_notice")] == ["U0MARIA"]
    story.forget()
    story.happens(model.IssueRetryAsked("U0MARIA"))
    answer_tracker(story, find_titled_issue=ISSUE)
    assert story.case.issue_closed
    story.happens(model.IssueRetryAsked("U0MARIA"))
    assert story.refusal is not None


def test_without_a_ticket_there_is_no_issue() -> None:
    """A request whose ticket nobody has named is closed all the same; named later, the issue is written."""
    story = Story().asked(ContactRequested(Source.INTEGRATION, "bot", None, "Contact requested"))
    story.happens(SENT)
    assert issue_steps(story) == []


# ------------------------------------------------------------------------------------------ what goes wrong


def test_a_channel_that_cannot_be_written_to_is_replaced_by_dms() -> None:
    """The owner has it by DM; who asked hears how to mend it, the admins once; the next success ends it."""
    story = Story(policy=POLICY.model_copy(update={"admins": ("omar@example.com",)}))
    story.happens(REQUEST)
    story.answers_duty(ON_DUTY)
    card = story.cards()[-1]
    assert any(one.slot == "assigned:1:U0MARIA" for one in story.cards())
    card = next(one for one in story.cards() if one.slot == "card")
    story.happens(EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived"))
    assert story.case.channel_trouble is not None
    assert [say.to.user for say in story.said("channel_notice")] == ["U0ALICE"]
    story.passes(hours=2)
    assert [say.to.user for say in story.said("unclaimed_notice")] == ["U0MARIA"]
    story.posted("card")
    assert story.case.channel_trouble is None


def test_without_channel_and_owner_the_group_is_written_to_one_by_one() -> None:
    """Nobody on duty and no channel: its members get the request with its buttons."""
    story = Story()
    story.happens(REQUEST)
    story.answers_duty(NOBODY)
    card = next(one for one in story.cards() if one.slot == "card")
    story.happens(EffectFailed(card, Failure.UNREACHABLE, "not in channel", "not_in_channel"))
    assert story.private("stand_in") == ["U0MARIA", "U0MARCO"]


def test_words_for_a_thread_that_is_gone_go_to_a_new_one() -> None:
    """The card is posted again first, and the words once more after it; never in a circle."""
    story = Story(now=FRIDAY).asked()
    story.passes_until(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    (say,) = story.said("unclaimed_notice")
    story.forget()
    story.happens(EffectFailed(say, Failure.NOT_FOUND, "the message it replies to is gone"))
    assert [effect.type for effect in story.effects] == ["show_card", "say"]
    (again,) = story.said("unclaimed_notice")
    story.forget()
    story.happens(EffectFailed(again, Failure.NOT_FOUND, "the message it replies to is gone"))
    assert [one.to.user for one in story.said("unclaimed_notice")] == ["U0MARIA"]


@pytest.mark.parametrize(("status", "check"), [("open", "found"), ("solved", "solved"), ("closed", "closed")])
def test_the_ticket_is_looked_up(status: str, check: str) -> None:
    """So that a reply on it comes with the right warning."""
    story = Story().asked()
    story.happens(EffectSucceeded(ReadTicket(ticket=ticket(123456)), Ticket(123456, "Slow", status)))
    assert story.case.check == check


def test_a_ticket_that_does_not_exist_is_said_and_can_be_corrected() -> None:
    """And the right one is looked up, too."""
    story = Story().asked()
    story.happens(EffectFailed(ReadTicket(ticket=ticket(123456)), Failure.NOT_FOUND, "There is no ticket 123456."))
    assert story.case.check is model.TicketCheck.MISSING
    story.forget()
    story.happens(model.TicketNamed("U0MARIA", ticket(123457)))
    assert story.case.ticket == ticket(123457)
    assert [effect.ticket for effect in story.effects if isinstance(effect, ReadTicket)] == [ticket(123457)]
    story.happens(model.TicketNamed("U0MARIA", ticket(123457)))
    assert story.refusal is not None


def test_an_unknown_event_is_a_fault() -> None:
    """It is said loudly, not passed over."""
    with pytest.raises(TypeError, match="knows no int"):
        Story().asked().happens(5)


@pytest.mark.parametrize(("hours", "word"), [(1, "in time"), (49, "late")])
def test_the_timeline_says_whether_it_was_in_time(hours: int, word: str) -> None:
    """The clock stops at the contact, not at the claim."""
    story = Story().asked()
    story.happens(model.Claimed("U0MARIA"))
    story.passes(hours=hours)
    story.happens(SENT)
    assert story.notes[-1].endswith(f"E-mail, {word}")


def test_somebody_who_cannot_be_written_to_is_escalated_once() -> None:
    """The next message that fails is only noted."""
    story = Story().asked()
    lost = EffectFailed(ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA")), Failure.UNREACHABLE, "deactivated")
    story.happens(lost)
    story.forget()
    story.happens(lost)
    assert story.effects == []
    assert story.notes == ["could not write to <@U0MARIA>: deactivated"]


def test_an_answer_that_comes_twice_makes_no_second_owner() -> None:
    """Nobody was on duty when it was created: who is later does not matter."""
    story = Story().asked(duty=NOBODY)
    story.answers_duty(ON_DUTY)
    assert story.case.owner is None


def test_the_last_reminder_cannot_be_snoozed_away() -> None:
    """A snooze beyond the due time holds nothing back."""
    story = Story(policy=changed(POLICY, snooze="4h")).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.passes(hours=45)
    story.happens(model.Snoozed("U0MARIA"))
    story.passes(hours=1)
    assert [notice.percent for notice in story.case.notices.values() if notice.kind == "reminder"] == [50, 95]


def test_of_two_that_were_missed_in_working_hours_only_the_later_comes() -> None:
    """80 % was at nine, 95 % at 15:31; the desk is back at four."""
    story = Story(now=FRIDAY).asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.is_down_until(datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    assert [notice.percent for notice in story.case.notices.values() if notice.kind == "reminder"] == [95]


def test_of_two_reminders_that_were_missed_only_the_later_comes() -> None:
    """Down from Monday to Wednesday at seven: 95 % was at 06:36."""
    story = Story().asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.is_down_until(MONDAY + timedelta(hours=46))
    notices = [notice for notice in story.case.notices.values() if notice.kind == "reminder"]
    assert [(notice.percent, notice.late_minutes) for notice in notices] == [(95, 24)]


def test_a_snooze_that_ends_after_work_leaves_it_to_the_next_reminder() -> None:
    """It would come in the morning, and by then another one has come."""
    story = Story().asked()
    story.happens(model.Claimed("U0MARIA", "Europe/Lisbon"))
    story.passes(hours=31, minutes=30)  # Tuesday 16:30
    story.happens(model.Snoozed("U0MARIA"))
    story.passes(hours=16)
    assert story.private("snoozed") == []
    assert "snoozed" not in story.timers
    assert story.case.snoozed_until is None
    assert story.private("reminder") == ["U0MARIA", "U0MARIA"]


def test_a_channel_that_fails_again_is_no_news() -> None:
    """Each change tries it once more; who asked hears of it once."""
    story = Story()
    story.happens(REQUEST)
    story.answers_duty(ON_DUTY)
    card = next(one for one in story.cards() if one.slot == "card")
    failed = EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived")
    story.happens(failed)
    story.forget()
    story.happens(failed)
    assert story.effects == []


def test_without_a_channel_nobody_is_written_to_who_cannot_be() -> None:
    """The mention goes to the members of the group instead."""
    story = Story()
    story.happens(REQUEST)
    story.answers_duty(Duty((MARIA,), DutySource.FALLBACK, "Nobody is on duty.", MANAGERS))
    card = next(one for one in story.cards() if one.slot == "card")
    story.happens(EffectFailed(card, Failure.UNREACHABLE, "archived", "is_archived"))
    lost = ShowCard(slot="assigned:1:U0MARIA", to=dm("U0MARIA"))
    story.happens(EffectFailed(lost, Failure.UNREACHABLE, "deactivated", "user_disabled"))
    story.passes(hours=1)
    assert [say.to.user for say in story.said("unclaimed_notice")] == ["U0MARCO"]


def test_who_does_it_themselves_is_not_told() -> None:
    """Alice asked and contacted the customer herself."""
    story = Story().asked()
    story.happens(model.Contacted("U0ALICE", Way.CALL, "We spoke"))
    assert story.said("contacted_notice") == []
