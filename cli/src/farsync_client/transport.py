"""Requests to one API: what only reads is tried again, what comes back is JSON or an error with a name."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests

from farsync_client.errors import AnswerUnreadable, FarsyncError, Unauthorized, Unreachable
from farsync_client.identity import Caller
from farsync_client.problems import gateway_rejection, problem

TIMEOUT_SECONDS = (10, 35)
"""To connect, and for an answer: API Gateway gives up after 29."""
WAITS_SECONDS = (0.5, 2.0, 5.0)
"""Before a read is tried again."""
LONGEST_WAIT_SECONDS = 20.0
PROBLEM_TYPE = "application/problem+json"

Sleep = Callable[[float], None]


class Transport:
    """Raises the errors of `farsync_client.errors` and `farsync_client.problems`."""

    def __init__(self, base_url: str, caller: Caller, session: requests.Session, sleep: Sleep) -> None:
        self._base_url = base_url.rstrip("/")
        self._caller = caller
        self._session = session
        self._sleep = sleep

    def get(self, path: str, query: Mapping[str, object] | None = None) -> Any:
        """JSON; tried again after a failure that may pass."""
        for wait in WAITS_SECONDS:
            try:
                return self._answer("GET", path, query or {})
            except FarsyncError as error:
                if not error.is_transient:
                    raise
                self._sleep(min(error.retry_after_seconds or wait, LONGEST_WAIT_SECONDS))
        return self._answer("GET", path, query or {})

    def post(self, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        """JSON; sent once."""
        return self._answer("POST", path, {}, body, headers)

    def _answer(
        self,
        method: str,
        path: str,
        query: Mapping[str, object],
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        try:
            return _read(self._send(method, path, query, body, headers))
        except Unauthorized:
            # The gateway rejected it before anything was done, so that a start may be sent again too.
            if not self._caller.renew():
                raise
            return _read(self._send(method, path, query, body, headers))

    def _send(
        self, method: str, path: str, query: Mapping[str, object], body: object, headers: Mapping[str, str] | None
    ) -> requests.Response:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            return self._session.request(
                method,
                f"{self._base_url}{path}{_query_text(query)}",
                data=data,
                headers={"accept": "application/json", "content-type": "application/json", **(headers or {})},
                auth=self._caller,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"No answer from {self._base_url} ({_reason(error)}).") from error


def path_part(text: str) -> str:
    return quote(text, safe="")


def _query_text(query: Mapping[str, object]) -> str:
    """Spaces as %20, since a signature is made over the text as it is sent."""
    pairs = [
        f"{quote(name, safe='')}={quote(str(value), safe='')}"
        for name, value in query.items()
        if value not in (None, "")
    ]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _read(response: requests.Response) -> Any:
    try:
        content = json.loads(response.content or b"{}")
    except ValueError:
        content = None
    if response.ok and isinstance(content, dict) and response.status_code < 300:
        return content
    if not isinstance(content, dict) or response.status_code < 400:
        raise AnswerUnreadable(f"The address answered {response.status_code} with something that is no answer.")
    if response.headers.get("content-type", "").startswith(PROBLEM_TYPE) or "type" in content:
        error: FarsyncError = problem(content)
    else:
        error = gateway_rejection(response.status_code, str(content.get("message", "no message")))
    error.retry_after_seconds = _seconds(response.headers.get("retry-after"))
    raise error


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None


def _reason(error: requests.exceptions.RequestException) -> str:
    """In words: the exception's own text holds addresses of objects and repeats the URL."""
    if isinstance(error, requests.exceptions.Timeout):
        return "it took too long"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate does not hold"
    text = str(error)
    if "resolve" in text or "Name or service not known" in text:
        return "its name is not known"
    return "connection refused" if "refused" in text else "the connection broke"
