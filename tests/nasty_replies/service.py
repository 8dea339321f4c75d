"""A provider's service that answers as a test says, and AWS, which takes nothing that the real one would reject."""

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from farsync.aws.client import Service
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.http_client.retry import Retrying
from farsync.providers.rejections import Operation
from farsync.runtime.context import Context
from tests.nasty_replies.replies import EXECUTION, JOB, JOB_LISTS, LISTS, Nasty
from tests.nasty_replies.values import NOW
from tests.unit.operations.aws_in_memory import VARIABLES
from tests.unit.operations.poll_queue import PollQueue
from tests.unit.providers.conftest import SECRETS
from tests.unit.providers.replies import shown_execution, shown_job

NOT_IN_A_MESSAGE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""
LARGEST_STATE_BYTES = 262_144
LONGEST_CAUSE = 32_768
LARGEST_ANSWER_BYTES = 6 * 1024 * 1024
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
LARGEST_WHOLE_NUMBER = 10**15
DAY = {"Date": "Sat, 21 Nov 2026 12:00:30 GMT"}


def checked_json(text: str, parse_int: Callable[[str], int] = int) -> Any:
    """What the JSON says; fails where AWS would reject it."""
    assert not NOT_IN_A_MESSAGE.search(text), ascii(text)
    assert len(text.encode()) <= LARGEST_STATE_BYTES
    return json.loads(text, parse_constant=reject_constant, parse_int=parse_int)


def reject_constant(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def _short(digits: str) -> int:
    assert abs(int(digits)) < LARGEST_WHOLE_NUMBER, "JSONata would round it"
    return int(digits)


class StrictAws(PollQueue):
    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        for name in ("input", "output", "cause", "MessageBody"):
            if name in payload:
                text = str(payload[name])
                content = checked_json(text, _short)
                if name == "cause":
                    assert len(text) <= LONGEST_CAUSE
                if name == "input":
                    self._check_sending(content["event"])
        json.dumps(payload, allow_nan=False, ensure_ascii=False).encode()
        return super().call(service, action, payload)

    def _check_sending(self, event: Mapping[str, Any]) -> None:
        """As `emit_event` sends it: a text within the arguments of a state."""
        message = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        checked_json(message)
        arguments = json.dumps({"QueueUrl": "q" * 200, "MessageBody": message}, ensure_ascii=False)
        assert len(arguments.encode()) <= LARGEST_STATE_BYTES


def plain(cloud: str) -> dict[Operation, Nasty]:
    """What a service answers that nobody has spoiled."""
    execution, job = shown_execution(cloud, JOB, EXECUTION), shown_job(cloud, JOB)
    contents: dict[Operation, object] = {
        Operation.LIST_JOBS: {JOB_LISTS[cloud][0].decode(): [job]},
        Operation.GET_JOB: job,
        Operation.LIST_EXECUTIONS: {LISTS[cloud][0].decode(): [], LISTS[cloud][1].decode(): 0},
        Operation.GET_EXECUTION: execution,
        Operation.START: execution,
        Operation.CANCEL: True,
    }
    return {asked: Nasty(200, DAY, json.dumps(content).encode()) for asked, content in contents.items()}


class CannedService(HTTPAdapter):
    """Answers each operation always alike; no socket is opened."""

    def __init__(self, cloud: str) -> None:
        super().__init__()
        self.replies = plain(cloud)

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        if isinstance(request.body, io.BytesIO):
            request.body.read()
        reply = self.replies[asked_by(request.method or "", request.path_url)]
        raw = HTTPResponse(io.BytesIO(reply.body), reply.headers, reply.status, preload_content=False)
        return self.build_response(request, raw)


def asked_by(method: str, target: str) -> Operation:
    path = target.partition("?")[0]
    match path.partition("/jobs")[2].strip("/").split("/"):
        case [""]:
            return Operation.LIST_JOBS
        case ["instances", "detail"]:
            return Operation.LIST_EXECUTIONS
        case [_]:
            return Operation.GET_JOB
        case [_, "executions" | "run-immediate"]:
            return Operation.START if method == "POST" else Operation.LIST_EXECUTIONS
        case [_, "executions" | "instances", _]:
            return Operation.GET_EXECUTION
    return Operation.CANCEL


class Stage:
    """A service, and the functions whose connection leads there."""

    def __init__(self, cloud: str) -> None:
        self.cloud = cloud
        self.service = CannedService(cloud)
        self.plain = plain(cloud)
        secret = {**SECRETS[cloud], "endpoint": "http://127.0.0.1:9"}
        transport = Transport(
            session_factory=self._session, clock=self.clock, retrying=Retrying(self.clock, _nothing, _half, 1)
        )
        self._context = Context(
            clock=self.clock,
            sleep=_nothing,
            random=_half,
            new_token=lambda: "token",
            transport=transport,
            aws=StrictAws(self.clock),
            connections=ConnectionStore(lambda _: json.dumps(secret), clock=self.clock),
            variables=VARIABLES,
        )

    def clock(self) -> float:
        return NOW.timestamp()

    def context(self, operation: Operation, reply: Nasty) -> tuple[Context, StrictAws]:
        """Of functions for which one operation is answered like this, and every other as usual."""
        self.service.replies = {**self.plain, operation: reply}
        aws = StrictAws(self.clock)
        connections = self._context.connections
        # Keys that a reply rejected would rest.
        connections._rest_ends_at.clear()
        return self._context._replace(aws=aws), aws

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.mount("http://", self.service)
        return session


def _nothing(_: float) -> None:
    pass


def _half() -> float:
    return 0.5
