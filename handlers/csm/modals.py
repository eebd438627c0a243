"""The modals of `/csm`."""

from typing import Any

from handlers.csm import texts
from handlers.csm.ids import ACCOUNT, Field, View
from handlers.kit.blocks import Block, Choice, Element, context, field, menu, modal, section, text_input
from handlers.kit.memory import Memory
from workflows.csm.model import CsmCase
from workflows.lib.markup import escape
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

MOST_ACCOUNTS = 90
"""Slack shows a hundred blocks."""


def notify(case: CsmCase, policy: Policy) -> dict[str, Any]:
    """Choose how to hear of new tickets: for all, and for single accounts otherwise."""
    known = sorted(case.accounts.items(), key=lambda one: (one[1].casefold(), one[0]))
    blocks: list[Block] = [
        section(f"When a customer of yours opens a ticket, you hear of it as you choose here.{_state(case, policy)}"),
        field(Field.DEFAULT, "All accounts", _menu(Field.DEFAULT, case.default or policy.csm.notice)),
        *(
            field(f"{ACCOUNT}{key}", name, _menu(f"{ACCOUNT}{key}", case.choices.get(key)), optional=True)
            for key, name in known[:MOST_ACCOUNTS]
        ),
    ]
    if len(known) > MOST_ACCOUNTS:
        blocks.append(context(f"… and {len(known) - MOST_ACCOUNTS} more: `/csm notify NAME digest`."))
    return modal("New tickets", blocks, callback=View.NOTIFY, submit="Save", metadata=Memory(case=case.id).text)


def _menu(action: str, chosen: Notice | None) -> Element:
    choices = [Choice(one.value, texts.NAMES[one]) for one in Notice]
    return menu(action, choices, "As for all accounts", chosen)


def _state(case: CsmCase, policy: Policy) -> str:
    if case.view_trouble:
        return f"\n:warning: These may not be all of your accounts: {escape(case.view_trouble)}"
    if case.view and not case.accounts:
        return f"\n_{escape(policy.vendors.accounts)} knows no account of yours yet._"
    return ""


def change_project(metadata: str, name: str, policy: Policy) -> dict[str, Any]:
    """Ask which project it should be."""
    tracker = policy.vendors.tracker
    blocks = [
        section(f"Support Operations changes the collaboration project of *{escape(name)}*."),
        field(
            Field.PROJECT,
            f"Which project in {tracker} should it be?",
            text_input(Field.PROJECT, "17735787, or a link to the project", limit=300),
            hint="Its number, its path, or a link to it. I check that it exists before I ask for the change.",
        ),
    ]
    return modal("Request a change", blocks, callback=View.CHANGE, submit="Send", metadata=metadata)
