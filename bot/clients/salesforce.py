"""Accounts in Salesforce: who looks after which customer. Read only.

The login is a JWT signed with a key of the desk's own ("OAuth 2.0 JWT Bearer Flow"): there is no password, and no
refresh token. When the session has run out, the desk logs in again, once. SOQL takes no parameters, so what a person
typed is escaped here (`quoted`, `containing`), and here alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

import httpx
from google.auth import crypt, jwt
from pydantic import Field, TypeAdapter

from bot.clients.http import Call, Http, Now, Observe, Rejected, VendorModel, unobserved
from workflows.contract.account_port import Account, AccountList, Accounts
from workflows.contract.errors import EffectError, Misconfigured, RetryLater
from workflows.policy.csm import AccountFields

GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LOGIN_LIVES: Final = timedelta(minutes=2)
"""Salesforce takes a login for three minutes at most."""
QUOTA_WAIT: Final = timedelta(minutes=15)
"""The quota counts the last 24 hours: it frees itself little by little."""
_IDS_A_QUERY: Final = 100
_POLICY_ERRORS: Final = frozenset({"INVALID_FIELD", "INVALID_TYPE", "MALFORMED_QUERY"})


class _Token(VendorModel):
    access_token: str


class _Records(VendorModel):
    records: list[dict[str, Any]] = Field(default_factory=list)


_TOKEN: TypeAdapter[_Token] = TypeAdapter(_Token)
_RECORDS: TypeAdapter[_Records] = TypeAdapter(_Records)


class SessionExpired(Misconfigured):
    """The session has run out, or was ended."""


def quoted(text: str) -> str:
    """A text as a string of SOQL that holds just this text, whatever stands in it."""
    return f"'{_escaped(text)}'"


def containing(text: str) -> str:
    """A pattern of SOQL's LIKE that finds just this text anywhere in a field."""
    return f"'%{_escaped(text).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%'"


def soql(fields: Iterable[str], table: str, where: str, limit: int, *, order: str = "") -> str:
    """A query. Fields come from the policy, which lets only names of fields pass; values in `where` are `quoted`."""
    parts = ["SELECT", ", ".join(fields), "FROM", table]
    parts += ["WHERE", where] if where else []
    parts += ["ORDER BY", order] if order else []
    return " ".join([*parts, "LIMIT", str(limit)])


