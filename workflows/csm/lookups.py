"""What somebody asks about an account or an organisation: answered by direct message, however long that takes."""

from collections.abc import Mapping
from typing import Any, Final

from workflows.contract.account_effects import FindAccounts, FindOrganizations, ReadProject
from workflows.contract.account_port import Account, AccountList, Organization, OrganizationList, TrackerProject
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectFailed, EffectSucceeded, Failure
from workflows.contract.links import to_request
from workflows.contract.message_effects import Say, dm
from workflows.contract.process import Decision, Note
from workflows.csm.choosing import by
from workflows.csm.model import AccountAsked, CsmCase, ProjectAsked, ProjectChangeAsked, Question
from workflows.lib.templates import fill
from workflows.lib.tickets import MAIN
from workflows.policy.model import Policy

PROJECT: Final = "project"
NEW_PROJECT: Final = "new_project"
CHANGE_ASKED: Final = "change_asked"
NOTHING_FOUND: Final = "nothing_found"
TOO_MANY: Final = "too_many"
WAITING: Final = "lookup_waiting"
FAILED: Final = "lookup_failed"
MOST_AT_ONCE: Final = 3
"""So many accounts are told one by one: two may bear one name. Of more a list is shown."""

Details = Mapping[str, Any]


def asked(case: CsmCase, event: AccountAsked | ProjectAsked | ProjectChangeAsked) -> Decision[CsmCase]:
    """Put the question."""
    known, who = by(case, event.who), event.who
    common = {"by": who.id, "by_name": who.name}
    match event:
        case AccountAsked(what=what, name=name):
            question: Effect = FindAccounts(
                urgency=Urgency.ANSWER, purpose=what.value, name=name, exactly=False, details={**common, "name": name}
            )
            note = Note(who.id, f"asked for {what} of {name}")
        case ProjectAsked(account=account, id=number, name=name):
            details = {**common, "name": name or str(number)}
            question = FindOrganizations(
                urgency=Urgency.ANSWER, purpose=PROJECT, account=account, id=number, name=name, details=details
            )
            note = Note(who.id, f"asked for the collaboration project of {name or number}")
        case ProjectChangeAsked(project=project):
            details = {
                **common,
                "name": project,
                "account": event.account,
                "organization": str(event.organization),
                "organization_name": event.name,
                "organization_url": event.url,
            }
            question = ReadProject(project=project, purpose=NEW_PROJECT, details=details)
            note = Note(who.id, f"asked to change the collaboration project of {event.name} to {project}")
    return Decision(known, (note,), (question,))


def answered(case: CsmCase, event: EffectSucceeded | EffectFailed | EffectDelayed, policy: Policy) -> Decision[CsmCase]:
    """Tell what was found, that it takes longer, or why nothing can be found."""
    effect = event.effect
    if not isinstance(effect, FindAccounts | FindOrganizations | ReadProject) or "by" not in effect.details:
        return Decision(case)
    match event:
        case EffectDelayed(sentence=sentence):
            return Decision(case, effects=(_say(WAITING, effect.details, sentence=sentence),))
        case EffectFailed(effect=ReadProject(purpose=purpose), failure=Failure.NOT_FOUND):
            missing = {"project": None, "missing": effect.project} if isinstance(effect, ReadProject) else {}
            what = PROJECT if purpose == PROJECT else NOTHING_FOUND
            return Decision(case, effects=(_say(what, effect.details, **missing),))
        case EffectFailed(effect=FindOrganizations(purpose=purpose), sentence=sentence) if purpose == Question.ACCOUNT:
            unknown = _say(Question.ACCOUNT, effect.details, open_tickets=None, organizations=[], trouble=sentence)
            return Decision(case, effects=(unknown,))
        case EffectFailed(sentence=sentence):
            return Decision(case, effects=(_say(FAILED, effect.details, sentence=sentence),))
        case EffectSucceeded(result=AccountList() as found):
            return Decision(case, effects=_accounts(effect, found, policy))
        case EffectSucceeded(result=OrganizationList() as found):
            return Decision(case, effects=_organizations(effect, found, policy))
        case EffectSucceeded(result=TrackerProject() as project):
            return Decision(case, effects=_project(effect, project, policy))
    return Decision(case)


