"""The machine's own Chromium; nothing is downloaded for it."""

import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

NONE_HERE = "The tests of the page were left out: they need a Chromium. To have one: apt-get install chromium"

FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where it is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


if __name__ == "__main__":  # `make test` asks whether there is anything to run
    sys.exit(chromium() is None)
