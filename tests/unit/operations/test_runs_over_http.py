"""`manage_runs` behind its routes: runs are accepted, listed and aborted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.model.names import run_name
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import BOTH, Cloud, a_cloud
from tests.unit.operations.http_client import Answered
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


class TestListing:
    @staticmethod
    def names(answered: Answered) -> list[str]:
        return [run["name"] for run in answered.body["runs"]]

    @staticmethod
    def run(client: RunsClient, name: str, job: str, connection: str = "default", status: str = "RUNNING") -> str:
        """Its name: farsync's own for a number, else the caller's."""
        name = run_name(connection, job, name) if name.isdecimal() else name
        client.aws.runs[name] = Run(name, json.dumps({"connection": connection, "job": job}), status=status)
        return name

    def test_open_runs_are_listed_of_this_connection_only(self, client: RunsClient) -> None:
        first = self.run(client, "1", "a")
        client.aws.runs["by-hand"] = Run("by-hand", '{"job": "a"}')
        self.run(client, "2", "a", "other")
        self.run(client, "3", "a", status="SUCCEEDED")
        page = client.list()
        rest = client.list(f"?nextToken={page.body['nextToken']}")
        assert self.names(page) + self.names(rest) == ["by-hand", first]
        assert "nextToken" not in rest.body

    def test_runs_of_a_job_are_known_by_their_names_and_need_not_be_read(self, client: RunsClient) -> None:
        wanted = self.run(client, "1", "a")
        for number in range(6):
            self.run(client, str(number), "b")
        assert self.names(client.list("?job=a")) == [wanted]
        assert "DescribeExecution" not in client.aws.asked

    def test_an_ended_run_is_listed_by_its_state(self, client: RunsClient) -> None:
        self.run(client, "x", "a", status="FAILED")
        client.aws.runs["x"].stopped_at = client.aws.runs["x"].started_at + 60
        times = {"startedAt": "2026-11-21T12:00:00Z", "stoppedAt": "2026-11-21T12:01:00Z"}
        assert client.list("?state=FAILED").body["runs"] == [{"name": "x", "state": "FAILED", "job": "a", **times}]

    def test_the_next_page_is_linked_with_the_query(self, client: RunsClient) -> None:
        for number in range(3):
            self.run(client, str(number), "작업")
        link = client.list("?job=%EC%9E%91%EC%97%85").headers["link"]
        assert link == '</connections/default/runs?state=RUNNING&nextToken=2&job=%EC%9E%91%EC%97%85>; rel="next"'

    def test_an_answer_reads_no_more_runs_than_it_may(self, client: RunsClient) -> None:
        client.aws.page_size = 100
        for number in range(300):
            self.run(client, f"by-hand-{number}", "a", "other")
        answered = client.list()
        assert answered.body["runs"] == []
        assert client.aws.asked.count("DescribeExecution") == 100
        assert "link" in answered.headers

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("?state=OPEN", "state"),
            ("?nextToken=x", "nextToken"),
            ("?job=a/b", "job"),
            ("?limit=5", "limit"),
            ("?job=a&job=b", "job"),
            ("?state=FAILED&job=a&state=FAILED", "state"),
            ("?job=a&job=", "job"),
        ],
    )
    def test_a_bad_question_is_rejected_by_name(self, client: RunsClient, query: str, field: str) -> None:
        answered = client.list(query)
        assert (answered.status, answered.body["field"]) == (400, field)


class TestAborting:
    def test_an_open_run_is_stopped_and_says_who_wanted_it(self, client: RunsClient) -> None:
        run = client.aws.runs["x"] = Run("x", "{}")
        answered = client.abort()
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "ABORTED", "wasOver": False})
        assert run.error == "RunAborted"
        assert "assumed-role/etl/night" in str(run.cause)

    def test_a_run_that_is_over_stays_as_it_ended_and_that_is_success(self, client: RunsClient) -> None:
        client.aws.runs["x"] = Run("x", "{}", status="SUCCEEDED")
        answered = client.abort()
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "SUCCEEDED", "wasOver": True})
        assert client.aws.asked == ["DescribeExecution"]

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
@pytest.mark.parametrize("ask", [RunsClient.list, RunsClient.get, RunsClient.abort])
def test_a_rejection_by_aws_is_a_problem_with_a_name(client: RunsClient, ask: Any, code: str, problem: str) -> None:
    client.aws.reject(code=code)
    assert ask(client).body["type"] == problem


def test_a_route_that_is_not_served_is_rejected(client: RunsClient) -> None:
    assert client.call("GET /runs", "/runs").body["field"] == "route"
