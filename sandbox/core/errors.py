"""What can go wrong in the sandbox: Slack's refusals, and what a person cannot do."""

from typing import Any


class SlackError(Exception):
    """A refusal in Slack's own words: `{"ok": false, "error": CODE}` and whatever stands beside it."""

    def __init__(self, code: str, **beside: Any) -> None:
        super().__init__(code)
        self.code = code
        self.beside = beside

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON body."""
        return {"ok": False, "error": self.code, **self.beside}


class Impossible(Exception):  # noqa: N818 - it is not an error of the sandbox: a person cannot do this in Slack
    """A person cannot do this in Slack: no such button, not in the channel, deactivated."""
