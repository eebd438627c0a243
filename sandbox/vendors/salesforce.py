"""Salesforce, as strict as its documentation: a signed login, sessions that end, SOQL, a quota."""

import base64
import json
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from sandbox.core.clock import real_epoch
from sandbox.vendors.base import Call, Now, Refusal, Route, Vendor, VendorResponse
from sandbox.vendors.soql import SoqlError, parse

CLIENT_ID = "sandbox-connected-app"
USERNAME = "desk@example.com"
AUDIENCE = "https://login.salesforce.com"
CSM = "Technical_Account_Manager_LU__r"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST_LOGIN = 3 * 60

Record = dict[str, Any]

KNOWN = {
    "Account": {
        "Id",
        "Name",
        "Support_Level__c",
        f"{CSM}.Email",
        f"{CSM}.Name",
        "Sold_To_Contact__r.Email",
    },
    "Case": {"Id", "Zendesk_Ticket_ID__c"},
}
"""The fields there are."""


class Salesforce(Vendor):
    """Accounts and cases. `used` counts the calls against `quota`."""

    prefix = "/vendors/salesforce"

    def __init__(self, now: Now) -> None:
        super().__init__(now)
        self.quota, self.used = 5000, 0
        self.logins = 0
        self.session: str | None = None
        self.tables: dict[str, list[Record]] = {"Account": _accounts(), "Case": _cases()}

    @property
    def private_key(self) -> str:
        """The key whose certificate the connected app has."""
        return _pair().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    # ------------------------------------------------------------------------------ what people do

    def account(self, name: str) -> Record:
        """Find an account by its name."""
        return next(one for one in self.tables["Account"] if one["Name"] == name)

    def add_account(self, name: str, csm: str | None, sold_to: str | None = None, plan: str = "Premium") -> Record:
        """Add an account; `csm` is an e-mail address."""
        key = f"001Sx0000{len(self.tables['Account']) + 1:06}AAA"
        self.tables["Account"].append(_account(key, name, csm, sold_to, plan))
        return self.tables["Account"][-1]

    def assign(self, name: str, csm: str | None) -> None:
        """Give an account another customer success manager, or none."""
        self.account(name)[CSM] = _person(csm)

    def end_session(self) -> None:
        """End the session, as time or an admin does."""
        self.session = None

    # ---------------------------------------------------------------------------------- the service

    def routes(self) -> list[Route]:
        """List what is served."""
        return [("GET", r"/services/data/v\d\d\.0/query/?", self._query)]

    def router(self) -> APIRouter:
        """Serve the queries, the login, and the key for who sets a desk up."""
        router = APIRouter()
        key = self.prefix + "/key"

        @router.get(key, include_in_schema=False)
        async def private_key() -> PlainTextResponse:
            return PlainTextResponse(self.private_key)

        @router.post(self.prefix + "/services/oauth2/token", include_in_schema=False)
        async def token(request: Request) -> JSONResponse:
            self.calls.append("POST /services/oauth2/token")
            fault = self.next_fault()
            if fault.status is not None:
                return JSONResponse(fault.body, fault.status, dict(fault.headers))
            return self._log_in(parse_qs((await request.body()).decode()), str(request.base_url).rstrip("/"))

        router.include_router(super().router())
        return router

    def admit(self, call: Call) -> None:
        """Refuse a session that is none, or when the day's calls are used up."""
        if self.session is None or call.headers.get("authorization") != f"Bearer {self.session}":
            raise _refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if self.used >= self.quota:
            raise _refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        self.used += 1

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        return _refusal(404, "NOT_FOUND", "The requested resource does not exist")

    def state(self) -> Record:
        """Show accounts and cases."""
        return {"accounts": self.tables["Account"], "cases": self.tables["Case"], "calls": self.calls}

    def _query(self, call: Call) -> VendorResponse:
        try:
            found = parse(call.query.get("q", ""), KNOWN).run(self.tables, KNOWN)
        except SoqlError as error:
            raise _refusal(400, error.code, error.message) from None
        usage = {"Sforce-Limit-Info": f"api-usage={self.used}/{self.quota}"}
        return VendorResponse({"totalSize": len(found), "done": True, "records": found}, headers=usage)

    def _log_in(self, sent: dict[str, list[str]], site: str) -> JSONResponse:
        trouble = self._trouble(sent)
        if trouble is not None:
            return JSONResponse({"error": "invalid_grant", "error_description": trouble}, 400)
        self.logins += 1
        self.session = f"00Dsandbox!{self.logins}"
        return JSONResponse(
            {"access_token": self.session, "instance_url": f"{site}{self.prefix}", "token_type": "Bearer"}
        )

    def _trouble(self, sent: dict[str, list[str]]) -> str | None:
        """What is wrong with a login."""
        parts = sent.get("assertion", [""])[0].split(".")
        if sent.get("grant_type") != [_GRANT] or len(parts) != 3:
            return "unsupported grant type"
        header, claims = (_decoded(part) for part in parts[:2])
        if header.get("alg") != "RS256" or not self._is_signed(parts):
            return "invalid assertion"
        left = int(claims.get("exp", 0)) - real_epoch()
        if not 0 < left <= _LONGEST_LOGIN:
            return "expired authorization code" if left <= 0 else "invalid exp"
        if claims.get("iss") != CLIENT_ID or claims.get("aud") != AUDIENCE:
            return "invalid client credentials" if claims.get("iss") != CLIENT_ID else "audience is invalid"
        return None if claims.get("sub") == USERNAME else "user hasn't approved this consumer"

    def _is_signed(self, parts: list[str]) -> bool:
        signed = f"{parts[0]}.{parts[1]}".encode()
        try:
            _pair().public_key().verify(_raw(parts[2]), signed, padding.PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


@cache
def _pair() -> rsa.RSAPrivateKey:
    """The connected app's key: made when it is first needed, one a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _decoded(part: str) -> Record:
    try:
        found = json.loads(_raw(part))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, [{"errorCode": code, "message": message}])


def _person(email: str | None) -> Record | None:
    return {"Email": email, "Name": email.partition("@")[0].title()} if email else None


def _account(key: str, name: str, csm: str | None, sold_to: str | None, plan: str) -> Record:
    return {
        "Id": key,
        "Name": name,
        "Support_Level__c": plan,
        CSM: _person(csm),
        "Sold_To_Contact__r": {"Email": sold_to} if sold_to else None,
    }


def _accounts() -> list[Record]:
    return [
        _account("001Sx0000000201AAA", "ACME", "carol@example.com", "it@acme.example", "Ultimate"),
        _account("001Sx0000000202AAA", "DigitalOcean Support", None, "sam@digital.example", "Premium"),
    ]


def _cases() -> list[Record]:
    return [{"Id": "500Sx0000123456AAA", "Zendesk_Ticket_ID__c": "123456"}]
