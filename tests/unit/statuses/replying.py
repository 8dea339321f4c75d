"""A transport whose every request is answered by a function: no socket, all else is real."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from farsync.http_client.client import Transport
from farsync.http_client.retry import Retrying

Answer = Callable[[requests.PreparedRequest], tuple[int, bytes]]


class _Answering(BaseAdapter):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        getattr(request.body, "read", lambda: b"")()
        response = requests.Response()
        response.status_code, body = self._answer(request)
        response.headers = CaseInsensitiveDict()
        response.raw = io.BytesIO(body)
        return response

    def close(self) -> None:
        """Nothing is held."""


def transport_answering(answer: Answer, max_attempts: int = 1) -> Transport:
    def new_session() -> requests.Session:
        session = requests.Session()
        session.mount("https://", _Answering(answer))
        return session

    retrying = Retrying(lambda: 0.0, lambda _: None, lambda: 0.0, max_attempts=max_attempts)
    return Transport(session_factory=new_session, retrying=retrying)


ENVIRON: Mapping[str, str] = {
    "AWS_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
}
