"""`GET /runs/{name}`: what the history of a run tells of its progress."""

import json
from typing import Any

import pytest

from farsync.managing_runs import manage_runs
from farsync.run_progress import MOST_PAGES
from tests.unit.use_cases.conftest import Cloud
from tests.unit.use_cases.http_client import HttpClient
from tests.unit.use_cases.remembered_runs import STARTED_AT, RememberedRun, RememberedRuns

RUN = {
    "v": 1,
    "name": "x",
    "startedAt": "2026-11-21T03:00:00Z",
    "deadlineAt": "2026-11-21T04:00:00Z",
    "connection": "c",
    "provider": "naver",
    "job": "j",
}
STARTED: dict[str, Any] = {**RUN, "executionId": "e1", "executionStartedAt": "2026-11-21T03:00:02Z"}
EVENT = {"id": "hash", "type": "io.farsync.execution.succeeded", "data": {"status": "SUCCEEDED"}}

pytestmark = pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)


@pytest.fixture
def run() -> RememberedRun:
    run = RememberedRun('{"connection": "c", "job": "j"}')
    run.entered("Prepare")
    return run


@pytest.fixture
def runs(run: RememberedRun) -> RememberedRuns:
    runs = RememberedRuns(page_size=2)
    runs.runs = {"x": run}
    return runs


@pytest.fixture
def client(cloud: Cloud, runs: RememberedRuns) -> HttpClient:
    return HttpClient(cloud.environment._replace(aws=runs), manage_runs)


def show(client: HttpClient) -> dict[str, Any]:
    answered = client.call("GET /runs/{name}", "/runs/x")
    assert answered.status == 200
    return answered.body


def test_a_run_that_has_only_begun_has_neither_execution_nor_deadline(client: HttpClient) -> None:
    assert show(client) == {
        "name": "x",
        "state": "RUNNING",
        "connection": "c",
        "job": "j",
        "step": "Prepare",
        "startedAt": "2026-11-21T03:00:00Z",
        "looks": 0,
        "request": {"connection": "c", "job": "j"},
    }


def test_a_prepared_run_has_a_deadline(client: HttpClient, run: RememberedRun) -> None:
    run.answered(RUN)
    run.entered("Start")
    shown = show(client)
    assert (shown["step"], shown["deadlineAt"]) == ("Start", "2026-11-21T04:00:00Z")
    assert "execution" not in shown


def test_a_waiting_run_tells_its_execution_its_looks_and_when_it_looks_next(
    client: HttpClient, run: RememberedRun
) -> None:
    run.answered({"run": STARTED, "waitSeconds": 5})
    run.answered({"run": {**STARTED, "polls": 3}, "status": "RUNNING", "vendorStatus": "RUN", "waitSeconds": 7})
    run.entered("Wait", STARTED_AT + 20)
    shown = show(client)
    assert shown["execution"] == {
        "executionId": "e1",
        "status": "RUNNING",
        "vendorStatus": "RUN",
        "startedAt": "2026-11-21T03:00:02Z",
        "isAdopted": False,
    }
    assert (shown["looks"], shown["nextLookAt"]) == (3, "2026-11-21T03:00:27Z")
    assert "trouble" not in shown


def test_while_a_look_is_under_way_no_next_one_is_told(client: HttpClient, run: RememberedRun) -> None:
    run.answered({"run": STARTED, "waitSeconds": 5})
    run.entered("Poll")
    assert "nextLookAt" not in show(client)


@pytest.mark.parametrize(
    ("cause", "message"),
    [('{"errorMessage": "slow down", "errorType": "Throttled", "stackTrace": []}', "slow down"), ("words", "words")],
)
def test_trouble_since_the_last_answer_is_told(
    client: HttpClient, run: RememberedRun, cause: str, message: str
) -> None:
    run.failed("ProviderUnavailable", "{}")
    run.answered({"run": STARTED, "waitSeconds": 5})
    run.failed("Throttled", cause)
    assert show(client)["trouble"] == {"name": "Throttled", "message": message}


def test_a_run_whose_looks_have_failed_for_long_is_known_and_does_not_tell_its_next_look(
    client: HttpClient, run: RememberedRun
) -> None:
    run.answered({"run": STARTED, "waitSeconds": 5})
    for polls in range(100):
        run.scheduled({"FunctionName": "poll", "Payload": {"run": {**STARTED, "polls": polls}}})
        run.failed("Throttled", "words")
        run.entered("Wait")
    shown = show(client)
    assert shown["execution"]["executionId"] == "e1"
    assert (shown["looks"], "nextLookAt" in shown) == (99, False)


def test_a_run_that_succeeded_tells_result_and_event(client: HttpClient, run: RememberedRun) -> None:
    run.answered({"run": {**STARTED, "polls": 4}, "event": EVENT})
    run.scheduled({"StateMachineArn": "a", "Name": "hash", "Input": {"event": EVENT}})
    run.history.append({"taskSucceededEventDetails": {"output": '{"ExecutionArn": "a"}'}})
    run.entered("Succeeded")
    run.status, run.output = "SUCCEEDED", json.dumps({"status": "SUCCEEDED", "vendorStatus": "COMPLETED"})
    shown = show(client)
    assert shown["event"] == {"id": "hash", "type": "io.farsync.execution.succeeded"}
    assert shown["result"]["vendorStatus"] == shown["execution"]["vendorStatus"] == "COMPLETED"
    assert shown["looks"] == 4
    assert shown["stoppedAt"] == "2026-11-21T03:01:00Z"
    assert shown.keys() & {"step", "nextLookAt", "error", "cause"} == set()


def test_a_run_that_failed_tells_its_result_instead_of_the_cause(client: HttpClient, run: RememberedRun) -> None:
    run.status, run.error, run.cause = "FAILED", "JobNotFound", json.dumps({"error": {"name": "JobNotFound"}})
    shown = show(client)
    assert (shown["error"], shown["result"]) == ("JobNotFound", {"error": {"name": "JobNotFound"}})
    assert "cause" not in shown


def test_an_aborted_run_tells_the_cause_in_words(client: HttpClient, run: RememberedRun) -> None:
    run.status, run.error, run.cause = "ABORTED", "RunAborted", "by hand"
    shown = show(client)
    assert (shown["error"], shown["cause"]) == ("RunAborted", "by hand")
    assert "result" not in shown


@pytest.mark.parametrize("given", ["[1]", "5", "{}"])
def test_a_run_with_an_odd_input_is_shown_all_the_same(client: HttpClient, run: RememberedRun, given: str) -> None:
    run.input = given
    assert show(client)["connection"] == "default"


def test_no_more_of_a_history_is_read_than_a_few_pages(
    client: HttpClient, run: RememberedRun, runs: RememberedRuns
) -> None:
    run.answered({"run": STARTED})
    for _ in range(100):
        run.failed("Throttled", "words")
    assert "execution" not in show(client)
    assert runs.asked.count("GetExecutionHistory") == MOST_PAGES


@pytest.mark.parametrize(("name", "status"), [("unknown", 404), ("a%20b", 400)])
def test_a_run_that_cannot_be_is_told_so(client: HttpClient, name: str, status: int) -> None:
    assert client.call("GET /runs/{name}", f"/runs/{name}").status == status
