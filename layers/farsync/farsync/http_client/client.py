"""HTTP as every request of ours uses it: bounded in time and size, signed at each attempt, never redirected."""

import io
import json as json_module
import random as random_module
import time
from collections.abc import Callable, Mapping
from copy import copy
from typing import NamedTuple, TypeVar, overload

import requests
from requests.auth import AuthBase

from farsync import __version__
from farsync.http_client.final_replies import FinalReplyAdapter
from farsync.http_client.reauth import rightly_dated
from farsync.http_client.response import Reply, read_body
from farsync.http_client.retry import Retrying
from farsync.model.errors import FarsyncError, ProviderUnavailable, StartUnconfirmed, Throttled

T = TypeVar("T")
Query = Mapping[str, str | int]

REQUEST_TIMEOUT = 408
"""The server got no whole request in the time that it waits (RFC 9110, 15.5.9), as on an idle connection."""


class Bounds(NamedTuple):
    """What one exchange may cost."""

    # A little above a multiple of three seconds, the time after which TCP sends its first packet again.
    connect_timeout_seconds: float = 3.05
    read_timeout_seconds: float = 10.0
    max_reply_bytes: int = 16 * 1024 * 1024


def reply_unless_transient(reply: Reply) -> Reply:
    """Return the reply, or raise `Throttled` for a 429 and `ProviderUnavailable` for a 5xx."""
    if reply.status == 429:
        raise Throttled("The server asks for fewer requests.", retry_after_seconds=reply.retry_after_seconds)
    if reply.status >= 500:
        raise ProviderUnavailable(f"The server answered {reply.status}.", retry_after_seconds=reply.retry_after_seconds)
    return reply


def new_session() -> requests.Session:
    """A session whose replies are final ones."""
    session, adapter = requests.Session(), FinalReplyAdapter()
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def is_transient(failure: FarsyncError) -> bool:
    """Whether the same question may well be answered a moment later."""
    return isinstance(failure, ProviderUnavailable | Throttled)


