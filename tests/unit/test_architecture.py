"""Who may import whom, who may ask what time it is, and other rules of the house, read from the source itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "workflows", "storage", "sandbox")

MAY_IMPORT = {
    "storage": set(),
    "workflows": {"storage"},
    "handlers": {"workflows"},
    "bot": {"handlers", "workflows", "storage"},
    "sandbox": set(),
}
"""Which of our rooms each room may use, besides itself."""

AT_WORK = "bot/service/run.py"
"""What runs a real desk. Only parts of `bot` that it does not reach (the demo, the tour) may use the sandbox."""

KEPT_OUT = {
    "storage": {"slack_bolt", "slack_sdk", "httpx", "apscheduler", "fastapi"},
    "workflows": {"slack_bolt", "slack_sdk", "httpx", "apscheduler", "fastapi", "alembic"},
    "handlers": {"httpx", "apscheduler", "fastapi", "sqlalchemy", "sqlmodel"},
}
"""Which libraries have no business in a room."""

ENGINE = {
    "workflows/engine/cases.py",
    "workflows/engine/claims.py",
    "workflows/engine/dispatcher.py",
    "workflows/engine/unsure.py",
    "workflows/engine/engine.py",
    "workflows/engine/inbox.py",
    "workflows/engine/news.py",
    "workflows/engine/pages.py",
    "workflows/engine/privacy.py",
}
"""The modules of `workflows` that work with the database; all the others only decide, and read nothing."""

IO = {"storage", "sqlalchemy", "sqlmodel", "socket", "subprocess", "urllib.request", "requests", "threading", "asyncio"}

MAY_ASK_THE_TIME = {
    "bot/service/clock.py": "the one clock",
    "sandbox/core/clock.py": "the sandbox's own",
}
ASKS_THE_TIME = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.clock_gettime",
    "time.localtime",
    "time.gmtime",
}
"""How long something took may be measured (`perf_counter`, `monotonic`): no rule depends on it."""

LONGEST_MODULE = 400

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FEWEST_WORDS = 3
LEANS = re.compile(r"(As above|The same|And|But|Or|So|Then|It|They|Also|Too|Likewise|What follows|Both|Neither|That)\b")
"""How a docstring begins that cannot be understood without its name, or without the one above."""

RETIRED = re.compile(
    r"\b(carriers?|carried|hearing|hearers?|hears|pulses?|untold|crew|rehears\w*|happenings?|tellers?|telling|deeds?|"
    r"backstage|twins?|goodbyes?|plausible|unwatched|levers?|owed|told at|duty desk|responder desk|let go of card|"
    r"days off|wordings?|pager news)\b"
)
"""Names that have one in the field: executor, message handlers, worker, simulator, narrator, action, duplicate, stubs,
controls, on-call resolver, detach, farewell, holidays, texts."""
ORDINARY = {"telling", "carried", "hearing", "hears", "happening", "days off", "untold", "goodbye", "owed"}
"""Words of plain English that may stand in a sentence, and nowhere else."""

VENDORS = re.compile("zendesk|gitlab|pagerduty|salesforce|google", re.IGNORECASE)
NAME_VENDORS = (
    "bot/clients/",
    "bot/webhooks/",
    "bot/doctor/",
    "bot/service/settings.py",
    "bot/service/assemble.py",
    "bot/demo/",
    "sandbox/",
)
"""Where vendors are spoken to, set up, or played."""


@cache
def source(path: str) -> ast.Module:
    """A module, parsed."""
    return ast.parse((ROOT / path).read_text("utf-8"), path)


def modules(*rooms: str) -> list[str]:
    """The modules of these rooms, by their path."""
    return sorted(
        path.relative_to(ROOT).as_posix() for room in rooms for path in (ROOT / room).rglob("*.py") if path.is_file()
    )


def imported(path: str) -> Iterator[str]:
    """Every module that this one imports, wherever in it."""
    for node in ast.walk(source(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def reached_from(path: str) -> frozenset[str]:
    """The modules of `bot` that this one imports, and what those import, and so on."""
    reached, ahead = set(), {path}
    while ahead:
        reached.add(here := ahead.pop())
        ahead |= {found for module in imported(here) if (found := _file_of(module))} - reached
    return frozenset(reached)


def _file_of(module: str) -> str | None:
    name = module.replace(".", "/")
    if top(module) != "bot":
        return None
    return next((path for path in (f"{name}.py", f"{name}/__init__.py") if (ROOT / path).exists()), None)


def room_of(path: str) -> str:
    """The room a module belongs to."""
    return path.split("/", 1)[0]


def top(module: str) -> str:
    """The package a module belongs to."""
    return module.split(".", 1)[0]


def test_there_is_something_to_read() -> None:
    """The rooms are where these tests look for them."""
    assert {room_of(path) for path in modules(*ROOMS)} == set(ROOMS)
    assert "storage" in {top(module) for module in imported("workflows/engine/engine.py")}
    assert {"bot/service/assemble.py", "bot/service/worker.py", "bot/clients/slack.py"} <= reached_from(AT_WORK)
    assert not {"bot/demo/session.py", "bot/demo/tour.py"} & reached_from(AT_WORK)


Offends = Callable[[str], Iterable[object]]
"""What is wrong with a module, by its path; nothing where all is well."""


def offenders(paths: Iterable[str], offends: Offends) -> list[str]:
    """Every module that breaks a rule of the house, each on a line with what is wrong with it."""
    found = {path: sorted(str(one) for one in offends(path)) for path in paths}
    assert found, "no module was looked at"
    return [f"{path}: {', '.join(wrong)}" for path, wrong in found.items() if wrong]


def test_a_room_uses_only_the_rooms_below_it() -> None:
    """One direction: bot, handlers, workflows, storage; the sandbox stands apart."""
    assert offenders(modules(*ROOMS), _imports_from_above) == []


def _imports_from_above(path: str) -> set[str]:
    room = room_of(path)
    ours = {top(module) for module in imported(path)} & set(ROOMS) - {room}
    allowed = set(MAY_IMPORT[room])
    if room == "bot" and path not in reached_from(AT_WORK):
        allowed.add("sandbox")
    return ours - allowed


def test_a_room_knows_nothing_of_what_lies_behind_the_ports() -> None:
    """The processes know no vendor's library; what people see knows no database."""
    assert offenders(modules(*KEPT_OUT), _kept_out) == []


