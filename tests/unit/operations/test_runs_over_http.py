"""`manage_runs` behind its routes; jobs are those of real services, Step Functions is a memory."""

import json
from typing import Any

import pytest

from farsync.model.names import run_name
from farsync.operations.list_runs import MOST_RUNS_READ, PAGE_SIZE
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.http_runs import RUNS, client_of, post
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401
from tests.unit.operations.remembered_runs import RememberedRun, RememberedRuns


@pytest.fixture
def remembered() -> RememberedRuns:
    return RememberedRuns()


@pytest.fixture
def client(cloud: Cloud, remembered: RememberedRuns) -> HttpClient:
    return client_of(cloud, remembered)


class TestAccepting:
    def test_a_run_is_accepted_under_a_name_and_with_the_place_where_it_is_shown(
        self, cloud: Cloud, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        job = cloud.emulator.make_job()
        answered = post(client, {"job": job, "timeoutSeconds": 60.0})
        (name,) = remembered.runs
        assert answered == (202, {"content-type": "application/json", "location": f"/runs/{name}"}, {"name": name})
        assert json.loads(remembered.runs[name].input)["timeoutSeconds"] == 60
        assert name.startswith(run_name("default", job).split("-")[0])

    @pytest.mark.parametrize(
        ("body", "status", "problem"),
        [
            ({"job": "NoSuchJob123"}, 404, "JobNotFound"),
            ({}, 400, "InvalidRequest"),
            ({"job": "x", "run": {"connection": "other"}}, 400, "InvalidRequest"),
            ({"job": "x", "condition": {"name": "\ud800"}}, 400, "InvalidRequest"),
            ({"job": "x", "condition": {"timeout": True}}, 400, "InvalidRequest"),
            ({"job": "x", "parameters": {"\ud800": "y"}}, 400, "InvalidRequest"),
            ({"job": "x", "parameters": {"sql": "x" * 103_000}}, 400, "InvalidRequest"),
            ({"job": "x", "parameters": {"sql": '"' * 52_000}}, 400, "InvalidRequest"),
            ({"job": "x", "labels": {"team": "x" * 17_000}}, 400, "InvalidRequest"),
            ({"job": "x", "detail": {"job": "y"}}, 400, "InvalidRequest"),
        ],
    )
    def test_what_would_fail_at_once_is_rejected_and_no_run_begins(
        self, client: HttpClient, remembered: RememberedRuns, body: dict[str, Any], status: int, problem: str
    ) -> None:
        answered = post(client, body)
        assert (answered.status, answered.body["type"]) == (status, problem)
        assert remembered.runs == {}

    @pytest.mark.parametrize("cloud", ["naver-G1"], indirect=True)
    def test_a_job_that_cannot_run_is_rejected(
        self, cloud: Cloud, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        job = cloud.emulator.make_job()
        cloud.emulator.save_as_draft(job)  # type: ignore[attr-defined]
        assert post(client, {"job": job}).body["type"] == "JobNotRunnable"
        assert remembered.runs == {}

    @pytest.mark.parametrize("fault", ["http_503", "http_429", "http_401"])
    def test_what_ails_a_provider_for_a_while_and_a_run_waits_out_rejects_none(
        self, cloud: Cloud, client: HttpClient, fault: str
    ) -> None:
        job = cloud.emulator.make_job()
        operation = {"naver": "getJob", "huawei": "ListJobs"}[cloud.emulator.connection]
        cloud.emulator.control("PUT", "faults", [{"operation": operation, "fault": fault, "times": 20}])
        assert post(client, {"job": job}).status == 202
        assert cloud.emulator.control("GET", "faults")[0]["times"] < 20

    def test_a_start_whose_reply_was_lost_is_one_run(
        self, cloud: Cloud, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        remembered.loses_replies = 2
        assert post(client, {"job": cloud.emulator.make_job()}).status == 202
        assert len(remembered.runs) == 1


class TestListing:
    def names(self, answered: Answered) -> list[str]:
        return [run["name"] for run in answered.body["runs"]]

    def run(self, connection: str, job: str, status: str = "RUNNING") -> RememberedRun:
        return RememberedRun(json.dumps({"connection": connection, "job": job}), status)

    def get(self, client: HttpClient, query: str = "", connection: str = "default") -> Answered:
        return client.call(f"GET {RUNS}", f"/connections/{connection}/runs{query}")

    def test_what_is_open_is_listed_of_this_connection_only(
        self, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        remembered.runs = {
            run_name("default", "a", "1"): self.run("default", "a"),
            "by-hand": RememberedRun('{"job": "a"}'),
            run_name("other", "a", "2"): self.run("other", "a"),
            run_name("default", "a", "3"): self.run("default", "a", "SUCCEEDED"),
        }
        first = self.get(client)
        rest = self.get(client, f"?nextToken={first.body['nextToken']}")
        assert self.names(first) + self.names(rest) == ["by-hand", run_name("default", "a", "1")]
        assert "nextToken" not in rest.body

    def test_runs_of_one_job_are_known_by_their_names_and_need_not_be_read(
        self, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        for number in range(6):
            remembered.runs[run_name("default", "b", str(number))] = self.run("default", "b")
        wanted = run_name("default", "a", "1")
        remembered.runs = {wanted: self.run("default", "a"), **remembered.runs}
        assert self.names(self.get(client, "?job=a")) == [wanted]
        assert "DescribeExecution" not in remembered.asked

    def test_an_ended_run_is_listed_by_its_state(self, client: HttpClient, remembered: RememberedRuns) -> None:
        remembered.runs = {"x": self.run("default", "a", "FAILED")}
        (listed,) = self.get(client, "?state=FAILED").body["runs"]
        assert listed == {
            "name": "x",
            "state": "FAILED",
            "job": "a",
            "startedAt": "2026-11-21T03:00:00Z",
            "stoppedAt": "2026-11-21T03:01:00Z",
        }

    def test_the_next_page_is_linked_with_what_was_asked(self, client: HttpClient, remembered: RememberedRuns) -> None:
        for number in range(3):
            remembered.runs[run_name("default", "작업", str(number))] = self.run("default", "작업")
        link = self.get(client, "?job=%EC%9E%91%EC%97%85").headers["link"]
        assert link == ('</connections/default/runs?state=RUNNING&nextToken=2&job=%EC%9E%91%EC%97%85>; rel="next"')

    def test_an_answer_reads_no_more_runs_than_it_may(self, cloud: Cloud) -> None:
        remembered = RememberedRuns(page_size=PAGE_SIZE)
        for number in range(3 * PAGE_SIZE):
            remembered.runs[f"by-hand-{number}"] = self.run("other", "a")
        client = client_of(cloud, remembered)
        answered = self.get(client)
        assert answered.body["runs"] == []
        assert remembered.asked.count("DescribeExecution") == MOST_RUNS_READ
        assert "link" in answered.headers

    @pytest.mark.parametrize(
        ("query", "field"),
        [("?state=OPEN", "state"), ("?nextToken=x", "nextToken"), ("?job=a/b", "job"), ("?limit=5", "limit")],
    )
    def test_a_bad_question_is_rejected_by_name(self, client: HttpClient, query: str, field: str) -> None:
        answered = self.get(client, query)
        assert (answered.status, answered.body["field"]) == (400, field)


class TestAborting:
    def post(self, client: HttpClient, name: str) -> Answered:
        return client.call("POST /runs/{name}/abort", f"/runs/{name}/abort", {})

    def test_an_open_run_is_stopped_and_says_who_wanted_it(
        self, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        remembered.runs = {"x": RememberedRun("{}")}
        answered = self.post(client, "x")
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "ABORTED", "wasOver": False})
        assert remembered.runs["x"].error == "RunAborted"
        assert "assumed-role/etl/night" in str(remembered.runs["x"].cause)

    def test_a_run_that_is_over_stays_as_it_ended_and_that_is_success(
        self, client: HttpClient, remembered: RememberedRuns
    ) -> None:
        remembered.runs = {"x": RememberedRun("{}", "SUCCEEDED")}
        answered = self.post(client, "x")
        assert (answered.status, answered.body) == (202, {"name": "x", "state": "SUCCEEDED", "wasOver": True})
        assert remembered.asked == ["DescribeExecution"]

    def test_a_run_that_nobody_knows_is_not_found(self, client: HttpClient) -> None:
        assert self.post(client, "x").body["type"] == "RunNotFound"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("ThrottlingException", "Throttled"),
        ("AccessDeniedException", "PermissionDenied"),
        ("Odd", "ProviderUnavailable"),
    ],
)
@pytest.mark.parametrize(
    ("route", "target"),
    [
        (f"GET {RUNS}", "/connections/default/runs"),
        ("GET /runs/{name}", "/runs/x"),
        ("POST /runs/{name}/abort", "/runs/x/abort"),
    ],
)
def test_what_aws_rejects_is_a_problem_with_a_name(
    client: HttpClient, remembered: RememberedRuns, route: str, target: str, code: str, problem: str
) -> None:
    remembered.rejects_with = code
    assert client.call(route, target).body["type"] == problem


def test_a_route_that_is_not_served_is_rejected(client: HttpClient) -> None:
    assert client.call("GET /runs", "/runs").body["field"] == "route"
