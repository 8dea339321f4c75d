"""Connections by name, from the secrets of the stack; kept for a while, and read anew once they are rejected."""

import re
from collections.abc import Callable, Hashable

from farsync.aws.client import AwsRequestFailed
from farsync.connections.connection import Connection, parse_connection
from farsync.connections.secrets import DEFAULT_PREFIX, connection_secret, parameter_secret, unreadable_connection
from farsync.http_client.provider_clock import ProviderClock
from farsync.model.errors import AuthenticationFailed, FarsyncError, InvalidRequest


class ConnectionStore:
    """Connections by name, each fetched at most once in `max_age_seconds`, and what was learned of their providers.

    `fetch_secret` returns the text of the secret with the given id, or raises `AwsRequestFailed`; `clock`
    returns seconds; `secrets_prefix` is the first part of the stack's secret names.
    """

    def __init__(
        self,
        fetch_secret: Callable[[str], str],
        clock: Callable[[], float],
        max_age_seconds: float = 300,
        secrets_prefix: str = DEFAULT_PREFIX,
    ) -> None:
        self._secrets_prefix = secrets_prefix
        self._fetch_secret = fetch_secret
        self._clock = clock
        self._max_age_seconds = max_age_seconds
        self._fetched: dict[str, tuple[float, Connection]] = {}
        self._rest_ends_at: dict[tuple[Hashable, ...], float] = {}
        self._provider_clocks: dict[str, ProviderClock] = {}

    def get(self, name: str) -> Connection:
        """Raises `ConnectionNotFound`, `ConnectionInvalid`, and `InvalidRequest` for an impossible name."""
        fetched_at, connection = self._fetched.get(name, (0.0, None))
        if connection is not None and self._clock() - fetched_at < self._max_age_seconds:
            return connection
        return self.refetch(name)

    def refetch(self, name: str) -> Connection:
        """As `get`, but past the cache."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
            raise InvalidRequest("connection: give a name of 1 to 40 letters, digits, '-' and '_'.", field="connection")
        self._fetched.pop(name, None)
        secret_id = connection_secret(self._secrets_prefix, name)
        try:
            secret_text = self._fetch_secret(secret_id)
        except AwsRequestFailed as failure:
            raise unreadable_connection(name, secret_id, failure) from failure
        connection = parse_connection(name, secret_text)
        self._fetched[name] = (self._clock(), connection)
        return connection

    def parameter_secret(self, connection: Connection, name: str) -> str:
        """The id of the secret that `{"secret": name}` stands for in a run over the connection."""
        return parameter_secret(self._secrets_prefix, connection.name, connection.shared_parameters, name)

    def provider_clock(self, name: str) -> ProviderClock:
        """The clock of the provider to whom the connection leads, the same one for as long as this store lives."""
        return self._provider_clocks.setdefault(name, ProviderClock(self._clock))

    def check_rest(self, connection: Connection) -> None:
        """Raises `AuthenticationFailed` while rejected keys rest: each request would prolong the provider's lock."""
        seconds_left = self._rest_ends_at.get(connection.credentials, 0.0) - self._clock()
        if seconds_left > 0:
            raise AuthenticationFailed(
                f"The provider rejected these keys, and may lock a key that goes on trying; they are tried again in "
                f"{seconds_left:.0f} s, or as soon as the secret holds others.",
                retry_after_seconds=seconds_left,
            )

    def note_rejection(self, connection: Connection, rejection: FarsyncError) -> None:
        """Keys that were rejected rest for as long as the provider asks for."""
        if isinstance(rejection, AuthenticationFailed) and rejection.retry_after_seconds is not None:
            self._rest_ends_at[connection.credentials] = self._clock() + rejection.retry_after_seconds
