"""The machine's own Chromium; nothing is downloaded for it."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

NONE_HERE = "the tests of the page need a Chromium, and there is none here: apt-get install chromium"

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
