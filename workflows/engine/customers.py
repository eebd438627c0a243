"""Asks about customers, their accounts and their projects: for `workflows.engine.executor`."""

from collections.abc import Callable, Mapping
from typing import assert_never

from workflows.contract.account_effects import (
    FindAccounts,
    FindOrganizations,
    MakeSchedulingLink,
    ReadOpened,
    ReadOrigin,
    ReadProject,
)
from workflows.contract.account_port import (
    AccountList,
    Accounts,
    Customers,
    OpenedTickets,
    OrganizationList,
    Projects,
    SchedulingLink,
    SchedulingLinks,
    TicketOrigin,
    TrackerProject,
)
from workflows.contract.errors import NotConnected
from workflows.policy.model import Policy

CustomerEffect = FindAccounts | FindOrganizations | ReadOrigin | ReadOpened | ReadProject | MakeSchedulingLink
CUSTOMER_EFFECTS = (FindAccounts, FindOrganizations, ReadOrigin, ReadOpened, ReadProject, MakeSchedulingLink)

CustomerAnswer = AccountList | OrganizationList | TicketOrigin | OpenedTickets | TrackerProject | SchedulingLink | None


class CustomerQuestions:
    """What is asked about customers. A vendor that is not set up is None. `email_of` knows people by their Slack id."""

    def __init__(
        self,
        customers: Mapping[str, Customers],
        accounts: Accounts | None,
        projects: Projects | None,
        scheduling: SchedulingLinks | None,
        email_of: Callable[[str], str],
        policy: Policy,
    ) -> None:
        self._customers = customers
        self._known_accounts = accounts
        self._known_projects = projects
        self._links = scheduling
        self._email_of = email_of
        self._policy = policy

    def ask(self, effect: CustomerEffect) -> CustomerAnswer:
        """Ask the vendor; raises a `EffectError` when it does not answer."""
        match effect:
            case FindAccounts():
                return self._accounts(effect)
            case FindOrganizations():
                return self._organizations(effect)
            case ReadOrigin(ticket=ticket):
                return self._of(ticket.account).origin(ticket.number)
            case ReadOpened(account=account, since=since, until=until):
                return OpenedTickets(tuple(self._of(account).opened(since, until)))
            case ReadProject(project=project):
                if self._known_projects is None:
                    raise NotConnected("The issue tracker is not connected to the desk.")
                return self._known_projects.find_project(project)
            case MakeSchedulingLink(person=person):
                return self._scheduling_link(person)
            case unknown:
                assert_never(unknown)

    def _accounts(self, effect: FindAccounts) -> AccountList:
        accounts = self._known_accounts
        if accounts is None:
            raise NotConnected("Nothing that knows accounts is connected to the desk.")
        if effect.ids:
            found = accounts.by_ids(effect.ids)
        elif effect.csm:
            found = accounts.of_csm(effect.csm)
        else:
            found = accounts.named(effect.name, exactly=effect.exactly)
        case_url = accounts.case_url(effect.ticket.number) if effect.ticket and found.accounts else ""
        return AccountList(found.accounts, found.more, case_url)

    def _organizations(self, effect: FindOrganizations) -> OrganizationList:
        customers = self._of(effect.account)
        found = customers.organizations(id_=effect.id, external_id=effect.external_id, name=effect.name)
        waiting = customers.open_tickets(found[0].id) if effect.with_tickets and len(found) == 1 else None
        return OrganizationList(tuple(found), waiting)

    def _of(self, account: str) -> Customers:
        if account not in self._customers:
            raise NotConnected(f"The ticket system's account “{account}” is not connected to the desk.")
        return self._customers[account]

    def _scheduling_link(self, person: str) -> SchedulingLink | None:
        if self._links is None:
            raise NotConnected("Calendly is not connected to the desk.")
        pages = {name.lower(): page for name, page in self._policy.contact.scheduling_urls.items()}
        page = pages.get(person.lower()) or pages.get(self._email_of(person).lower())
        return self._links.single_use(page) if page else None
