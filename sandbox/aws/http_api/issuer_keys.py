"""The public keys of token issuers, found as OpenID Connect says and kept for two hours, as API Gateway does.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

_KEPT_SECONDS = 7200.0
_TIMEOUT_SECONDS = 5.0
_DISCOVERY = "/.well-known/openid-configuration"

Fetch = Callable[[str], Any]


class KeysUnavailable(Exception):
    """The issuer cannot be asked, or answers with something else; the message says at which step."""


class IssuerKeys:
    def __init__(self, fetch: Fetch | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch or _fetch_json
        self._clock = clock
        self._kept: dict[str, tuple[float, Mapping[str, Mapping[str, Any]]]] = {}
        self._lock = threading.Lock()

    def find(self, issuer: str, key_id: str) -> Mapping[str, Any] | None:
        """The JSON Web Key of that id; asks the issuer again for an id that is new. Raises KeysUnavailable."""
        with self._lock:
            kept_at, keys = self._kept.get(issuer, (0.0, {}))
            if key_id not in keys or self._clock() - kept_at > _KEPT_SECONDS:
                keys = self._ask(issuer)
                self._kept[issuer] = (self._clock(), keys)
            return keys.get(key_id)

    def _ask(self, issuer: str) -> Mapping[str, Mapping[str, Any]]:
        try:
            keys_url = str(self._fetch(issuer.rstrip("/") + _DISCOVERY)["jwks_uri"])
        except (requests.RequestException, ValueError, LookupError, TypeError) as error:
            raise KeysUnavailable("OIDC discovery endpoint communication error") from error
        try:
            return {str(key["kid"]): key for key in self._fetch(keys_url)["keys"] if "kid" in key}
        except (requests.RequestException, ValueError, LookupError, TypeError) as error:
            raise KeysUnavailable("JWKS communication error") from error


def _fetch_json(url: str) -> Any:
    reply = requests.get(url, timeout=_TIMEOUT_SECONDS)
    reply.raise_for_status()
    return reply.json()