def _accounts(effect: Effect, found: AccountList, policy: Policy) -> tuple[Effect, ...]:
    if not isinstance(effect, FindAccounts):
        return ()
    if not found.accounts:
        return (_say(NOTHING_FOUND, effect.details),)
    if found.more or len(found.accounts) > MOST_AT_ONCE:
        names = [{"name": one.name, "csm": one.csm_name or one.csm_email} for one in found.accounts]
        return (_say(TOO_MANY, effect.details, fitting=names, more=found.more),)
    if effect.purpose == Question.ONBOARDING:
        return tuple(_say(Question.ONBOARDING, effect.details, found=_known(one)) for one in found.accounts)
    return tuple(
        FindOrganizations(
            urgency=Urgency.ANSWER,
            purpose=Question.ACCOUNT,
            account=next(iter(policy.tickets.accounts), MAIN),
            external_id=one.id,
            name=one.name,
            with_tickets=True,
            details={**effect.details, "found": _known(one)},
        )
        for one in found.accounts
    )


def _known(account: Account) -> dict[str, str]:
    return {name: str(value) for name, value in vars(account).items()}


def _organizations(effect: Effect, found: OrganizationList, policy: Policy) -> tuple[Effect, ...]:
    if not isinstance(effect, FindOrganizations):
        return ()
    elsewhere = None if found.organizations or effect.id else _next_account(effect.account, policy)
    if elsewhere is not None:
        return (effect.model_copy(update={"account": elsewhere}),)
    if effect.purpose == Question.ACCOUNT:
        waiting = found.open_tickets
        tickets = {"count": waiting.count, "newest": list(waiting.newest), "more": waiting.more} if waiting else None
        numbers = [one.id for one in found.organizations]
        told = {"open_tickets": tickets, "organizations": numbers, "account": effect.account, "trouble": ""}
        return (_say(Question.ACCOUNT, effect.details, **told),)
    if not found.organizations:
        return (_say(NOTHING_FOUND, effect.details),)
    if len(found.organizations) > 1:
        names = [{"name": f"{one.id}: {one.name}", "csm": ""} for one in found.organizations]
        return (_say(TOO_MANY, effect.details, fitting=names, more=False),)
    return (_project_of(effect, found.organizations[0], policy),)


def _next_account(account: str, policy: Policy) -> str | None:
    """The account of the ticket system that is asked after this one, if there is one: a customer may be in any."""
    known = list(policy.tickets.accounts)
    following = known[known.index(account) + 1 :] if account in known else []
    return following[0] if following else None


def _project_of(effect: FindOrganizations, organization: Organization, policy: Policy) -> Effect:
    """The project that is set is looked up in the tracker; where none is set, that is said."""
    details = {
        **effect.details,
        "account": effect.account,
        "organization": str(organization.id),
        "organization_name": organization.name,
    }
    number = organization.fields.get(policy.csm.organization_fields.project, "").strip()
    if not number:
        return _say(PROJECT, details, project=None, missing="")
    return ReadProject(project=number, purpose=PROJECT, details=details)


def _project(effect: Effect, project: TrackerProject, policy: Policy) -> tuple[Effect, ...]:
    if not isinstance(effect, ReadProject):
        return ()
    if effect.purpose == PROJECT:
        return (_say(PROJECT, effect.details, project=vars(project), missing=""),)
    return _change(effect.details, project, policy)


def _change(details: Details, project: TrackerProject, policy: Policy) -> tuple[Effect, ...]:
    """Have the change made by Support Operations, asked for in the page's own form; one at a time for each customer."""
    form, who = policy.csm.project_request, str(details["by"])
    known = {
        "org": str(details["organization_name"]),
        "org_url": str(details["organization_url"]),
        "project_id": str(project.id),
        "project_url": project.url,
    }
    key = f"collaboration_project:{details['account']}/{details['organization']}"
    filed = to_request(key, requester=who, title=fill(form.title, known), text=fill(form.text, known))
    return (filed, _say(CHANGE_ASKED, details, project=vars(project)))


def _say(what: str, details: Details, **more: object) -> Effect:
    return Say(what=what, to=dm(str(details["by"])), details={**details, **more})
