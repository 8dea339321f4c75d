"""Requests and replies as they stand on the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote

JSON_CONTENT_TYPE = "application/json;charset=UTF-8"


class ConnectionDropped(Exception):
    """The connection ends here, without a reply."""


@dataclass(frozen=True)
class Request:
    """One HTTP request. `target` is the request target exactly as received, percent-encoding untouched."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        return unquote(self.target.partition("?")[0])

    @cached_property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    content_type: str = JSON_CONTENT_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    interim: tuple[int, ...] = ()
    """Statuses of the replies that go before this one."""


NO_CONTENT = Reply(204, b"")


def json_reply(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())
