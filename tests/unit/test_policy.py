"""The policy: defaults in one file, a company's own laid over it, every mistake named by its line."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.cli.policy import app
from bot.policyfile.loader import DEFAULT_NAME, load, load_source
from bot.policyfile.schema import ANY, maps, settings
from bot.policyfile.show import show
from bot.policyfile.yaml_source import read
from workflows.contract.errors import PolicyError
from workflows.lib.business_time import MONDAY_TO_FRIDAY, due
from workflows.lib.durations import Duration
from workflows.lib.templates import GAPS, fill, gaps
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy, Rota

Write = Callable[[str], Path]

CHANNELS = ("#product", "#support_escalations", "#support-operations", "#support")
ANCHORS = ("#what-if", "#architecture", "#rolling-out")
"""What holds a # in the default policy and is no comment."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an own policy file."""

    def written(text: str) -> Path:
        path = tmp_path / "own.yml"
        path.write_text(dedent(text), "utf-8")
        return path

    return written


def refusal(path: Path) -> list[str]:
    """What is wrong with a file, line by line, without the folder it lies in."""
    with pytest.raises(PolicyError) as caught:
        load(path)
    return caught.value.sentence.replace(f"{path.parent}/", "").splitlines()


# ------------------------------------------------------------------------------------------ defaults


def test_the_defaults_are_those_of_the_support_handbook() -> None:
    """Contact hours, the tag, the channel, the reminders, the ticket systems."""
    policy = load()
    feedback = policy.feedback
    assert (policy.company.name, policy.time_zone) == ("GitLab", "UTC")
    assert (policy.working_time.days, policy.working_time.start, policy.working_time.end) == (
        MONDAY_TO_FRIDAY,
        time(9),
        time(17),
    )
    assert {name: account.hosts for name, account in policy.tickets.accounts.items()} == {
        "main": ("gitlab.zendesk.com", "support.gitlab.com")
    }
    assert (feedback.tag, feedback.areas[feedback.default_area].channel) == ("feedback", "#product")
    assert feedback.acknowledge_within == Duration.parse("3 business days")
    assert feedback.tell_customer_within == Duration.parse("1 business day")
    assert policy.managers.group == "support-managers"


def test_every_default_stands_in_the_default_file() -> None:
    """The models hide none: each key of theirs is there, in their order."""
    default = read(files("bot").joinpath(DEFAULT_NAME).read_text("utf-8"))
    fixed = [setting.path for setting in settings() if ANY not in setting.path]
    inside_rota = [path for path in fixed if path[:2] == ("managers", "rota") and len(path) > 2]
    places = [default.lines[path] for path in fixed if path not in inside_rota]
    assert places == sorted(places)


def test_every_key_is_described() -> None:
    """A sentence each, so that the documentation can be made from them."""
    assert [setting.path for setting in settings() if not setting.description.endswith((".", "?"))] == []


def test_the_default_replies_leave_open_only_what_can_be_filled() -> None:
    """The bug's reply leads to its issue, the proposal's to a new one."""
    kinds = load().feedback.kinds
    assert list(kinds) == list(Kind)
    assert gaps(kinds[Kind.BUG].reply) == {"issue_url"}
    assert gaps(kinds[Kind.FEATURE].reply) == {"new_issue_url"}
    assert "sorry" not in kinds[Kind.VENTING].reply


def test_a_policy_cannot_be_changed() -> None:
    """It is read once; what holds now holds as long as the desk runs."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(load().company, "name", "Other")  # noqa: B010 - the type checker would not let it stand


def test_the_calendars_are_the_companys(write: Write) -> None:
    """Zone, days, hours and holidays of the policy decide what a business day is."""
    policy = load(
        write("""
        time_zone: Europe/Berlin
        working_time: {days: [Mon, tuesday, WED], start: 9:30, end: 24:00}
        holidays: {country: DE, extra: [2026-11-23]}
        """)
    )
    assert policy.calendars.hours.name == "Mon-Wed 09:30-24:00"
    # Thursday evening; Monday is a day off, so the day runs over Tuesday, from midnight in Berlin.
    started = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    assert due(started, Duration.parse("1 business day"), policy.calendars) == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    assert due(started, Duration.parse("1 business hour"), policy.calendars) == datetime(
        2026, 11, 24, 9, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("day", "person"),
    [
        ("2026-01-05", "ada"),
        ("2026-01-06", "ada"),
        ("2026-01-11", "ada"),
        ("2026-01-12", "ben"),
        ("2026-01-19", "ada"),
        ("2026-01-04", "ben"),
    ],
)
def test_people_of_a_rota_take_weekly_turns(day: str, person: str) -> None:
    """From the first day of the first person's week on, and before it as well."""
    rota = Rota(people=("ada@example.com", "ben@example.com"), since=date(2026, 1, 5))
    assert rota.on_duty(date.fromisoformat(day)) == f"{person}@example.com"


