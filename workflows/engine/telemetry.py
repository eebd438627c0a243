"""What the engine, the dispatcher and the inbox tell of their work, for whoever counts it."""

from datetime import timedelta


class Telemetry:
    """Told what happens, and does nothing about it; `bot.service.metrics` counts.

    Nothing told here names a person, a channel or a case: all of it has few different values.
    """

    def event(self, what: str, result: str) -> None:
        """An event was taken: its class' name; saved, repeated, refused, duplicate, or broken."""

    def timer(self, name: str, late: timedelta) -> None:
        """A timer went off so long after it was due."""

    def effect(self, what: str, system: str, outcome: str) -> None:
        """An effect was tried: its type; the system of its lane; done, retry, given_up or dropped."""

    def webhook(self, vendor: str, outcome: str) -> None:
        """A webhook came: taken, repeated, ignored, malformed, too_large, forbidden."""

    def fact(self, what: str, outcome: str) -> None:
        """A fact from a webhook was handled: its type; done or failed."""


NULL_TELEMETRY = Telemetry()
