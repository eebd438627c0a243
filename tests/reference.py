"""The tables of the docs, made from the code: `make reference` writes them anew, a test holds them to it."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.policyfile.loader import load_source
from bot.policyfile.schema import settings as policy_settings
from bot.service.settings import variables
from handlers.kit.access import WORDS, Table, line_of
from handlers.kit.process import access_of
from handlers.registry import PROCESSES
from tests.listeners import listeners

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
INSTALL = ROOT / "docs" / "install.md"
POLICY = ROOT / "docs" / "policy.md"
WHO_MAY = ROOT / "docs" / "who-may.md"
PAGES = (INSTALL, POLICY, WHO_MAY)
LONGEST_DEFAULT = 60


def settings_table() -> str:
    """Every environment variable, and what it is for."""
    rows = (f"| {name} | {description} |" for name, description in variables())
    return "\n".join(["| variable | what it is |", "|---|---|", *rows])


def policy_table() -> str:
    """Every key of the policy, what it means, and its default."""
    return "\n".join(["| key | what it is | default |", "|---|---|---|", *_policy_rows()])


def _policy_rows() -> Iterator[str]:
    text = (ROOT / "bot" / "policy.default.yml").read_text(encoding="utf-8")
    default = yaml.load(text, Loader=yaml.BaseLoader)  # as written: 17:00 stays 17:00
    for setting in policy_settings():
        key = ".".join(str(step) for step in setting.path)
        shown = "" if setting.is_section or "*" in setting.path else _default(default, setting.path)
        yield f"| `{key}` | {_cell(setting.description)} | {shown} |"


def _default(document: object, path: tuple[object, ...]) -> str:
    for step in path:
        document = document.get(str(step)) if isinstance(document, dict) else None
    flow = yaml.safe_dump(document, default_flow_style=True, width=10_000, allow_unicode=True)
    text = flow.removesuffix("\n...\n").strip().replace("\n", " ")
    return f"`{_cell(text if len(text) <= LONGEST_DEFAULT else text[: LONGEST_DEFAULT - 1] + '…')}`"


def who_may_table() -> str:
    """Every listener, and whom it is for. `LookupError` for one that is not listed."""
    table, found = access_of(PROCESSES), listeners()
    rows = [
        f"| `{name}` | {found.get(name, 'command with this word')} | {_whom(table, name)} |"
        for name in sorted({*found, *table})
    ]
    return "\n".join(["| name | what it is | who may |", "|---|---|---|", *rows])


def _whom(table: Table, name: str) -> str:
    if line_of(table, name) is None:
        raise LookupError(f"Nobody says who may use {name!r}: add a line to the access.py of its process.")
    return " or ".join(WORDS[who] for who in table[name])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


def with_tables(page: str) -> str:
    """A page with its tables as they have to be."""
    tables = {"settings": settings_table, "policy": policy_table, "who-may": who_may_table}
    for name, table in tables.items():
        page = _with_table(page, name, table())
    return page


def _with_table(page: str, name: str, table: str) -> str:
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = page.partition(start)
    return f"{before}{start}{table}\n{end}{rest.partition(end)[2]}" if found else page


def main() -> None:
    """Write the tables anew."""
    load_source(None)  # a default policy that does not load makes no table
    for path in PAGES:
        path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
