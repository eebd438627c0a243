"""What the listeners of manager contact say at once and privately."""

from collections.abc import Iterable

from handlers.kit.parsing import as_read
from handlers.kit.texts import with_what_was_typed
from workflows.contact import texts
from workflows.contact.model import ContactCase
from workflows.contract.slack_port import Person
from workflows.lib.markup import escape
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy


def help_text(policy: Policy) -> str:
    """The answer to `/manager-contact help`."""
    contact = policy.contact
    return "\n".join(
        (
            "*A customer wants to hear from a manager.*",
            "`/manager-contact 123456 what happened` opens a request; any link to the ticket will do, too.",
            f"So does a message in {contact.channel} that names a ticket and asks for contact.",
            "`/manager-contact why MC-7` says how the due time was worked out, and what happened so far.",
            "`/manager-contact list` shows what waits; add `mine`, `unclaimed`, `overdue`, `@somebody` or a ticket.",
            "`/manager-contact list unanswered` shows the messages that may be requests.",
            "`/manager-contact export 30d` sends managers a table of the requests.",
            "`/manager-contact help` shows this.",
            f"The manager on duty has {contact.within.words} on working days, is reminded, and nobody is forgotten.",
            "What you write is shown to the managers privately. The desk never writes to a customer.",
        )
    )


def not_understood(sentence: str, text: str) -> str:
    """What is wrong, and what was typed."""
    return with_what_was_typed(f":warning: {escape(sentence)}\n`/manager-contact help` says more.", as_read(text))


def list_not_understood(asked: str) -> str:
    """A word behind `list` that means nothing there."""
    say = "Try `/manager-contact list`, with `mine`, `unclaimed`, `overdue`, `unanswered`, `@somebody` or a ticket."
    return with_what_was_typed(f":warning: I don't know what to list. {say}", as_read(asked))


def managers_only(policy: Policy) -> str:
    """Only managers decide here; who they are."""
    group = policy.managers.group
    who = f"the managers (@{escape(group)})" if group else "the managers"
    return (
        f"Only {who} can do this, and who owns the request. Nothing was changed. *Why?* shows how it stands; "
        "write in the thread if you know something that helps."
    )


def no_case_of_ticket(ticket: TicketRef) -> str:
    """No request for this ticket."""
    return f"There is no request for ticket {ticket}. `/manager-contact {ticket} what happened` opens one."


def not_a_manager(person: Person, policy: Policy) -> str:
    """Somebody who is no manager, and so could not decide anything about it."""
    group = policy.managers.group
    return f"{person.name} is not one of the managers{f' (@{group})' if group else ''}. Please choose one of them."


def other_ticket(sentence: str) -> str:
    """For a person who named a ticket on another host, in the thread of their message."""
    return (
        f":warning: {escape(sentence)} So no request was opened. `/manager-contact 123456 what happened` opens one, "
        "or write again with the ticket's number."
    )


def which_ticket(tickets: Iterable[TicketRef]) -> str:
    """Somebody named several, where one was asked for."""
    named = ", ".join(ticket.label for ticket in tickets)
    return f":warning: You named {named}. Please reply with the one ticket this is about."


def ticket_taken(other: ContactCase) -> str:
    """Say that another request is open for this ticket."""
    return f"{other.id} is open for {texts.ticket_name(other)} already. Please cancel one of the two."
