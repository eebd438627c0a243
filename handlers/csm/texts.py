"""What the listeners of `/csm` say at once and privately."""

from workflows.lib.markup import code_block, cut, escape, safe
from workflows.lib.templates import fill
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

HELP = """*Help for customer success managers*
`/csm notify` — choose how you hear of new tickets: each one, once a day, or not at all
`/csm account ACME` — plan, manager, open tickets and links of an account
`/csm onboarding ACME` — make a customer's people support contacts, with the e-mail drafted
`/csm project ACME` — see an organisation's collaboration project, and have it changed (a number or a link will do)
`/csm feedback 123456 good what they said next: what to do` — pass on what a customer wrote you about a ticket
`/csm tips` — what customers should know before they open a ticket, with a message to copy"""

FEEDBACK_USAGE = "It is written `/csm feedback 123456 what they said`."
NAMES = {Notice.EACH: "Each ticket at once", Notice.DIGEST: "Once a day", Notice.NONE: "Not at all"}


def tips(policy: Policy) -> str:
    """The tips, and the same as a message to copy."""
    numbered = "\n".join(f"{number}. {escape(tip)}" for number, tip in enumerate(policy.csm.tips, start=1))
    reply = fill(policy.csm.tips_reply, {"company": policy.company.name})
    return f"*For customers who open a ticket*\n{numbered}\n\n*A message to copy:*\n{code_block(reply)}"


def not_set_up() -> str:
    """Accounts are known nowhere."""
    return "No accounts are set up here. An admin can set `csm.accounts` in the policy."


def members_only(group: str) -> str:
    """Only some may look accounts up."""
    return f"Only members of @{escape(group)} can look up accounts."


def looking(name: str) -> str:
    """The answer comes by direct message."""
    return f":mag: Looking up *{safe(cut(name, 80))}*. I'll send you what I find by direct message."


def chosen(choice: Notice) -> str:
    """For all accounts."""
    said = {
        Notice.EACH: "You'll hear of each new ticket at once.",
        Notice.DIGEST: "You'll hear of new tickets once a day.",
        Notice.NONE: "You won't hear of new tickets.",
    }[choice]
    return f":white_check_mark: {said} What you chose for single accounts stays."


def passed_on(case_id: str, *, is_known: bool, has_next: bool) -> str:
    """Feedback was passed on."""
    said = f"*{case_id}*. The Reviewing Manager on duty will look at it."
    took = f":white_check_mark: Added to {said}" if is_known else f":white_check_mark: Recorded as {said}"
    hint = "" if has_next else " Know what should happen next? Add `next: …` at the end."
    return took + hint


def no_such_organization() -> str:
    """A button that names no organisation of ours."""
    return "I don't know this organisation. Try `/csm project` with its number."


def missing(what: str) -> str:
    """A command without what it is about."""
    return f"Which one? It is written `/csm {what} ACME`."
