"""Every HTTP status, from either cloud, from a cloud of whose words nothing is known, and from AWS."""

import json
from collections.abc import Callable
from http import HTTPStatus
from itertools import chain
from typing import NamedTuple

import pytest
import requests

from farsync.aws.client import AwsCaller, AwsRequestFailed, named
from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError
from farsync.providers import open_provider
from farsync.providers.base import Provider
from farsync.providers.rejections import Operation
from farsync.providers.replies import Reader
from tests.unit.http_client.wire_server import after_interim, reply, wire_server
from tests.unit.providers.conftest import SECRETS
from tests.unit.providers.replies import NOW, shown_execution
from tests.unit.statuses.replying import ENVIRON, transport_answering
from tools.statuses import COLUMNS, StatusRow, read_statuses

TABLE = read_statuses()
WITHOUT_BODY = {204, 205, 304}
REGISTERED_SINCE_OR_UNUSED = {104, 306}
RUNNING = {cloud: json.dumps(shown_execution(cloud, "daily", "7", "running")).encode() for cloud in SECRETS}
RUNNING["other"] = b'{"id": "7"}'
OF_AWS = b'{"status": "RUNNING"}'


class OtherCloud(NamedTuple):
    """As `docs/dev/adding-a-provider.md` begins: its replies are read, and nothing of its words is known."""

    transport: Transport
    endpoint: str

    def get_execution(self) -> None:
        read = Reader("The Cloud").reading(Operation.GET_EXECUTION, lambda reply: json.loads(reply.body)["id"])
        self.transport.get(self.endpoint, None, None, read=read)

    def start(self) -> None:
        reply = self.transport.post_once(self.endpoint, json={})
        Reader("The Cloud").reading(Operation.START, lambda reply: json.loads(reply.body)["id"])(reply)

    def cancel(self) -> None:
        self.transport.post(self.endpoint, None, read=Reader("The Cloud").reading(Operation.CANCEL, lambda _: None))


def ask(cloud: str, column: str, transport: Transport, endpoint: str) -> None:
    if cloud == "other":
        other = OtherCloud(transport, endpoint)
        {"read": other.get_execution, "start": other.start, "cancel": other.cancel}[column]()
        return
    secret = json.dumps({**SECRETS[cloud], "endpoint": endpoint})
    provider: Provider = open_provider(parse_connection("default", secret), transport, lambda: NOW)
    match column:
        case "read":
            provider.get_execution("daily", "7")
        case "start":
            provider.start("daily", condition=None, parameters={})
        case "cancel":
            provider.cancel("daily", "7")


def ask_aws(transport: Transport, endpoint: str) -> None:
    aws = AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": endpoint})
    try:
        aws.call("states", "DescribeExecution", {"executionArn": "arn"})
    except AwsRequestFailed as failure:
        raise named(failure) from failure


def outcome(act: Callable[[], None]) -> str:
    try:
        act()
    except FarsyncError as error:
        return type(error).__name__
    return "answer"


def outcome_of(status: int, column: str, cloud: str) -> str:
    """Without a socket. A request that is not the one in question is answered as it should be."""
    method, good = ("GET" if column == "read" else "POST"), RUNNING.get(cloud, OF_AWS)
    asked: list[str] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, bytes]:
        if request.method != method:
            return 200, good
        asked.append(method)
        return status, good if 200 <= status < 300 and status not in WITHOUT_BODY else b""

    transport, endpoint = transport_answering(answer), "https://server.test"
    seen = outcome(lambda: ask_aws(transport, endpoint) if column == "aws" else ask(cloud, column, transport, endpoint))
    assert len(asked) == 1
    return seen


def outcome_over_a_socket(status: int, column: str, cloud: str) -> str:
    """`final`: a final reply was read, and the connection is still in step."""
    good = reply(200, RUNNING.get(cloud, OF_AWS))
    first = reply(status, b"") if status == HTTPStatus.SWITCHING_PROTOCOLS else after_interim(good, status)
    transport = transport_without_repeats()
    with wire_server(first, good) as server:

        def act() -> None:
            ask_aws(transport, server.endpoint) if column == "aws" else ask(cloud, column, transport, server.endpoint)

        seen = outcome(act)
        assert len(server.requests) == 1
        assert outcome(act) == "answer"
        transport.close()
    return "final" if seen == "answer" else seen


def transport_without_repeats() -> Transport:
    made = Transport()
    made.retrying = made.retrying._replace(max_attempts=1)
    return made


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("statuses", TABLE, ids=lambda statuses: f"{statuses[0]}-{statuses[-1]}")
def test_a_status_comes_to_what_the_table_says(statuses: range, column: str) -> None:
    row = TABLE[statuses]
    for status in statuses if 200 <= statuses[0] < 600 else {statuses[0], statuses[-1]}:
        for cloud, expected in expected_in(row, column).items():
            play = outcome_over_a_socket if status < 200 else outcome_of
            assert play(status, column, cloud) == expected, (status, cloud)


def expected_in(row: StatusRow, column: str) -> dict[str, str]:
    return {"aws": row.aws} if column == "aws" else dict(getattr(row, column))


def test_every_status_is_in_one_row_and_each_that_is_registered_in_one_of_its_own() -> None:
    assert list(chain.from_iterable(TABLE)) == list(range(100, 1000))
    alone = {statuses[0] for statuses, row in TABLE.items() if len(statuses) == 1 and row.name != "unassigned"}
    assert alone == {status.value for status in HTTPStatus} | REGISTERED_SINCE_OR_UNUSED