# ------------------------------------------------------------------------------- a file of one's own


def test_an_own_file_says_only_what_differs(write: Write) -> None:
    """Sections are merged key by key, down to the single reply."""
    policy, default = load(write("company: {name: ACME}\nfeedback: {kinds: {bug: {label: Fault}}}")), load()
    assert policy.company.name == "ACME"
    assert policy.feedback.kinds[Kind.BUG].label == "Fault"
    assert policy.feedback.kinds[Kind.BUG].reply == default.feedback.kinds[Kind.BUG].reply
    assert policy.delivery == default.delivery


def test_lists_are_replaced_and_all_of_a_map_can_be(write: Write) -> None:
    """A company has its own hosts, and, where it says so, its own areas and none of the default ones."""
    policy = load(
        write("""
        tickets:
          accounts:
            main: {hosts: [desk.example.com]}
            emea: {hosts: [emea.example.com]}
        feedback:
          areas: {"*": null, shop: {label: Shop, channel: shop-feedback}}
          default_area: shop
        """)
    )
    accounts = policy.tickets.accounts
    assert {name: account.hosts for name, account in accounts.items()} == {
        "main": ("desk.example.com",),
        "emea": ("emea.example.com",),
    }
    assert {key: area.channel for key, area in policy.feedback.areas.items()} == {"shop": "#shop-feedback"}


MAPS = {
    ("tickets", "accounts"): ("emea: {hosts: [x.example]}", None),
    ("feedback", "areas"): ("x: {label: X, channel: x}", "runner"),
    ("feedback", "kinds"): ("bug: {label: Fault}", None),
    ("contact", "leads"): ("a@b.org: c@d.org", None),
    ("contact", "ways"): ("call: By phone", None),
    ("contact", "scheduling_urls"): ("a@b.org: https://b.org/a", None),
    ("incident", "levels"): ("x: {label: X, wait: 2h, counts: always, page_now_outside: false}", None),
    ("incident", "systems"): ("x: {label: X, level: administrative, aliases: []}", "macros"),
    ("review", "issue_titles"): ("bad: 'Bad feedback for {ticket}'", None),
    ("review", "issue_labels"): ("neutral: [neutral]", None),
    ("review", "product_groups"): ("Runner: '@group'", None),
    ("privacy", "keep_for_of"): ("feedback: 4 weeks", None),
    ("csm", "roster"): ("ACME: {csm: a@b.org}", None),
    ("review", "feedback_labels"): ("other: Anything else", "feedback::soft-skills"),
    ("request", "self_service"): ("x: {label: X, description: X, url: https://x.example}", "team_yaml"),
    ("request", "bug", "fields"): ("x: {label: X, placeholder: X, heading: X}", "current"),
    ("request", "feature", "fields"): ("x: {label: X, placeholder: X, heading: X}", "need"),
    ("request", "rfc", "fields"): ("ideas: {label: Anything else}", "ideas"),
    ("request", "severities"): ("s4: {label: Trivial}", "s4"),
    ("request", "sizes"): ("x: {label: X, description: X, told: X}", "large"),
    ("request", "stages"): ("Done: {label: Done, means: shipped}", "Stage::Planning"),
}
"""Every map of the policy: an entry of one's own for it, and an entry of the default that can be taken out."""


def inside(path: tuple[str, ...], entry: str) -> str:
    """A policy file with just this entry of this map."""
    return f"{': {'.join(path)}: {{{entry}}}{'}' * (len(path) - 1)}"


def test_it_is_said_of_every_map_that_it_is_merged() -> None:
    """A map that is new stands in this table, too, so that what becomes of its keys is tried."""
    assert maps() == set(MAPS)


