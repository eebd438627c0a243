"""Accounts of a roster in the policy, where there is no Salesforce."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from workflows.contract.account_port import Account, AccountList, Accounts
from workflows.policy.csm import CsmPolicy, RosterAccount

MOST: Final = 20
"""So many accounts are shown; a question that finds more was too wide."""


class RosterAccounts(Accounts):
    """The port over `csm.roster`. An account's id is its name there; it has no cases."""

    def __init__(self, policy: CsmPolicy) -> None:
        self._policy = policy

    def by_ids(self, ids: tuple[str, ...]) -> AccountList:
        """The accounts of these ids: of their names, or of their ids in another system."""
        wanted = {one.casefold() for one in ids}
        return self._list(
            name for name, entry in self._policy.roster.items() if wanted & {name.casefold(), *_ids(entry)}
        )

    def named(self, name: str, *, exactly: bool) -> AccountList:
        """The accounts of just this name; see the port."""
        known = self._policy.roster
        same = self._list(one for one in known if one.casefold() == name.casefold())
        return (
            same if same.accounts or exactly else self._list(one for one in known if name.casefold() in one.casefold())
        )

    def of_csm(self, email: str) -> AccountList:
        """The accounts of a customer success manager; see the port."""
        return self._list((name for name, entry in self._policy.roster.items() if entry.csm == email.lower()), None)

    def case_url(self, _ticket: int) -> str:
        """A roster has no cases."""
        return ""

    def _list(self, names: Iterable[str], most: int | None = MOST) -> AccountList:
        found = list(islice(names, None if most is None else most + 1))
        accounts = tuple(_account(name, self._policy.roster[name]) for name in found[:most])
        return AccountList(accounts, more=len(found) > len(accounts))


def _ids(entry: RosterAccount) -> set[str]:
    return {one.casefold() for one in entry.ids}


def _account(name: str, entry: RosterAccount) -> Account:
    return Account(name, name, entry.csm or "", "", entry.plan, entry.sold_to or "", entry.url or "")
