"""The modals of manager contact. What was typed always comes back with what was wrong with it."""

from typing import Any

from handlers.contact import cards
from handlers.contact.ids import TO_DUTY, TO_PERSON, Button, Field, View
from handlers.contact.timeline import explained, rendered
from handlers.kit.blocks import Block, Choice, Element, context, divider, field, modal, radio, section, text_input
from handlers.kit.memory import Memory
from workflows.contact import texts
from workflows.contact.model import ContactCase, Source, TicketCheck, words
from workflows.contract.engine import TimelineEntry
from workflows.contract.slack_port import Person
from workflows.lib.markup import escape
from workflows.policy.contact import Way
from workflows.policy.model import Policy

ModalView = dict[str, Any]

LINE_LIMIT = 500
WORDS_IN_DRAFT = 600
OF_THE_CUSTOMER = {Source.TICKETS, Source.TRACKER}
"""Sources that bring the customer's own words; the others bring somebody's about the customer."""


def contacted(case: ContactCase, policy: Policy, draft: str = "", how: Way | None = None) -> ModalView:
    """Ask how the customer was contacted and what was sent. A reply on the ticket asks one thing more."""
    contact, way = policy.contact, how or policy.contact.default_way
    ways = [Choice(one, contact.ways[one]) for one in Way]
    limit = contact.text_limit
    blocks: list[Block] = [
        section(f"*{case.id} · {cards.ticket_link(case, policy)}*"),
        *cards.said(case),
        {
            **field(Field.HOW, "How did you contact the customer?", radio(Button.HOW, ways, way)),
            "dispatch_action": True,
        },
        *(_on_the_ticket(case, policy) if way is Way.TICKET else []),
        field(
            Field.TEXT,
            "What did you send or say?",
            text_input(Field.TEXT, "", draft[:limit], multiline=True, limit=limit),
            hint="It becomes a comment on the feedback issue. The desk sends nothing to the customer: you do.",
        ),
    ]
    return _modal(f"{case.id}: contacted", blocks, View.CONTACTED, "Save", case)


def _on_the_ticket(case: ContactCase, policy: Policy) -> list[Block]:
    state = {
        TicketCheck.CLOSED: " This ticket is closed: a reply would open a follow-up ticket.",
        TicketCheck.SOLVED: " This ticket is solved: a reply reopens it.",
    }.get(case.check, "")
    return [
        section(f":warning: {escape(policy.contact.reopen_warning)}{state}"),
        field(
            Field.BRIEFED,
            "Which engineer goes on with the ticket?",
            {"type": "users_select", "action_id": Field.BRIEFED, "placeholder": _placeholder("Choose an engineer")},
            hint="The ticket is assigned to them, and they are told by direct message.",
        ),
        field(
            Field.BRIEFING,
            "What should they do next?",
            text_input(Field.BRIEFING, "", multiline=True, limit=policy.contact.text_limit),
            optional=True,
            hint="They get this with the ticket, what the customer said and what you sent.",
        ),
    ]


def draft(case: ContactCase, policy: Policy, who: Person | None) -> str:
    """The message that is offered to who opens the modal."""
    names = [name.lower() for name in (who.id, who.email) if name] if who else []
    urls = {person.lower(): url for person, url in policy.contact.scheduling_urls.items()}
    own = case.booking_links.get(who.id) if who else None
    url = own or next((urls[name] for name in names if name in urls), None)
    return texts.draft(case, policy, name=who.name if who else "", words=_customers_words(case), scheduling_url=url)


def _customers_words(case: ContactCase) -> str:
    said = "\n".join(origin.words for origin in case.origins if origin.source in OF_THE_CUSTOMER and origin.words)
    return said if len(said) <= WORDS_IN_DRAFT else ""


def reassign(case: ContactCase, _policy: Policy) -> ModalView:
    """Ask whose it shall be."""
    ways = [
        Choice(TO_DUTY, "Whoever is on duty now", "Asks the on-call schedule again"),
        Choice(TO_PERSON, "This person", "Choose below"),
    ]
    person: Element = {
        "type": "users_select",
        "action_id": Field.PERSON,
        "placeholder": _placeholder("Choose a person"),
    }
    blocks = [
        field(Field.TO, f"Who shall have {case.id}?", radio(Field.TO, ways, TO_DUTY)),
        field(Field.PERSON, "Person", person, optional=True, hint="They have to claim it; the due time stays."),
    ]
    return _modal(f"Reassign {case.id}", blocks, View.REASSIGN, "Reassign", case)


def cancel(case: ContactCase, policy: Policy) -> ModalView:
    """The modal that asks why a request is cancelled."""
    element = text_input(Field.REASON, "Such as: the customer withdrew it", multiline=True)
    element["max_length"] = policy.contact.text_limit
    hint = "Who asked for contact, and the owner, get it by direct message."
    blocks = [field(Field.REASON, "Why shall nobody contact the customer?", element, hint=hint)]
    return _modal(f"Cancel {case.id}", blocks, View.CANCEL, "Cancel the request", case, close="Back")


def note_action(case: ContactCase, policy: Policy) -> ModalView:
    """Ask what came of it."""
    element = text_input(Field.ACTION, "", multiline=True, limit=policy.contact.text_limit)
    hint = "It becomes a comment on the feedback issue."
    blocks = [field(Field.ACTION, "What came of the contact?", element, hint=hint)]
    return _modal(f"{case.id}: an action", blocks, View.NOTE_ACTION, "Note it", case)


def name_ticket(case: ContactCase, policy: Policy) -> ModalView:
    """Ask which ticket it is."""
    asked = policy.feedback.questions.ticket
    element = text_input(Field.TICKET, asked.placeholder, str(case.ticket or ""), limit=LINE_LIMIT)
    blocks = [field(Field.TICKET, asked.label, element, hint=asked.hint)]
    return _modal(f"{case.id}: the ticket", blocks, View.TICKET, "Save", case)


def why(case: ContactCase, policy: Policy, timeline: list[TimelineEntry], *, words_too: bool) -> ModalView:
    """How the due time was worked out, and everything that happened; what the customer said for who may read it."""
    blocks = [section(text) for text in explained(case, policy)]
    if words_too:
        blocks += _private_words(case)
    blocks += [divider(), *(section(text) for text in rendered(timeline, policy))]
    return modal(f"Why {case.id}?", blocks[:90], callback=View.WHY, close="Close")


def _private_words(case: ContactCase) -> list[Block]:
    shown = [section(f"*What was said*\n{cards.typed(text)}") for text in words(case)][:5]
    if case.contacted is not None:
        shown.append(section(f"*What was sent*\n{cards.typed(case.contacted.text)}"))
    if case.cancelled is not None:
        shown.append(section(f"*Why it was cancelled*\n{cards.typed(case.cancelled.reason)}"))
    return [*shown, context("Only managers and who asked for contact see these words.")] if shown else []


def _modal(
    title: str, blocks: list[Block], callback: View, submit: str, case: ContactCase, close: str = "Cancel"
) -> ModalView:
    metadata = Memory(case=case.id).text
    return modal(title, blocks, callback=callback, submit=submit, close=close, metadata=metadata)


def _placeholder(text: str) -> Element:
    return {"type": "plain_text", "text": text, "emoji": True}
