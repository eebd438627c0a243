"""The structure of the code, read from its imports: `python -m tests.structure` prints it in a page.

A room is a folder; the files right in a top folder (`handlers/home.py`) are its roof.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOPS = ("bot", "handlers", "workflows", "storage", "sandbox")
LONG = 250

Graph = Mapping[str, frozenset[str]]


@cache
def sources(root: Path = ROOT) -> Mapping[str, str]:
    """Every module of ours by its dotted name, with its text."""
    found = (path.relative_to(root) for top in TOPS for path in sorted((root / top).rglob("*.py")))
    return {_dotted(path): (root / path).read_text("utf-8") for path in found if "migrations" not in path.parts}


@cache
def imports(root: Path = ROOT) -> Graph:
    """Which modules of ours each module imports, wherever in it and also for types only."""
    known = sources(root)
    return {name: frozenset(_imported(text, known)) - {name} for name, text in known.items()}


def room_of(module: str, root: Path = ROOT) -> str:
    """The folder a module stands in, such as `workflows/engine`."""
    path = module.replace(".", "/")
    return path if (root / path).is_dir() else path.rpartition("/")[0]


def rooms(root: Path = ROOT) -> Graph:
    """Which rooms each room imports."""
    graph: dict[str, set[str]] = {}
    for module, imported in imports(root).items():
        here = room_of(module, root)
        graph.setdefault(here, set()).update({room_of(one, root) for one in imported} - {here})
    return {room: frozenset(others) for room, others in graph.items()}


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """The groups in which everything can be reached from everything else: none, in a house one can live in."""
    reach = {node: reached(graph, node) for node in graph}
    groups = {frozenset({node, *(one for one in reach[node] if node in reach[one])}) for node in graph}
    return sorted(tuple(sorted(group)) for group in groups if len(group) > 1)


def reached(graph: Graph, start: str) -> set[str]:
    """Everything that is imported from here on, through the imports of the imports."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph.get(ahead.pop(), frozenset()) - found
        found |= new
        ahead.extend(new)
    return found


@cache
def external(module: str, root: Path = ROOT) -> set[str]:
    """The packages of others that a module imports."""
    tree = ast.parse(sources(root)[module])
    return {name.partition(".")[0] for name in _names(tree)} - set(TOPS)


def report(root: Path = ROOT) -> Iterator[str]:
    """Rooms, their sizes and what they import, then what should not be."""
    graph, sizes = rooms(root), {name: text.count("\n") for name, text in sources(root).items()}
    for room in sorted(graph):
        inside = [name for name in sizes if room_of(name, root) == room]
        lines = sum(sizes[name] for name in inside)
        yield f"{room:<28}{len(inside):>4} modules {lines:>6} lines   {' '.join(sorted(graph[room])) or '-'}"
    yield f"\nCircles between files: {_listed(circles(imports(root)))}"
    yield f"Circles between rooms: {_listed(circles(graph))}"
    long = sorted(((lines, name) for name, lines in sizes.items() if lines > LONG), reverse=True)
    yield f"Modules over {LONG} lines: {len(long)}" + "".join(f"\n  {lines} {name}" for lines, name in long)


def _listed(found: list[tuple[str, ...]]) -> str:
    return "none" if not found else "".join(f"\n  {' <-> '.join(group)}" for group in found)


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imported(text: str, known: Mapping[str, str]) -> Iterator[str]:
    for name in _names(ast.parse(text)):
        while name and name not in known:
            name = name.rpartition(".")[0]  # noqa: PLW2901 - a name in a module is the module
        if name:
            yield name


def _names(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


if __name__ == "__main__":
    print("\n".join(report()))  # noqa: T201 - that is what it is for