def _escaped(text: str) -> str:
    """With a backslash before what would end the string; line ends and other control characters are spaces."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain.replace("\\", "\\\\").replace("'", "\\'")


class _SalesforceHttp(Http):
    """Salesforce answers errors as a list, and says in a word of its own what is wrong."""

    def failure(self, call: Call, response: httpx.Response) -> EffectError:
        """Turn an answer that is no success into the error that says what to do."""
        code, message = _first_error(response)
        if code == "INVALID_SESSION_ID":
            return SessionExpired("Salesforce has ended the session.")
        if code in {"REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE"}:
            return RetryLater("Salesforce takes no more calls from us for the moment.", QUOTA_WAIT)
        if code in _POLICY_ERRORS:
            said = self.without_secrets(" ".join(message.split()))[:200]
            return Misconfigured(
                f"Salesforce doesn't know a field the policy names ({said}): correct csm.account_fields in the policy."
            )
        return super().failure(call, response)


@dataclass(frozen=True)
class Login:
    """As whom the desk logs in: a connected app (its consumer key), in the name of a user.

    `key` is the app's private key (PEM); `audience` is who the login is meant for.
    """

    client_id: str
    username: str
    key: str = field(repr=False)
    audience: str


class Salesforce(Accounts):
    """The port over Salesforce's REST API.

    `url` is the company's own (My Domain), and the only host that is called. Every method may raise `RetryLater`,
    `Refused` or `Misconfigured`.
    """

    def __init__(
        self,
        url: str,
        login: Login,
        policy: AccountFields,
        *,
        now: Now,
        observe: Observe = unobserved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._login = login
        self._policy = policy
        self._now = now
        self._token: str | None = None
        self._http = _SalesforceHttp(
            "Salesforce",
            self._url,
            headers={"Accept": "application/json"},
            secrets=(login.key,),
            wait=lambda _headers, _now: None,
            now=now,
            observe=observe,
            transport=transport,
        )

    def disconnect(self) -> None:
        """Close the connections."""
        self._http.disconnect()

    # ------------------------------------------------------------------------------------- the port

    def by_ids(self, ids: tuple[str, ...]) -> AccountList:
        """The accounts of these ids; see the port."""
        found: list[Account] = []
        for start in range(0, len(ids), _IDS_A_QUERY):
            some = ids[start : start + _IDS_A_QUERY]
            found += self._accounts(f"Id IN ({', '.join(map(quoted, some))})", limit=len(some)).accounts
        return AccountList(tuple(found))

    def named(self, name: str, *, exactly: bool) -> AccountList:
        """The accounts of just this name; see the port. Salesforce compares names without regard to capitals."""
        same = self._accounts(f"Name = {quoted(name)}")
        return same if same.accounts or exactly else self._accounts(f"Name LIKE {containing(name)}")

    def of_csm(self, email: str) -> AccountList:
        """The accounts of a customer success manager; see the port."""
        return self._accounts(f"{self._policy.csm_email} = {quoted(email)}", limit=self._policy.most_of_csm)

    def case_url(self, ticket: int) -> str:
        """Where this ticket stands as a case; see the port."""
        number = self._policy.case_ticket
        if number is None:
            return ""
        where = f"{number} = {quoted(str(ticket))}"
        found = self._query(soql(["Id"], "Case", where, 1), "the ticket's case")
        return f"{self._url}/lightning/r/Case/{quote(str(found[0]['Id']))}/view" if found else ""

    def check(self) -> None:
        """Log in and ask for one account, with every field the policy names: to see that it can be done."""
        self._query(soql(self._fields(), "Account", "", 1), "one account")
        if self._policy.case_ticket:
            self._query(soql(["Id", self._policy.case_ticket], "Case", "", 1), "one case")

    # --------------------------------------------------------------------------------------- queries

    def _accounts(self, where: str, *, limit: int | None = None) -> AccountList:
        most = limit or self._policy.most
        found = self._query(soql(self._fields(), "Account", where, most + 1, order="Name"), "accounts")
        return AccountList(tuple(map(self._account, found[:most])), more=len(found) > most)

    def _fields(self) -> Iterable[str]:
        named = (self._policy.csm_email, self._policy.csm_name, self._policy.plan, self._policy.sold_to)
        return dict.fromkeys(("Id", "Name", *(one for one in named if one)))

    def _account(self, record: Mapping[str, Any]) -> Account:
        policy, key = self._policy, str(record["Id"])
        return Account(
            id=key,
            name=_value(record, "Name"),
            csm_email=_value(record, policy.csm_email).lower(),
            csm_name=_value(record, policy.csm_name),
            plan=_value(record, policy.plan),
            sold_to=_value(record, policy.sold_to),
            url=f"{self._url}/lightning/r/Account/{quote(key)}/view",
        )

    def _query(self, query: str, what: str) -> list[dict[str, Any]]:
        """Ask; a session that has run out is made anew, once."""
        had_one = self._token is not None
        try:
            return self._ask(query, what)
        except SessionExpired:
            self._token = None
            if not had_one:
                raise
        return self._ask(query, what)

    def _ask(self, query: str, what: str) -> list[dict[str, Any]]:
        self._token = self._token or self._log_in()
        path = f"/services/data/{self._policy.version}/query"
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._http.send(Call("query", "GET", path, what, params={"q": query}, headers=headers), _RECORDS).records

    # ----------------------------------------------------------------------------------------- login

    def _log_in(self) -> str:
        claims = {
            "iss": self._login.client_id,
            "sub": self._login.username,
            "aud": self._login.audience,
            "exp": int((self._now() + LOGIN_LIVES).timestamp()),
        }
        signed: bytes = jwt.encode(self._signer, claims)  # type: ignore[no-untyped-call]  # the library types some of it
        form = {"grant_type": GRANT, "assertion": signed.decode()}
        call = Call("log_in", "POST", "/services/oauth2/token", "the login", form=form)
        try:
            return self._http.send(call, _TOKEN).access_token
        except Rejected as error:
            raise Misconfigured(
                f"Salesforce refuses our login ({error.reason}): check the SALESFORCE_ settings."
            ) from None

    @cached_property
    def _signer(self) -> crypt.RSASigner:
        """Made when it is first needed: a key that cannot be read stops what needs accounts, and nothing else."""
        try:
            read = crypt.RSASigner.from_string
            signer: crypt.RSASigner = read(self._login.key.replace("\\n", "\n"))  # type: ignore[no-untyped-call]  # as above
        except (ValueError, TypeError):
            raise Misconfigured("SALESFORCE_PRIVATE_KEY cannot be read: it is the key in PEM form.") from None
        return signer


def _value(record: Mapping[str, Any], field: str | None) -> str:
    """A field of a record: `CSM__r.Email` is one of a record within it, which may be missing."""
    found: Any = record
    for step in (field or "").split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)


def _first_error(response: httpx.Response) -> tuple[str, str]:
    try:
        first = response.json()[0]
        return str(first["errorCode"]), str(first["message"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return "", ""
