"""Lists of Zendesk, page by page."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeVar

import httpx
from pydantic import TypeAdapter

from bot.clients.http import Call, Http
from bot.clients.zendesk_answers import ListPage

_MOST: Final = 100

P = TypeVar("P", bound=ListPage)


def pages(http: Http, call: Call, shape: TypeAdapter[P]) -> Iterator[P]:
    """The pages of a list, the first hundred of them; one that only names its cursor is followed as well."""
    for _ in range(_MOST):
        page = http.send(call, shape)
        yield page
        if page.following:
            # Only the query is taken from the vendor's link: the call goes to the configured host.
            call = replace(call, params=dict(httpx.URL(page.following).params))
        elif page.cursor:
            call = replace(call, params={**call.params, "page[after]": page.cursor})
        else:
            break
