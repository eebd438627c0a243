"""`make test-repeat N=20`: the suite over and over, each time with another seed, beside two busy processes."""

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

BUSY = 2
"""So many processes burn the processor meanwhile: what is green only on an idle machine is not green."""

SUITE = ("-m", "pytest", "-q", "-n", "5", "--ignore", "tests/browser")


@contextmanager
def busy_machine() -> Iterator[None]:
    """Keep the processor busy, and let go of it whatever happens."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def repeat(times: int) -> int:
    """Run the suite so often, or until it is red for the first time; the exit status of the last run."""
    for run in range(1, times + 1):
        seed = secrets.randbelow(2**32)
        _say(f"Run {run} of {times}, seed {seed}.")
        began = time.monotonic()
        seeds = (f"--randomly-seed={seed}", f"--hypothesis-seed={seed}")
        status = subprocess.run([sys.executable, *SUITE, *seeds], check=False).returncode
        if status:
            _say(f"Red in run {run}: `make test SEED={seed}` plays the same order again.")
            return status
        _say(f"Green after {time.monotonic() - began:.0f} s.")
    _say(f"Green {times} times in a row.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with busy_machine():
        done = repeat(int(sys.argv[1]))
    sys.exit(done)
