"""A function's environment, a transport that never pauses, and the history of a run that has been prepared."""

from collections.abc import Callable, Iterator

import pytest

from farsync.aws.client import AwsCaller
from farsync.http_client.client import Transport
from tests.unit.aws.run_variables import REQUEST, RUN
from tests.unit.histories import History
from tests.unit.http_client.wire_server import WireServer

ENVIRON = {
    "AWS_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
    "AWS_SESSION_TOKEN": "the-token",
}
CallerOf = Callable[[WireServer], AwsCaller]


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(sleep=lambda _: None)
    yield made
    made.close()


@pytest.fixture
def caller_of(transport: Transport) -> CallerOf:
    """Calls AWS at a server of the test's own."""
    return lambda server: AwsCaller(transport, {**ENVIRON, "AWS_ENDPOINT_URL": server.endpoint})


@pytest.fixture
def history() -> History:
    return History().begun(REQUEST).called("Prepare", {"request": REQUEST, "run": {"name": "a-run"}}, RUN)
