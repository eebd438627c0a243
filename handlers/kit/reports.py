"""What a customer said, as somebody types it behind a command: the ticket, the tone, the words, what is to be done."""

import re
from dataclasses import dataclass
from typing import Final

from handlers.kit.parsing import as_read
from workflows.lib.tickets import NotATicket, TicketRef, parse_ticket, split_command
from workflows.policy.model import Policy
from workflows.policy.review import Tone


@dataclass(frozen=True)
class Reported:
    """`123456 bad what they said next: what to do`. The tone is read from a first word; without one it is bad."""

    ticket: TicketRef
    tone: Tone
    words: str
    next_action: str = ""
    """What is to be done next: behind “next:” at the end."""


NEXT: Final = re.compile(r"(?:^|\s)next:", re.IGNORECASE)
TONES: Final = {
    "good": Tone.GOOD,
    "positive": Tone.GOOD,
    "bad": Tone.BAD,
    "negative": Tone.BAD,
    "neutral": Tone.NEUTRAL,
}


def of_report(text: str, usage: str, policy: Policy) -> Reported | str:
    """Read it, or say in a sentence what is wrong with it; `usage` is the sentence that shows how it is written."""
    ticket, said = split_command(text, policy.tickets.accounts)
    if ticket is None:
        try:
            parse_ticket(text.strip().partition(" ")[0], policy.tickets.accounts)
        except NotATicket as error:
            return f"{error.sentence} {usage}"
        return f"Begin with the ticket. {usage}"
    word, _, after = said.partition(" ")
    tone = TONES.get(word.strip(":,.").lower())
    words, _, action = NEXT.sub("\0", as_read(after if tone else said), count=1).partition("\0")
    return Reported(ticket, tone or Tone.BAD, words.strip(), action.strip())
