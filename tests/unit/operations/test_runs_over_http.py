"""`manage_runs` behind its routes: runs are accepted and aborted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.model.names import run_event_id, run_name
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import BOTH, Cloud, a_cloud
from tests.unit.operations.marks import only
from tests.unit.operations.runs_client import RunsClient

BOTH_CLOUDS = only("cloud", *BOTH)
REJECTED: dict[str, dict[str, Any]] = {
    "no-job": {},
    "run": {"job": "x", "run": {"connection": "other"}},
    "large": {"job": "x", "parameters": {"sql": "x" * 103_000}},
    "large-once-escaped": {"job": "x", "parameters": {"sql": '"' * 52_000}},
    "event": {"job": "x", "detail": {"job": "y"}},
}


@pytest.fixture(params=["data-flow"])
def cloud(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    with a_cloud(request.param, tmp_path) as cloud:
        yield cloud


@pytest.fixture
def client(cloud: Cloud) -> RunsClient:
    return RunsClient(cloud)


class TestAccepting:
    @BOTH_CLOUDS
    def test_a_run_is_accepted_under_a_name_and_with_the_place_where_it_is_shown(
        self, cloud: Cloud, client: RunsClient
    ) -> None:
        answered = client.post({"job": cloud.job, "timeoutSeconds": 60.0})
        (name,) = client.aws.runs
        assert answered == (202, {"content-type": "application/json", "location": f"/runs/{name}"}, {"name": name})
        assert client.aws.runs[name].request["timeoutSeconds"] == 60
        assert name.startswith(run_name("default", cloud.job).split("-")[0])

    @pytest.mark.parametrize("body", REJECTED.values(), ids=REJECTED)
    def test_a_request_that_no_run_could_hold_is_rejected(self, client: RunsClient, body: dict[str, Any]) -> None:
        answered = client.post(body)
        assert (answered.status, answered.body["type"]) == (400, "InvalidRequest")
        assert client.aws.runs == {}

    def test_a_job_that_is_not_there_is_rejected(self, client: RunsClient) -> None:
        answered = client.post({"job": "NoSuchJob123"})
        assert (answered.status, answered.body["type"], client.aws.runs) == (404, "JobNotFound", {})

    def test_a_job_may_be_called_by_its_name_and_the_run_has_its_id(self, cloud: Cloud, client: RunsClient) -> None:
        name = cloud.provider().get_job(cloud.job).name
        answers = [client.post({"job": job}, key="k").body for job in (name, cloud.job, name)]
        assert answers[0] == answers[1] == answers[2]
        (run,) = client.aws.runs.values()
        assert run.request["job"] == cloud.job
        assert client.post({"job": "another"}, key="k").body["type"] == "IdempotencyConflict"
        assert client.post({"job": name}).status == 202

    def test_a_job_that_cannot_run_is_rejected(self, cloud: Cloud, client: RunsClient) -> None:
        cloud.emulator.save_as_draft(cloud.job)  # type: ignore[attr-defined]
        assert client.post({"job": cloud.job}).body["type"] == "JobNotRunnable"
        assert client.aws.runs == {}

    @BOTH_CLOUDS
    @pytest.mark.parametrize("fault", ["http_503", "http_429", "http_401"])
    def test_a_failure_of_a_provider_that_a_run_waits_out_rejects_none(
        self, cloud: Cloud, client: RunsClient, fault: str
    ) -> None:
        body = {"job": cloud.job}
        cloud.emulator.control("PUT", "faults", [{"operation": "*", "fault": fault, "times": 20}])
        assert client.post(body).status == 202
        assert cloud.emulator.control("GET", "faults")[0]["times"] < 20

    def test_a_start_whose_reply_was_lost_twice_is_one_run(self, cloud: Cloud, client: RunsClient) -> None:
        replies_to_lose = [1, 2]

        def lose_reply() -> None:
            if replies_to_lose:
                replies_to_lose.pop()
                raise AwsRequestFailed("Unreachable", "the reply was lost")

        client.aws.after["StartExecution"] = lose_reply
        assert client.post({"job": cloud.job}).status == 202
        assert len(client.aws.runs) == 1


class TestAborting:
    def test_an_open_run_is_stopped_and_says_who_wanted_it(self, client: RunsClient) -> None:
        run = client.aws.runs["x"] = Run("x", "{}")
        answered = client.abort()
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "STOPPING", "wasOver": False})
        assert run.error == "RunAborted"
        assert "assumed-role/etl/night" in str(run.cause)

    def test_a_run_that_is_over_stays_as_it_ended_and_that_is_success(self, client: RunsClient) -> None:
        client.aws.runs["x"] = Run("x", "{}", status="SUCCEEDED")
        answered = client.abort()
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "SUCCEEDED", "wasOver": True})
        assert client.aws.asked == ["DescribeExecution"]

    @pytest.mark.parametrize(
        ("event_type", "state"), [("run.unobservable", "UNOBSERVABLE"), ("run.failed", "FAILED"), (None, "STOPPING")]
    )
    def test_a_run_that_did_not_succeed_stays_as_its_event_says(
        self, client: RunsClient, event_type: str | None, state: str
    ) -> None:
        client.aws.runs["x"] = Run("x", "{}", status="ABORTED", stopped_at=1.0)
        if event_type:
            client.aws.events[run_event_id("x", 0)] = {"id": "i", "type": f"io.farsync.{event_type}", "data": {}}
        assert client.abort().body == {"name": "x", "state": state, "wasOver": True}

    def test_a_run_that_nobody_knows_is_not_found(self, client: RunsClient) -> None:
        assert client.abort().body["type"] == "RunNotFound"

    def test_a_stop_that_aws_rejects_is_a_problem_with_a_name(self, client: RunsClient) -> None:
        client.aws.runs["x"] = Run("x", "{}")
        client.aws.reject("StopExecution")
        assert client.abort().body["type"] == "Throttled"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("ThrottlingException", "Throttled"),
        ("AccessDeniedException", "PermissionDenied"),
        ("InternalServiceError", "ProviderUnavailable"),
        ("ValidationException", "InvalidRequest"),
        ("StateMachineDoesNotExist", "PermissionDenied"),
    ],
)
@pytest.mark.parametrize("ask", [RunsClient.list, RunsClient.events, RunsClient.get, RunsClient.abort])
def test_a_rejection_by_aws_is_a_problem_with_a_name(client: RunsClient, ask: Any, code: str, problem: str) -> None:
    client.aws.reject(code=code)
    assert ask(client).body["type"] == problem


def test_a_route_that_is_not_served_is_rejected(client: RunsClient) -> None:
    assert client.call("GET /rums", "/rums").body["field"] == "route"
