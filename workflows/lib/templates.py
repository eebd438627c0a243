"""Texts with gaps, such as `{ticket}`: written in the policy, filled by the desk."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from string import Formatter
from typing import Annotated, Final

from pydantic import AfterValidator

GAPS: Final = ("ticket", "issue_url", "new_issue_url", "company")
"""What a reply may leave open."""
_GAP: Final = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}")


def gaps(template: str) -> frozenset[str]:
    """Return the names a template leaves open. `ValueError` when its braces are not balanced."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError("The braces do not match; write {{ and }} for braces to be shown") from error
    if any(form or conversion for _, _, form, conversion in parts):
        raise ValueError("A gap is just a name in braces, such as {ticket}")
    return frozenset(name for _, name, _, _ in parts if name is not None)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill the gaps; one without a value stays as it is, `{issue_url}`, so that a person sees what is missing.

    A value is never read as a template.
    """

    def one(gap: re.Match[str]) -> str:
        return values.get(gap[1], gap[0]) if gap[1] else gap[0][0]

    return _GAP.sub(one, template)


def only(*known: str) -> Callable[[str], str]:
    """Return a check for a template: it may leave open these gaps, and no others."""

    def check(template: str) -> str:
        for name in sorted(gaps(template) - set(known)):
            near = get_close_matches(name, known, n=1)
            suggestion = (
                f"did you mean {{{near[0]}}}?" if near else f"known are {', '.join(f'{{{gap}}}' for gap in known)}"
            )
            raise ValueError(f"There is no {{{name}}} to fill in; {suggestion}")
        return template

    return check


Template = Annotated[str, AfterValidator(only(*GAPS))]
"""A text whose gaps are all known."""
