"""What GitLab's stand-in reads from a call, and how it answers."""

from typing import Any

from sandbox.vendors.base import Call, Refusal, VendorResponse, whole

Record = dict[str, Any]


def whole_url(call: Call, issue: Record) -> Record:
    """Give a record its whole address, as the API does."""
    return {**issue, "web_url": call.site + issue["web_url"]}


def shown(call: Call, issue: Record, status: int = 200) -> VendorResponse:
    """Answer with a record."""
    return VendorResponse(whole_url(call, issue), status)


def bad_request(sentence: str) -> Refusal:
    """Refuse a call with a parameter that cannot be."""
    return Refusal(400, {"error": sentence})


def one_of(call: Call, name: str, default: str, values: dict[str, Any]) -> Any:
    """Read a parameter that is one of some words; return what stands for it."""
    value = call.query.get(name, default)
    if value not in values:
        raise bad_request(f"{name} does not have a valid value")
    return values[value]


def labels_sent(call: Call, name: str) -> list[str] | None:
    """Read labels: an array, whose strings are split at commas, or one such string."""
    sent = call.body.get(name)
    if sent is None:
        return None
    given = [sent] if isinstance(sent, str) else sent
    if not isinstance(given, list) or not all(isinstance(label, str) for label in given):
        raise bad_request(f"{name} is invalid")
    return [part.strip() for label in given for part in label.split(",") if part.strip()]


def paged(call: Call, records: list[Record]) -> VendorResponse:
    """Answer with a page of records."""
    bad = bad_request("page is invalid")
    page, size = whole(call, "page", 1, bad), whole(call, "per_page", 20, bad)
    if page < 1 or size < 1:
        raise bad
    size = min(size, 100)
    more = len(records) > page * size
    headers = {"x-page": str(page), "x-next-page": str(page + 1) if more else ""}
    return VendorResponse(records[(page - 1) * size : page * size], 200, headers)
