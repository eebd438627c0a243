"""The machine's own Chromium; nothing is downloaded for it."""

import shutil

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
