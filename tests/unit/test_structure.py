"""The rooms: no circles, one direction, and what decides touches nothing, through the imports of its imports."""

from pathlib import Path

from tests.structure import circles, external, imports, reached, report, room_of, rooms, sources

PROCESSES = ("feedback", "contact", "incident", "polling", "request", "review", "csm")
RULES = tuple(f"workflows/{name}" for name in PROCESSES)
LIB, POLICY, CONTRACT, ENGINE = "workflows/lib", "workflows/policy", "workflows/contract", "workflows/engine"

MAY_IMPORT: dict[str, set[str]] = {
    "storage": set(),
    "workflows": set(),
    LIB: set(),
    POLICY: {LIB},
    CONTRACT: {LIB, POLICY},
    ENGINE: {"storage", LIB, POLICY, CONTRACT},
    **{room: {LIB, POLICY, CONTRACT} for room in RULES},
    "handlers/kit": {LIB, POLICY, CONTRACT},
    **{room.replace("workflows", "handlers"): {"handlers/kit", room, LIB, POLICY, CONTRACT} for room in RULES},
    "handlers": {"handlers/kit", *(room.replace("workflows", "handlers") for room in RULES)},
    "sandbox/blockkit": set(),
    "sandbox/core": {"sandbox/blockkit"},
}
"""Which rooms each room may import, besides itself; the rooms of `bot` may import all of these but the sandbox."""

PURE = {LIB, POLICY, CONTRACT, *RULES}
IO = {"storage", "sqlalchemy", "sqlmodel", "alembic", "socket", "subprocess", "requests", "threading", "asyncio"}
IO |= {"slack_bolt", "slack_sdk", "httpx", "apscheduler", "fastapi"}
"""What a room that only decides knows nothing of."""


def test_no_module_and_no_room_reaches_itself() -> None:
    """Whoever reads a room meets only rooms below it."""
    assert circles(imports()) == []
    assert circles(rooms()) == []


def test_a_room_imports_only_the_rooms_below_it() -> None:
    """Library, policy, contract, rules and engine, handlers, bot; the sandbox knows nothing of the desk."""
    wrong = [
        f"{room} imports {', '.join(sorted(others - MAY_IMPORT[room]))}"
        for room, others in rooms().items()
        if room in MAY_IMPORT and others - MAY_IMPORT[room]
    ]
    wrong += [
        f"{room} imports {other}"
        for room, others in rooms().items()
        for other in others
        if room.startswith("sandbox") and not other.startswith("sandbox")
    ]
    assert wrong == []


def test_every_room_has_its_line() -> None:
    """A new room says what it may import; one that is gone is taken off the list."""
    held = {room for room in rooms() if room.startswith(("storage", "workflows", "handlers"))}
    assert held | {"sandbox/blockkit", "sandbox/core"} == set(MAY_IMPORT)


def test_what_decides_touches_nothing() -> None:
    """Rules, policy and contract reach no database, no network and no thread, through the imports of their imports."""
    graph = imports()
    wrong = [
        f"{module} reaches {', '.join(sorted(found))} in {one}"
        for module in sources()
        if room_of(module) in PURE
        for one in sorted({module, *reached(graph, module)})
        if (found := (external(one) & IO) | ({"storage"} if one.startswith("storage") else set()))
    ]
    assert wrong == []


def test_only_the_engine_imports_storage() -> None:
    """Of `workflows` and `handlers`, one room knows the database."""
    rooms_that_do = {room for room, others in rooms().items() if "storage" in others and not room.startswith("bot")}
    assert rooms_that_do == {ENGINE}


def test_a_circle_would_be_seen(tmp_path: Path) -> None:
    """Two modules that import each other, in two rooms that do, are found in another tree."""
    for name, text in {"storage/a.py": "from bot.x.b import B\n", "bot/x/b.py": "import storage.a\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert circles(imports(tmp_path)) == [("bot.x.b", "storage.a")]
    assert circles(rooms(tmp_path)) == [("bot/x", "storage")]
    assert any("bot.x.b <-> storage.a" in line for line in report(tmp_path))
