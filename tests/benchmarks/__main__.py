"""How fast the desk is, beside what the field has and beside itself: `make bench`.

Prints one table, with what is to be reached, and writes it as JSON; `--page FILE` writes it as a page, too.
"""

import argparse
import asyncio
import logging
import shutil
import tempfile
from pathlib import Path

import structlog

from tests.benchmarks import bench_answers, bench_load, bench_timers
from tests.benchmarks.table import Line, as_json, as_markdown, as_text, machine, write
from tests.databases import Postgres, stop

PAGE = """# How fast the desk is

Measured by `make bench`, each line within one run: the desk beside what stands next to it. Machine: {machine}.
Single runs differ; a ratio is what to look at.

{table}
"""


async def measured(folder: Path, server: Postgres) -> list[Line]:
    """All lines, one after another: nothing is measured beside something else."""
    found = await bench_answers.lines(folder, server.create_migrated())
    found += await bench_load.busy(folder)
    found += await bench_load.laden(folder)
    found += await bench_load.several(folder, server.create_migrated(), server.create_migrated())
    return found + bench_timers.lines(folder, server.create_migrated)


def main() -> None:
    """Measure, and say it."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("--json", type=Path, default=Path("bench.json"), help="where to write it as JSON")
    asked.add_argument("--page", type=Path, help="where to write it as a page")
    options = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    where = machine()
    folder, home = Path(tempfile.mkdtemp(prefix="desk-bench-")), Path(tempfile.mkdtemp(prefix="desk-pg-"))
    try:
        found = asyncio.run(measured(folder, Postgres(home, fast=False)))
    finally:
        stop(home)
        shutil.rmtree(folder)
    print(f"{where}\n\n{as_text(found)}")  # noqa: T201
    write(options.json, as_json(found, where))
    if options.page:
        write(options.page, PAGE.format(machine=where, table=as_markdown(found)).rstrip())


if __name__ == "__main__":
    main()
