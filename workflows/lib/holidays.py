"""Holidays: the public ones of a country, and days a company names itself."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import holidays

from workflows.lib.suggestions import did_you_mean


@dataclass(frozen=True)
class Holidays:
    """Answers `date in days_off`. `country` is an ISO 3166-1 code, `subdivision` a part of it."""

    country: str | None = None
    subdivision: str | None = None
    extra: frozenset[date] = frozenset()

    @cached_property
    def _public(self) -> Container[date]:
        return holidays.country_holidays(self.country, subdiv=self.subdivision) if self.country else ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self.extra or day in self._public)


def check_country(country: str) -> str:
    """Return the code as it is. `ValueError` when no holidays of such a country are known."""
    known = holidays.list_supported_countries()
    if country not in known:
        raise ValueError(f"No holidays of “{country[:20]}” are known; a country is two letters, such as DE")
    return country


def check_subdivision(country: str | None, subdivision: str) -> None:
    """Raise `ValueError` when no holidays of such a part of this country are known."""
    known = holidays.list_supported_countries().get(country, []) if country else []
    if subdivision not in known:
        reason = f"known are {', '.join(known)}" if known else "the country has no parts of its own"
        near = did_you_mean(subdivision, known)
        raise ValueError(f"“{subdivision[:20]}” is not a part of {country or 'any country'}{near or '; ' + reason}")