@pytest.mark.parametrize(("path", "entry"), [(path, entry) for path, (entry, _) in MAPS.items()])
def test_a_map_is_merged_by_key(write: Write, path: tuple[str, ...], entry: str) -> None:
    """An entry of one's own stands beside the default ones, or changes one of them in part."""
    default, own = load(), load(write(inside(path, entry)))
    before, after = attrgetter(".".join(path))(default), attrgetter(".".join(path))(own)
    key = entry.partition(":")[0]
    assert {*before, key} == set(after)
    assert {other: value for other, value in after.items() if other != key} == {
        other: value for other, value in before.items() if other != key
    }
    assert after[key] != before.get(key)


@pytest.mark.parametrize(("path", "gone"), [(path, gone) for path, (_, gone) in MAPS.items() if gone])
def test_null_takes_an_entry_out_of_a_map(write: Write, path: tuple[str, ...], gone: str) -> None:
    """And it stays out when the effective policy is read again; a key that is not there is a mistake."""
    source = load_source(write(inside(path, f'"{gone}": null')))
    assert gone not in attrgetter(".".join(path))(source.policy)
    assert load(write(show(source))) == source.policy
    with pytest.raises(PolicyError, match=".".join((*path, "nothing"))):
        load(write(inside(path, "nothing: null")))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "managers:\nfeedback:\n  kinds:\n", "---\n", "{}"])
def test_a_file_that_sets_nothing_changes_nothing(write: Write, text: str) -> None:
    """Nor does a section whose keys are all commented out."""
    assert load(write(text)) == load()


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("holidays: {country: NO}", lambda policy: policy.holidays.country == "NO"),
        ("working_time: {end: 18:30}", lambda policy: policy.working_time.end == time(18, 30)),
        ("holidays: {extra: [2026-12-24]}", lambda policy: policy.holidays.extra == (date(2026, 12, 24),)),
        ("company: {name: on}", lambda policy: policy.company.name == "on"),
        ("company: {name: 1_000}", lambda policy: policy.company.name == "1_000"),
        ("managers: {group: '@leads'}", lambda policy: policy.managers.group == "leads"),
        ("managers: {group: null}", lambda policy: policy.managers.group is None),
        (
            "tickets: {accounts: {main: {hosts: [X.Example]}}}",
            lambda policy: policy.tickets.accounts["main"].hosts == ("x.example",),
        ),
        ("roster: [{email: Ada@Example.org}]", lambda policy: policy.roster[0].email == "ada@example.org"),
        ("company: &c {name: &n A}\nadmins: [a@b.org]", lambda policy: policy.company.name == "A"),
    ],
)
def test_values_mean_what_they_look_like(write: Write, text: str, read_as: Callable[[Policy], bool]) -> None:
    """Norway is no false, half past six no number of minutes."""
    assert read_as(load(write(text)))


