"""What a company may set about the ticket system: its accounts, and where their tickets are read."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PositiveInt, ValidationInfo, field_validator

from workflows.lib.templates import fill, gaps
from workflows.lib.tickets import MAIN, TicketRef
from workflows.policy.fields import AccountName, Host, Section, Url

_AGENT_PATH: Final = "/agent/tickets/{ticket}"
_CUSTOMER_PATH: Final = "/hc/requests/{ticket}"


def _ticket_address(address: str) -> str:
    if gaps(address) != {"ticket"}:
        raise ValueError("The address names the ticket's number once, as {ticket}, and nothing else in braces")
    return address


TicketUrl = Annotated[Url, AfterValidator(_ticket_address)]


class TicketAccount(Section):
    """One account of the ticket system: it counts its tickets by itself."""

    hosts: Annotated[tuple[Host, ...], Field(min_length=1)] = Field(
        description="The hosts whose addresses are tickets of this account; others are refused. "
        "Staff read on the first one, customers on the last."
    )
    agent_url: TicketUrl | None = Field(
        default=None, description=f"Where staff read a ticket; null for {_AGENT_PATH} on the first host."
    )
    customer_url: TicketUrl | None = Field(
        default=None, description=f"Where a customer reads a ticket; null for {_CUSTOMER_PATH} on the last host."
    )

    contact_field: PositiveInt | None = Field(
        default=None, description="The id of the ticket's field that says whether the customer wants contact."
    )
    rating_field: PositiveInt | None = Field(
        default=None, description="The id of the field in which a form has its rating, where it is no survey's."
    )
    comment_field: PositiveInt | None = Field(
        default=None, description="The id of the field in which a form has the customer's comment."
    )
    contact_question: str | None = Field(
        default=None, description="The id or alias of the survey's question whether the customer wants contact."
    )

    @field_validator("agent_url", "customer_url")
    @classmethod
    def _on_our_host(cls, address: str | None, info: ValidationInfo) -> str | None:
        host = urlsplit(address).hostname if address else None
        if host and "hosts" in info.data and host not in info.data["hosts"]:
            raise ValueError(f"{host} is not among the account's hosts")
        return address


class TicketPolicy(Section):
    """The ticket system's accounts."""

    accounts: Mapping[AccountName, TicketAccount] = Field(
        description=f"The accounts, merged by name; a number alone is a ticket of “{MAIN}”, NAME#123456 of another."
    )

    trust_body: bool = Field(
        description="Whether the body of a trigger's webhook is believed; else the ticket system is asked."
    )

    @field_validator("accounts")
    @classmethod
    def _one_is_main(cls, accounts: Mapping[str, TicketAccount]) -> Mapping[str, TicketAccount]:
        if MAIN not in accounts:
            raise ValueError(f"One account is called {MAIN}: the one a number alone belongs to")
        hosts = [host for account in accounts.values() for host in account.hosts]
        if twice := sorted({host for host in hosts if hosts.count(host) > 1}):
            raise ValueError(f"A host belongs to one account; these stand here twice: {', '.join(twice)}")
        return accounts

    def agent_url(self, ticket: TicketRef) -> str | None:
        """Where staff read a ticket; None for one of an account that has left the policy."""
        account = self.accounts.get(ticket.account)
        return _address(account.agent_url, account.hosts[0], _AGENT_PATH, ticket) if account else None

    def customer_url(self, ticket: TicketRef) -> str | None:
        """Where the customer reads a ticket; None for one of an account that has left the policy."""
        account = self.accounts.get(ticket.account)
        return _address(account.customer_url, account.hosts[-1], _CUSTOMER_PATH, ticket) if account else None

    def organization_url(self, account: str, organization: int | str) -> str | None:
        """Where staff read an organisation's tickets, beside their own; None for an account that left the policy."""
        known = self.accounts.get(account)
        if known is None:
            return None
        site, is_usual, _ = (known.agent_url or "").partition(_AGENT_PATH)
        return f"{site if is_usual else f'https://{known.hosts[0]}'}/agent/organizations/{organization}/tickets"


def _address(address: str | None, host: str, path: str, ticket: TicketRef) -> str:
    return fill(address or f"https://{host}{path}", {"ticket": str(ticket.number)})
