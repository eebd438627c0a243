"""The key of a service account, whose tokens the sandbox gives out."""

import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def service_account(site: str) -> str:
    """The key as Google hands it out; `site` is the sandbox's address."""
    account = {"type": "service_account", "client_email": "desk@p.example"}
    return json.dumps({**account, "private_key": _private_key(), "token_uri": f"{site}/vendors/google/token"})