# ------------------------------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("compny: {}", "own.yml:1: compny: there is no such key; did you mean company?"),
        ("company:\n  nmae: X", "own.yml:2: company.nmae: there is no such key; did you mean name?"),
        ("managers: {rota: {peple: []}}", "managers.rota.peple: there is no such key; did you mean people?"),
        ("roster: [{emial: a@b.org}]", "roster[1].emial: there is no such key; did you mean email?"),
        ("tag: x", "own.yml:1: tag: there is no such key; did you mean feedback.tag?"),
        ("company: {zzz: 1}", "own.yml:1: company.zzz: there is no such key; known here are name"),
        ("\n\ntime_zone: Europe/Berln", "own.yml:3: time_zone: “Europe/Berln” is not a time zone"),
        ("time_zone: europe/berlin", "did you mean Europe/Berlin?"),
        ("working_time:\n  days:\n    - Mon\n    - Tuseday", "own.yml:4: working_time.days[2]: “Tuseday” is not a day"),
        ("working_time: {days: []}", "working_time.days: this is empty"),
        ("working_time: {start: 9}", "working_time.start: A time of day is written 09:00"),
        ("working_time: {start: 24:00}", "working_time.start: A time of day is written 09:00"),
        ("working_time:\n  start: 17:00", "own.yml:1: working_time.end: A working day ends after it starts, at 17:00"),
        ("company: X", "own.yml:1: company: this should hold keys with values"),
        ("company: {name: 7}", "own.yml:1: company.name: this should be text; put it in quotes"),
        ("company: {name: ''}", "company.name: this is empty"),
        ("admins: a@b.org", "admins: this should be a list: [one, two]"),
        ("admins: [bob]", "admins[1]: A person is named by e-mail address or by Slack member id"),
        ("roster: [{slack: U0123456789}]", "own.yml:1: roster[1].email: this is missing"),
        ("roster: [{email: U0123456789}]", "An e-mail address is needed here"),
        ("roster: [{email: a@b.org, slack: a@b.org}]", "A Slack member id looks like U0123456789"),
        ("roster: [{email: a@b.org}, {email: A@B.org}]", "roster: These stand here twice: a@b.org"),
        ("holidays: {extra: [Christmas]}", "holidays.extra[1]: this should be a date, such as 2026-12-24"),
        ("holidays: {country: Norway}", "holidays.country: No holidays of “Norway” are known"),
        ("holidays: {country: DE, subdivision: BAY}", "“BAY” is not a part of DE; did you mean BY?"),
        ("holidays: {subdivision: BY}", "holidays.subdivision: “BY” is not a part of any country"),
        (
            "tickets: {accounts: {main: {hosts: ['https://gitlab.zendesk.com/agent']}}}",
            "or path; write gitlab.zendesk.com",
        ),
        (
            "tickets: {accounts: {main: {hosts: [x.example], agent_url: 'https://y.example/{ticket}'}}}",
            "tickets.accounts.main.agent_url: y.example is not among the account's hosts",
        ),
        ("tickets: {accounts: {main: null}}", "tickets.accounts: One account is called main"),
        (
            "tickets: {accounts: {main: {hosts: [x.example]}, zd: {hosts: [y.example]}}}",
            "An account's name is one word",
        ),
        (
            "tickets: {accounts: {main: {hosts: [x.example]}, e-u: {hosts: [y.example]}}}",
            "An account's name is one word",
        ),
        (
            "tickets: {accounts: {main: {hosts: [x.example]}, emea: {hosts: [X.example]}}}",
            "tickets.accounts: A host belongs to one account; these stand here twice: x.example",
        ),
        (
            "tickets: {accounts: {main: {hosts: [x.example], agent_url: 'https://x.example/{id}'}}}",
            "The address names the ticket's number once",
        ),
        (
            "tickets: {accounts: {main: {hosts: [x.example], agent_url: x.example}}}",
            "main.agent_url: An address begins with https://",
        ),
        ("managers: {group: Support Managers}", "managers.group: A user group is named by its handle"),
        ("managers: {rota: {people: [], since: 2026-01-05}}", "managers.rota.people: this is empty"),
        ("managers: {rota: {people: [a@b.org]}}", "managers.rota.since: this is missing"),
        ("delivery: {lease: 60}", "delivery.lease: A length of time needs a number and a unit"),
        ("delivery: {lease: a while}", "delivery.lease: “a while” is not a length of time. Write for example 30s"),
        ("delivery: {lease: 1 business day}", "delivery.lease: Business days and hours are not counted here"),
        ("delivery: {lease: 0s}", "delivery.lease: This must be longer than nothing"),
        ("delivery: {retry_first: 1h}", "delivery.retry_longest: This is shorter than retry_first, 1h"),
        ("delivery: {give_up_after: 1m}", "delivery.give_up_after: This is shorter than retry_longest, 10m"),
        ("feedback: {default_area: runer}", "(general, runner, security); did you mean runner?"),
        ("feedback:\n  areas:\n    general: null", "feedback.default_area: “general” is not one"),
        (
            "feedback:\n  areas:\n    shop:\n      channel: #shop",
            "own.yml:4: feedback.areas.shop.channel: The channel is missing",
        ),
        ("feedback: {areas: {general: {label: X, channel: Our Shop}}}", 'A channel is written "#its-name"'),
        ("feedback: {areas: {Gen eral: {label: X, channel: shop}}}", "A key is one word"),
        ("feedback: {areas: {'*': null}}", "feedback.areas: this is empty"),
        ("feedback: {areas: [a]}", "feedback.areas: this should hold keys with values"),
        ("feedback: {kinds: {bugg: {label: X}}}", "feedback.kinds.bugg: there is no such key; did you mean bug?"),
        (
            "feedback: {kinds: {bug: {reply: 'see {issue_ulr}'}}}",
            "There is no {issue_ulr} to fill in; did you mean {issue_url}?",
        ),
        ("feedback: {kinds: {bug: {reply: 'a { b'}}}", "feedback.kinds.bug.reply: The braces do not match"),
        ("feedback: {kinds: {bug: {reply: '{ticket!r}'}}}", "feedback.kinds.bug.reply: A gap is just a name in braces"),
        ("feedback: {kinds: {bug: {reply: '{}'}}}", "feedback.kinds.bug.reply: There is no {} to fill in"),
        ("feedback: {kinds: {bug: {reply: '{ticket.real}'}}}", "There is no {ticket.real} to fill in"),
        ("feedback: {kinds: {bug: {reply: ''}}}", "feedback.kinds.bug.reply: this is empty"),
        ("feedback: {kinds: {bug: {reply: " + "x" * 2501 + "}}}", "reply: this is longer than 2500 characters"),
        ("feedback: {tag: two words}", "feedback.tag: A tag is one word"),
        ("feedback: {issue_project: gitlab}", "feedback.issue_project: A project is named by its path"),
        ("feedback: {issues_shown: many}", "feedback.issues_shown: this should be a whole number"),
        ("feedback: {issues_shown: 1.5}", "feedback.issues_shown: this should be a whole number"),
        ("feedback: {issues_shown: 9}", "feedback.issues_shown: this should be at most 8"),
        ("feedback: {issues_shown: -1}", "feedback.issues_shown: this should be at least 0"),
        ("feedback: {text_limit: 3001}", "feedback.text_limit: this should be at most 3000"),
        ("feedback: {questions: {title: This title is much too long}}", "title: this is longer than 24 characters"),
        ("feedback: {refund_url: 'javascript:alert(1)'}", "feedback.refund_url: An address begins with https://"),
        ("company: {name: A}\ncompany: {name: B}", "own.yml:2: company: this key stands here twice, first on line 1"),
        ("company:\n\tname: A", "own.yml:2: a tab stands here; YAML is indented with spaces"),
        ("company: [", "own.yml:1: this is not YAML"),
        ("company: 'A", "own.yml:1: this is not YAML"),
        ("- a\n- b", "own.yml:1: the file should hold keys with values"),
        ("just words", "own.yml:1: the file should hold keys with values"),
        ("admins: &a [*a]", "own.yml:1: admins[1]: this refers to itself"),
        ("? [a, b]\n: c", "own.yml:1: a key should be a plain word"),
        ("company: !!python/object:os.system {}", "own.yml:1: company: a tag stands here"),
        ("company: {name: !!int x}", "own.yml:1: company.name: this value cannot be read"),
        ("company: {name: \x00}", "own.yml:1: this is not a text file"),
        ("a: 1\n---\nb: 2", "this is not YAML: but found another document"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(write: Write, text: str, expected: str) -> None:
    """File, line, key, what is wrong, and the nearest right one."""
    path = write("")
    path.write_text(text, "utf-8")
    lines = refusal(path)
    assert any(expected in line for line in lines), lines


def test_every_mistake_is_named_at_once_in_the_order_of_the_file(write: Write) -> None:
    """Also where the form is wrong as well; each stands on a line of its own."""
    lines = refusal(
        write("""\
        feedback:
          text_limit: 5
          text_limit: 6
        time_zone: Nowhere
        compny: {}
        delivery:
          lease: soon
        """)
    )
    assert [line.split(": ")[:2] for line in lines] == [
        ["own.yml:2", "feedback.text_limit"],
        ["own.yml:3", "feedback.text_limit"],
        ["own.yml:4", "time_zone"],
        ["own.yml:5", "compny"],
        ["own.yml:7", "delivery.lease"],
    ]


def test_what_an_unknown_key_holds_is_not_held_against_it(write: Write) -> None:
    """One slip, one line."""
    assert len(refusal(write("feedback: {kinds: {bugg: {label: 7, colour: red}}}"))) == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, a folder, or no text."""
    binary = tmp_path / "binary.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert refusal(tmp_path / "none.yml") == ["none.yml: the policy file cannot be read: No such file or directory"]
    assert "cannot be read" in refusal(tmp_path)[0]
    assert refusal(binary) == ["binary.yml:1: this is not a text file in UTF-8"]


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`\n\t ?,~01.") | st.characters(exclude_categories=["Cs"])))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    """Whatever is written in a policy file, reading it ends in values or in problems with lines."""
    document = read(text)
    assert isinstance(document.values, dict)
    assert all(problem.line >= 1 and problem.sentence for problem in document.problems)


# ----------------------------------------------------------------------------------- show and check


def test_what_is_shown_can_be_loaded_again(write: Write) -> None:
    """The policy in effect is itself a policy file, and means the same."""
    policy = load(
        write("company: {name: 'on'}\nworking_time: {end: 24:00}\nfeedback: {kinds: {bug: {reply: \"a\\n\\n  b\"}}}")
    )
    shown = show(load_source(write(yaml.safe_dump(policy.model_dump(mode="json")))))
    assert load(write(shown)) == policy


def test_what_is_shown_says_what_is_ones_own(write: Write) -> None:
    """Each value of the own file carries its line; the others carry nothing."""
    path = write("""\
        company:
          name: ACME
        admins:
          - a@b.org
        feedback:
          kinds:
            bug:
              reply: |
                a

                b
        """)
    shown = show(load_source(path)).splitlines()
    assert [line for line in shown if "own.yml" in line] == [
        f"  name: ACME  # {path}:2",
        f"admins:  # {path}:3",
        f"      reply: |  # {path}:8",
    ]
    default = show(load_source())
    for place in (*CHANNELS, *ANCHORS):
        default = default.replace(place, "")
    assert "#" not in default


def test_check_says_ok_with_a_summary(write: Write) -> None:
    """Short, and telling enough to see whose policy it is."""
    result = CliRunner().invoke(app, ["check", str(write("company: {name: ACME}"))])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("ok: ACME works Mon-Fri 09:00-17:00 in UTC; tickets on gitlab.zendesk.com")


def test_check_warns_that_the_sheet_is_the_example(write: Write) -> None:
    """How long is waited before a page hangs on it; the link to the real one is said."""
    result = CliRunner().invoke(app, ["check", str(write("incident: {sheet_url: https://sheet.example.com}"))])
    assert result.exit_code == 0
    assert "warning: incident.systems holds the example of the default policy" in result.stdout
    assert "https://sheet.example.com is where the real one is" in result.stdout
    crm = "crm: {label: CRM, level: administrative, aliases: []}"
    more = CliRunner().invoke(app, ["check", str(write(f"incident: {{systems: {{{crm}}}}}"))])
    assert "warning" in more.stdout
    own = CliRunner().invoke(app, ["check", str(write(f"incident: {{systems: {{zendesk: null, {crm}}}}}"))])
    assert "warning" not in own.stdout


def test_check_names_the_mistakes_and_fails(write: Write) -> None:
    """So that a pipeline stops."""
    result = CliRunner().invoke(app, ["check", str(write("compny: {}"))])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "own.yml:1: compny: there is no such key; did you mean company?" in result.stderr


def test_show_shows_the_file_named_or_set_in_the_environment(write: Write) -> None:
    """By option, by ESCALATIONS_POLICY, or the defaults."""
    path = str(write("company: {name: ACME}"))
    run = CliRunner().invoke
    assert f"name: ACME  # {path}:1" in run(app, ["show", "--file", path]).stdout
    assert f"name: ACME  # {path}:1" in run(app, ["show"], env={"ESCALATIONS_POLICY": path}).stdout
    assert "name: GitLab\n" in run(app, ["show"], env={"ESCALATIONS_POLICY": ""}).stdout
    assert run(app, ["show", "--file", f"{path}.none"]).exit_code == 1


# ----------------------------------------------------------------------------------------- templates


def test_a_template_is_filled_and_its_missing_values_stay_visible() -> None:
    """Doubled braces become braces; a value is never read as a template."""
    text = "{ticket} {{ticket}} {issue_url} {company}"
    assert fill(text, {"ticket": "{company}", "company": "ACME"}) == "{company} {ticket} {issue_url} ACME"


@given(st.dictionaries(st.sampled_from(GAPS), st.text()), st.lists(st.sampled_from([*GAPS]), max_size=5))
def test_a_template_is_filled_as_format_would_fill_it(values: dict[str, str], names: list[str]) -> None:
    """Where every value is there, it is Python's own way of filling."""
    template = "{{x}} " + " ".join(f"{{{name}}}" for name in names)
    complete = {name: values.get(name, "") for name in GAPS}
    assert fill(template, complete) == template.format(**complete)
