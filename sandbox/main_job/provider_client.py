"""A client of a provider in a few lines, without anything of farsync."""

from typing import Any

import requests
from requests.auth import AuthBase

TIMEOUT_SECONDS = 10


class ProviderRejected(Exception):
    """The provider answered with an error. The text holds its words."""


class ProviderClient:
    """`root` is the part of the address before each path."""

    rejected: type[ProviderRejected] = ProviderRejected

    def __init__(self, root: str, signature: AuthBase) -> None:
        self._root = root
        self._session = requests.Session()
        self._session.auth = signature

    def call(self, method: str, path: str, body: object = None) -> Any:
        """None where the reply has no body. Raises ProviderRejected."""
        reply = self._session.request(method, f"{self._root}{path}", json=body, timeout=TIMEOUT_SECONDS)
        if not reply.ok:
            raise self.rejected(f"{method} {path} was answered with {reply.status_code}: {reply.text[:300]}")
        return reply.json() if reply.content else None