class Transport:
    """One HTTP session for the life of the process. `ca_bundle` names other certificates than certifi's; `check_url`
    raises for an address to which nothing may be sent. The environment is ignored (`trust_env`): a .netrc file would
    put its own Authorization in place of ours.
    """

    def __init__(
        self,
        *,
        session_factory: Callable[[], requests.Session] = new_session,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
        random: Callable[[], float] = random_module.random,
        bounds: Bounds | None = None,
        retrying: Retrying | None = None,
        ca_bundle: str | None = None,
        check_url: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._session_factory = session_factory
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._ca_bundle = ca_bundle
        self._check_url = check_url
        self._session = self._new_session()
        self.retrying = retrying or Retrying(clock=clock, sleep=sleep, random=random)

    def close(self) -> None:
        self._session.close()

    def apart(self) -> "Transport":
        """The same with a session of its own: what one thread closes, another may be reading."""
        twin = copy(self)
        twin._session = twin._new_session()
        return twin

    @overload
    def get(self, url: str, auth: AuthBase | None = None, params: Query | None = None) -> Reply: ...

    @overload
    def get(self, url: str, auth: AuthBase | None, params: Query | None, *, read: Callable[[Reply], T]) -> T: ...

    def get(
        self,
        url: str,
        auth: AuthBase | None = None,
        params: Query | None = None,
        *,
        read: Callable[[Reply], object] = reply_unless_transient,
    ) -> object:
        """GET, and hand the reply to `read`; both are repeated while they fail as `is_transient` says.

        Raises `ProviderUnavailable` when no reply could be had, and whatever `read` raises.
        """
        prepared = self._session.prepare_request(requests.Request("GET", url, params=params))
        return self.retrying.run(lambda: self._read(prepared, auth, read, self._bounds), is_transient=is_transient)

    def get_once(self, url: str, auth: AuthBase | None, *, read: Callable[[Reply], T], silence_seconds: float) -> T:
        """GET what nobody should wait for: once, given up after this much silence. Raises as `get` does."""
        prepared = self._session.prepare_request(requests.Request("GET", url))
        bounds = self._bounds._replace(connect_timeout_seconds=silence_seconds, read_timeout_seconds=silence_seconds)
        return self._read(prepared, auth, read, bounds)

    def post(
        self,
        url: str,
        auth: AuthBase | None,
        json: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        read: Callable[[Reply], T],
    ) -> T:
        """POST once, but for a rejected date, and hand the reply to `read`. Raises `ProviderUnavailable` without a
        reply, arrived or not, and whatever `read` raises.
        """
        body = None if json is None else _encode(json)
        request = requests.Request("POST", url, data=body, headers=_headers(body, headers))
        return self._read(self._session.prepare_request(request), auth, read, self._bounds)

    def post_once(
        self, url: str, auth: AuthBase | None = None, params: Query | None = None, json: object = None
    ) -> Reply:
        """POST what must not happen twice, on a connection of its own: an idle one that died unnoticed
        would look like a lost reply. Only a request that was rejected for its date goes again, rightly dated.

        Raises `ProviderUnavailable` when the request cannot have arrived (no connection, no TLS handshake),
        and `StartUnconfirmed` when it may have. A 408 is no exception: it says that nothing was acted upon, but of a
        request that was sent whole at once it is more likely the time-out of something behind the server.
        """
        payload = _encode({} if json is None else json)
        return rightly_dated(auth, lambda: self._post_afresh(url, auth, params, payload))

    def _post_afresh(self, url: str, auth: AuthBase | None, params: Query | None, payload: bytes) -> Reply:
        body = _WatchedBody(payload)
        request = requests.Request("POST", url, params=params, data=body, headers=_headers(body, None))
        with self._new_session() as session:
            try:
                return self._exchange(session, session.prepare_request(request), auth, self._bounds)
            except ProviderUnavailable as failure:
                if not body.was_read:
                    raise
                raise StartUnconfirmed(f"The start was sent and its reply lost. {failure}") from failure

    def _read(
        self,
        prepared: requests.PreparedRequest,
        auth: AuthBase | None,
        read: Callable[[Reply], T],
        bounds: Bounds,
    ) -> T:
        try:
            return read(rightly_dated(auth, lambda: self._exchange(self._session, prepared, auth, bounds)))
        except ProviderUnavailable:
            # What comes late on a connection that gave no answer would be taken for the answer to the next question.
            self._session.close()
            raise

    def _exchange(
        self, session: requests.Session, prepared: requests.PreparedRequest, auth: AuthBase | None, bounds: Bounds
    ) -> Reply:
        """Raises `ProviderUnavailable` when no whole reply could be had, or one that is none to this request; and what
        `check_url` raises.
        """
        url = prepared.url or ""
        self._check_url(url)
        if auth is not None:
            auth(prepared)
        sent_at = self._clock()
        try:
            # Session.send reads the whole body of a redirect, however long, even when it may not follow it.
            response = session.get_adapter(url).send(
                prepared,
                stream=True,
                timeout=(bounds.connect_timeout_seconds, bounds.read_timeout_seconds),
                verify=self._ca_bundle or True,
            )
            with response:
                body = read_body(response, bounds.max_reply_bytes)
        except (requests.RequestException, OSError) as failure:
            raise ProviderUnavailable(f"No whole reply from {_host(url)}: {type(failure).__name__}.") from failure
        received_at = self._clock()
        if response.status_code < 200 or response.status_code == REQUEST_TIMEOUT:
            # The server's part of the connection is over, and what follows on it belongs to no question. A closed
            # session opens new ones.
            session.close()
            raise ProviderUnavailable(f"{_host(url)} did not take the request: it answered {response.status_code}.")
        return Reply(response.status_code, response.headers, body, received_at, received_at - sent_at)

    def _new_session(self) -> requests.Session:
        session = self._session_factory()
        session.trust_env = False
        session.headers.update({"User-Agent": f"farsync/{__version__}", "Accept": "application/json"})
        return session


class _WatchedBody(io.BytesIO):
    """A body that knows whether its sending has begun, after connect and TLS handshake. A request of which no byte of
    the body was sent cannot have started anything.
    """

    was_read = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.was_read = True
        return super().read(size)


def _encode(payload: object) -> bytes:
    return json_module.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(body: object, headers: Mapping[str, str] | None) -> dict[str, str]:
    content_type = {} if body is None else {"Content-Type": "application/json"}
    return {**content_type, **(headers or {})}


def _host(url: str) -> str:
    return requests.compat.urlsplit(url).netloc
