"""What a client can do with jobs, dialect G1."""

import re

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client
from sandbox.tests.naver.nodes import source, target, transform


def test_a_new_job_is_runnable_and_comes_back_whole(client: Client) -> None:
    nodes = [source(), target(1)]
    reply = client.call("POST", "/api/v1/jobs", {"name": "daily_sales", "nodes": nodes})
    job = reply.json()
    assert reply.status_code == 201
    assert re.fullmatch(r"[A-Za-z0-9]{12}", job["jobId"])
    assert (job["name"], job["type"], job["status"], job["nodes"]) == ("daily_sales", "DATAFLOW", "RUNNABLE", nodes)
    assert job["runCondition"]["timeout"] == 360
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00", job["createdDate"])
    assert "lastExecutionDate" not in job
    assert client.ok("GET", f"/api/v1/jobs/{job['jobId']}") == job


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": "ab", "nodes": []}, "name"),
        ({"name": "1st_job", "nodes": []}, "name"),
        ({"name": "-job", "nodes": []}, "name"),
        ({"nodes": []}, "name"),
        ({"name": "job_1"}, "nodes"),
        ({"name": "job_1", "nodes": [{}]}, "nodes[0].id"),
        ({"name": "job_1", "nodes": [{"id": 1, "name": "n"}]}, "nodes[0].type"),
        ({"name": "job_1", "nodes": [{**source(), "parentNodeIds": "no"}]}, "nodes[0].parentNodeIds"),
        ({"name": "job_1", "nodes": [], "isTemp": "yes"}, "isTemp"),
        ("text", "body"),
    ],
)
def test_a_job_that_is_not_one_is_rejected_and_the_field_named(client: Client, body: object, named: str) -> None:
    reply = client.call("POST", "/api/v1/jobs", body)
    assert (reply.status_code, reply.json()["errorType"]) == (400, "bad-parameter")
    assert named in reply.json()["detail"]


def test_verify_says_which_node_is_wrong(client: Client) -> None:
    def verify(*nodes: object) -> tuple[int, str]:
        reply = client.call("POST", "/api/v1/jobs/verify", {"name": "job_1", "nodes": list(nodes)})
        return reply.status_code, reply.text

    assert verify(source(), target(1)) == (200, "true")
    assert verify(source(), transform("UNION", 1, unionType="ALL")) == (200, "true")
    for nodes, named in (
        ([source(), target(7)], "no node 7"),
        ([source(), source()], "used twice"),
        ([{**source(), "type": "SOURCE_JDBC"}], "SOURCE_JDBC"),
        ([source(dataType="XML")], "dataType"),
    ):
        status, text = verify(*nodes)
        assert status == 400
        assert named in text


def test_jobs_are_listed_newest_first_page_by_page(client: Client) -> None:
    for number in range(5):
        client.make_job(name=f"job_{number}")
    first = client.ok("GET", "/api/v1/jobs?page=0&limit=2")
    last = client.ok("GET", "/api/v1/jobs?page=2&limit=2")
    assert [job["name"] for job in first["list"]] == ["job_4", "job_3"]
    assert [job["name"] for job in last["list"]] == ["job_0"]
    assert (first["count"], first["page"], first["limit"]) == (5, 0, 2)
    assert client.ok("GET", "/api/v1/jobs")["limit"] == 1000
    assert client.ok("GET", "/api/v1/jobs?limit=0")["list"] == []


def test_a_listed_job_has_the_fields_of_the_providers_example(client: Client) -> None:
    job_id = client.make_job()
    (listed,) = client.ok("GET", "/api/v1/jobs")["list"]
    assert listed.keys() == {
        "jobId",
        "name",
        "type",
        "status",
        "createdDate",
        "updatedDate",
        "resourceId",
        "disabled",
    }
    assert (listed["resourceId"], listed["disabled"]) == (job_id, False)


