"""Strings with a syntax of their own: addresses, numbers, days and times of day."""

import re
from datetime import date

from sandbox.blockkit.shapes import Pattern


def _is_date(words: str) -> bool:
    """Tell whether this is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


URL = Pattern("url", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+").fullmatch)
WEB_URL = Pattern("url", re.compile(r"https?://\S+").fullmatch)
EMAIL = Pattern("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch)
NUMBER = Pattern("number", re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch)
DATE = Pattern("date", _is_date)
TIME = Pattern("time", re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]").fullmatch)
