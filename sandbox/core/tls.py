"""How certificates are checked, where the sandbox itself calls an address."""

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """What every client of the sandbox shares: to read the authorities takes longer than the calls of a test."""
    return httpx.create_ssl_context()
