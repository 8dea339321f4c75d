"""A service of this process, spoken to as one behind a socket."""

import io
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from sandbox.provider_service.http_messages import ConnectionDropped, Reply, Request


class InProcess(HTTPAdapter):
    """Takes requests to a service without a socket. One that is down takes no connection."""

    def __init__(self, answer: Callable[[Request], Reply], is_up: Callable[[], bool]) -> None:
        super().__init__()
        self._answer = answer
        self._is_up = is_up

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        if not self._is_up():
            raise requests.ConnectionError("connection refused")
        body: Any = request.body
        content = body.read() if hasattr(body, "read") else body or b""
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        try:
            reply = self._answer(
                Request(
                    request.method or "",
                    request.path_url,
                    headers,
                    content.encode() if isinstance(content, str) else content,
                )
            )
        except ConnectionDropped as dropped:
            raise requests.ConnectionError("connection reset") from dropped
        raw = HTTPResponse(
            io.BytesIO(reply.body),
            {"Content-Type": reply.content_type, **reply.headers},
            reply.status,
            preload_content=False,
        )
        return self.build_response(request, raw)
