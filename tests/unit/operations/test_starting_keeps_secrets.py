"""A secret parameter at a provider that repeats what it was sent: the value stands in no log line and in no error."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest

from conftest import LogLines
from farsync.aws.client import Service
from farsync.connections.store import ConnectionStore
from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.operations.trigger_execution import start
from farsync.runtime.context import Context
from farsync.runtime.entrypoint import serve
from sandbox.provider_service.http_messages import Reply, Request
from sandbox.provider_service.http_server import HttpServer, Responder
from tests.unit.operations.old_cloud import Cloud, StandingRuns, a_cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.run_calls import prepared

SECRET = 'hunter2-secret "é"/x'


class ParameterStore(StandingRuns):
    """Secrets Manager with one value for every parameter."""

    value = SECRET

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        if service == "secretsmanager":
            assert payload["SecretId"] == "farsync/parameters/default/token"
            return {"SecretString": self.value}
        return super().call(service, action, payload)


@dataclass
class Start:
    """A run that has been prepared with the provider, and whose start another service answers."""

    cloud: Cloud
    payload: dict[str, Any]

    def rejected_with(self, body: str, status: int = 400, value: str = SECRET) -> FarsyncError:
        """What the function raises."""
        with answering(status, body) as endpoint, pytest.raises(FarsyncError) as caught:
            serve(self.payload, partial(start, self.environment(endpoint, value)))
        return caught.value

    def answer_to(self, body: str, status: int) -> dict[str, object]:
        """What the function answers, where waiting helps."""
        with answering(status, body) as endpoint:
            return serve(self.payload, partial(start, self.environment(endpoint, SECRET)))

    def rejected_with_words(self, words: str, status: int = 400, value: str = SECRET) -> FarsyncError:
        field = "error_msg" if self.is_huawei else "message"
        return self.rejected_with(json.dumps({field: words}), status, value)

    @property
    def is_huawei(self) -> bool:
        return self.cloud.emulator.connection == "huawei"

    def environment(self, endpoint: str, value: str) -> Context:
        connection = json.dumps({**self.cloud.emulator.secret(), "endpoint": endpoint})
        store = ParameterStore(self.cloud.environment.transport, {})
        store.value = value
        return self.cloud.environment._replace(
            aws=store, connections=ConnectionStore(lambda _: connection, clock=self.cloud.environment.clock)
        )


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    def answer(_: Request) -> Reply:
        return Reply(status, body.encode())

    server = HttpServer("127.0.0.1", 0, Responder(answer, lambda status: Reply(status, b""), 1_000_000))
    server.start()
    yield server.endpoint
    server.stop()


@pytest.fixture(params=["naver-G1", "huawei-7-words"])
def a_start(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    cloud = a_cloud(cast("str", request.param), tmp_path)
    job = cloud.emulator.make_job()
    asked: dict[str, Any] = {"job": job, "parameters": {cloud.emulator.parameter: {"secret": "token"}}}
    yield Start(cloud, {"request": asked, "run": prepared(cloud, **asked), "redriveCount": 0})
    cloud.server.stop()


@pytest.mark.parametrize("status", [400, 401, 403, 409, 500])
def test_a_secret_that_the_provider_repeats_stands_in_no_error_and_no_log(
    a_start: Start, log_lines: LogLines, status: int
) -> None:
    error = a_start.rejected_with_words(f"the value '{SECRET}' is not allowed", status)

    told = {line["provider_message"] for line in log_lines() if "provider_message" in line}
    assert told == {"the value '***' is not allowed"}
    assert "hunter2" not in f"{log_lines()} {error} {error.__cause__} {error.said}"


def test_a_secret_in_the_reason_to_come_back_later_stands_in_no_answer(a_start: Start, log_lines: LogLines) -> None:
    words = {"message": f"too often for {SECRET}", "error_msg": f"too often for {SECRET}"}

    answer = a_start.answer_to(json.dumps(words), 429)

    assert answer["outcome"] == "postponed"
    assert "hunter2" not in f"{log_lines()} {answer}"


@pytest.mark.parametrize(
    "spelled",
    [
        pytest.param(json.dumps(SECRET)[1:-1], id="json"),
        pytest.param(json.dumps(SECRET, ensure_ascii=False)[1:-1], id="json-in-utf-8"),
        pytest.param(quote(SECRET, safe=""), id="url"),
        pytest.param(quote(SECRET, safe="").replace("%C3%A9", "%c3%a9"), id="url-in-small-letters"),
    ],
)
def test_a_secret_that_the_provider_repeats_in_another_spelling_stands_nowhere(
    a_start: Start, log_lines: LogLines, spelled: str
) -> None:
    a_start.rejected_with_words(f"{spelled} is wrong")

    assert log_lines()[-1]["provider_message"] == "*** is wrong"


def test_a_secret_in_a_reply_that_cannot_be_read_stands_nowhere(a_start: Start, log_lines: LogLines) -> None:
    body = f'{{"parameters": {json.dumps(SECRET)}'
    a_start.rejected_with(body, 200)

    assert log_lines()[-1]["provider_message"] == f"{len(body.encode())} bytes of application/json"


def test_a_secret_amid_which_a_long_message_is_cut_stands_nowhere(a_start: Start, log_lines: LogLines) -> None:
    a_start.rejected_with_words("x" * 490 + SECRET)

    assert log_lines()[-1]["provider_message"] == "x" * 490 + "***"


def test_a_secret_that_the_provider_makes_its_code_stands_in_no_error(a_start: Start, log_lines: LogLines) -> None:
    field = "error_code" if a_start.is_huawei else "errorCode"

    error = a_start.rejected_with(json.dumps({field: "hunter2"}), 413, value="hunter2")

    assert isinstance(error, InvalidRequest)
    assert str(error).endswith(" rejected the request (***).")
    assert log_lines()[-1]["provider_code"] == "***"


def test_a_secret_that_ends_with_a_line_is_known_without_it(a_start: Start, log_lines: LogLines) -> None:
    a_start.rejected_with_words("hunter2 is wrong", value="hunter2\n")

    assert log_lines()[-1]["provider_message"] == "*** is wrong"


def test_a_short_secret_is_hidden_where_it_stands_for_itself(a_start: Start, log_lines: LogLines) -> None:
    error = a_start.rejected_with_words("the value 'a' of a parameter", 413, value="a")

    assert log_lines()[-1]["provider_message"] == "the value '***' of *** parameter"
    assert str(error).endswith(" rejected the request.")


@pytest.mark.parametrize("value", ["", " \n"])
def test_an_empty_secret_leaves_the_providers_words_as_they_are(
    a_start: Start, log_lines: LogLines, value: str
) -> None:
    a_start.rejected_with_words("a value is missing", value=value)

    assert log_lines()[-1]["provider_message"] == "a value is missing"
