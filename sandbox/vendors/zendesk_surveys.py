"""The customer satisfaction survey of today in the sandbox's Zendesk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.vendors.base import Call, Refusal, Route, VendorResponse, whole

Record = dict[str, Any]
Cut = Callable[[Call, str, list[Record]], VendorResponse]
"""Cuts a page of a list."""


class Surveys:
    """The responses of an account; None where it has the older satisfaction ratings instead."""

    def __init__(self, cut: Cut) -> None:
        self.responses: list[Record] | None = None
        self._cut = cut

    def routes(self) -> list[Route]:
        """List what is served."""
        return [("GET", r"/guide/survey_responses", self._list)]

    def _list(self, call: Call) -> VendorResponse:
        if self.responses is None:
            raise Refusal(403, {"error": "Forbidden", "description": "CSAT surveys are not enabled"})
        since = whole(call, "filter[created_at_start]", 0, Refusal(400, {"error": "InvalidTime"})) / 1000
        about = call.query.get("filter[subject_zrns]")
        found = [
            one
            for one in self.responses
            if datetime.fromisoformat(one["answers"][0]["created_at"]).timestamp() >= since
            and about in {None, one["subjects"][0]["zrn"]}
        ]
        answer = self._cut(call, "survey_responses", found)
        answer.body.pop("links")  # the pages of these are known by their cursor alone
        return answer