def _kept_out(path: str) -> set[str]:
    return {top(module) for module in imported(path)} & KEPT_OUT[room_of(path)]


def test_what_decides_touches_nothing() -> None:
    """Rules, models, wording and deadlines are pure: a test of them needs no fixture."""
    assert offenders(sorted(set(modules("workflows")) - ENGINE), _touches) == []


def _touches(path: str) -> set[str]:
    io = {module for module in imported(path) if module in IO or top(module) in IO}
    calls = {ast.unparse(node.func) for node in ast.walk(source(path)) if isinstance(node, ast.Call)}
    return io | calls & {"open", "print", "input"}


def test_only_the_clock_asks_what_time_it_is() -> None:
    """Everybody else is told: that is how a test moves time."""
    assert offenders(sorted(set(modules(*ROOMS)) - set(MAY_ASK_THE_TIME)), _asks_the_time) == []


def _asks_the_time(path: str) -> set[str]:
    asked = {
        ast.unparse(node)
        for node in ast.walk(source(path))
        if isinstance(node, ast.Attribute) and _ends_as(ast.unparse(node), ASKS_THE_TIME)
    }
    asked |= {
        f"{node.module}.{alias.name}"
        for node in ast.walk(source(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module == "time" and f"time.{alias.name}" in ASKS_THE_TIME
    }
    return asked


def test_no_reason_is_left_over() -> None:
    """An exception that is not needed any more is taken off its list."""
    for path in MAY_ASK_THE_TIME:
        text = (ROOT / path).read_text("utf-8")
        assert any(asks in text for asks in ASKS_THE_TIME), path
    for path in ENGINE:
        assert set(imported(path)) & IO or "storage" in {top(module) for module in imported(path)}, path


def _ends_as(name: str, known: set[str]) -> bool:
    return any(name == asks or name.endswith(f".{asks}") for asks in known)


def test_vendors_are_named_only_where_they_are_spoken_to() -> None:
    """What another ticket system, tracker or paging service touches: its client, webhooks, settings, doctor, assembly.

    Rules and cards say what they are (`actors`), and people read the names that the policy gives them.
    """
    elsewhere = [path for path in modules(*ROOMS) if not path.startswith(NAME_VENDORS)]
    assert offenders(elsewhere, _names_a_vendor) == []
    assert _names_a_vendor("bot/clients/zendesk.py")


def _names_a_vendor(path: str) -> set[str]:
    """Vendors in names and texts; a docstring may say whose page or protocol it goes by."""
    tree = source(path)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {word for node in ast.walk(tree) if id(node) not in docs for word in _words(node) if VENDORS.search(word)}


def _words(node: ast.AST) -> Iterator[str]:
    yield from _names(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _names(node: ast.AST) -> Iterator[str]:
    for field in ("name", "asname", "id", "attr", "arg", "module"):
        word = getattr(node, field, None)
        if isinstance(word, str):
            yield word


def test_a_module_can_be_read_in_one_go() -> None:
    """One noun a module: one that grows beyond this says "and" somewhere."""
    assert offenders(modules(*ROOMS), _too_many_lines) == []


def _too_many_lines(path: str) -> list[str]:
    lines = len((ROOT / path).read_text("utf-8").splitlines())
    return [f"{lines} lines"] if lines > LONGEST_MODULE else []


def test_what_others_use_says_what_it_is() -> None:
    """Every module, and every public class and function of it, has a docstring."""
    assert offenders([path for path in modules(*ROOMS) if "/versions/" not in path], _says_nothing) == []


def _says_nothing(path: str) -> list[str]:
    tree = source(path)
    nameless = [] if ast.get_docstring(tree) else ["the module"]
    return nameless + [name for name, node in _public(tree) if not ast.get_docstring(node)]


def test_a_docstring_can_be_read_alone() -> None:
    """It says what the thing does: no single word, and no leaning on its name or on the one above."""
    assert offenders([path for path in modules(*ROOMS) if "/versions/" not in path], _riddles) == []


def _riddles(path: str) -> list[str]:
    nodes = [node for node in ast.walk(source(path)) if isinstance(node, DOCUMENTED)]
    first = {node: (ast.get_docstring(node) or "").partition("\n")[0] for node in nodes}
    return [
        f"{getattr(node, 'name', 'the module')}: {line}"
        for node, line in first.items()
        if line and (len(line.split()) < FEWEST_WORDS or LEANS.match(line))
    ]


def test_every_thing_has_one_name() -> None:
    """Names that were given up for the field's terms do not come back: in code, logs, metrics, policy and README."""
    assert offenders(modules(*ROOMS), _retired_names) == []
    for page in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "bot/policy.default.yml",
        *(ROOT / "docs").glob("*.md"),
    ):
        assert sorted(set(RETIRED.findall(page.read_text("utf-8").lower())) - ORDINARY) == [], page.name


def _retired_names(path: str) -> set[str]:
    texts = {node.value for node in ast.walk(source(path)) if isinstance(node, ast.Constant) and node.value}
    logged = {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+", text)}
    names = logged | {word for node in ast.walk(source(path)) for word in _names(node)}
    return {name for name in names if RETIRED.search(" ".join(re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name)).lower())}


def _public(
    parent: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if any(ast.unparse(decorator).endswith((".setter", "overload")) for decorator in node.decorator_list):
            continue
        yield f"{prefix}{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{node.name}.")


IMPORT_ALL = """
import importlib, socket, sys, threading
from pathlib import Path

def refuse(*_):
    raise AssertionError("a socket was opened")

socket.socket.connect = refuse
before = set(Path.cwd().rglob("*"))
for name in sys.argv[1:]:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
assert set(Path.cwd().rglob("*")) == before
"""


def test_importing_does_nothing(tmp_path: Path) -> None:
    """With an empty environment every module can be imported: no setting is read, no file, thread or socket made."""
    names = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in modules(*ROOMS)
        if "/migrations/" not in path and not path.endswith("__main__.py")
    ]
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", IMPORT_ALL, *names],
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