def test_jobs_are_found_by_a_part_of_their_name_and_by_status(client: Client) -> None:
    client.make_job(name="daily_sales")
    client.make_job(name="hourly_sales", isTemp=True)

    def names(query: str) -> list[str]:
        return [job["name"] for job in client.ok("GET", f"/api/v1/jobs?{query}")["list"]]

    assert names("name=daily") == ["daily_sales"]
    assert names("status=DRAFT") == ["hourly_sales"]
    assert names("status=RUNNABLE") == ["daily_sales"]
    assert names("status=DELETED") == []


@pytest.mark.parametrize("query", ["page=-1", "limit=x", "limit=-5", "status=SLEEPING", "page="])
def test_a_query_out_of_range_is_rejected_and_named(client: Client, query: str) -> None:
    reply = client.call("GET", f"/api/v1/jobs?{query}")
    assert (reply.status_code, reply.json()["errorType"]) == (400, "bad-parameter")
    assert query.partition("=")[0] in reply.json()["detail"]


def test_an_update_changes_the_job_and_a_draft_cannot_run(client: Client) -> None:
    job_id = client.make_job()
    body = {"name": "job_2", "type": "DATAFLOW", "isTemp": True, "nodes": [source()]}
    updated = client.ok("PUT", f"/api/v1/jobs/{job_id}", body)
    assert (updated["name"], updated["status"], updated["nodes"]) == ("job_2", "EDITING", [source()])
    rejected = client.call("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": CONDITION})
    assert (rejected.status_code, rejected.json()["errorType"]) == (400, "bad-state")
    assert client.ok("PUT", f"/api/v1/jobs/{job_id}", {**body, "isTemp": False})["status"] == "RUNNABLE"
    assert client.start(job_id)["status"] == "READY"


def test_a_job_created_as_a_draft_cannot_run_either(client: Client) -> None:
    job_id = client.make_job(isTemp=True)
    assert client.ok("GET", f"/api/v1/jobs/{job_id}")["status"] == "DRAFT"
    assert client.call("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": CONDITION}).status_code == 400


def test_stored_run_settings_come_back_as_run_condition(client: Client) -> None:
    job_id = client.make_job()
    job = client.ok("PUT", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {**CONDITION, "numWorker": 5}})
    assert job["runCondition"] == {**CONDITION, "numWorker": 5}
    assert "consoleLogPath" not in job["runCondition"]
    assert client.ok("GET", f"/api/v1/jobs/{job_id}/executions")["count"] == 0


def test_a_deleted_job_is_gone(client: Client) -> None:
    job_id = client.make_job()
    execution = client.start(job_id)
    client.wait_for(job_id, execution["jobExecutionId"], "FAILED")
    deleted = client.call("DELETE", f"/api/v1/jobs/{job_id}")
    assert (deleted.status_code, deleted.text) == (200, "true")
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/executions"),
        ("POST", "/executions"),
        ("GET", f"/executions/{execution['jobExecutionId']}"),
    ):
        reply = client.call(method, f"/api/v1/jobs/{job_id}{path}", {"jobCondition": CONDITION})
        assert (reply.status_code, reply.json()["errorType"]) == (404, "not-found")


def test_a_job_is_not_deleted_under_an_open_execution(slow_client: Client) -> None:
    job_id = slow_client.make_job()
    slow_client.start(job_id)
    assert slow_client.call("DELETE", f"/api/v1/jobs/{job_id}").json()["errorType"] == "bad-state"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("BREW", "/api/v1/jobs"),
        ("GET", "/api/v1/job"),
        ("GET", "/api/v1/jobs/"),
        ("PATCH", "/api/v1/jobs/abc"),
        ("POST", "/api/v1/jobs/abc/execute"),
        ("GET", "/api/v1/triggers"),
        ("GET", "/api/v2/jobs"),
        ("GET", "/_sandbox/nothing"),
    ],
)
def test_every_other_route_answers_as_the_gateway(client: Client, method: str, target: str) -> None:
    reply = client.call(method, target)
    error = {"errorCode": "300", "message": "Not Found Exception", "details": "URL not found."}
    assert (reply.status_code, reply.json()) == (404, {"error": error})
