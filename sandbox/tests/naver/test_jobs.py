"""Jobs as a client sees them, dialect G1."""

import re

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client
from sandbox.tests.naver.nodes import source, target


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
        ({"nodes": []}, "name"),
        ({"name": "job_1"}, "nodes"),
        ({"name": "job_1", "nodes": [{}]}, "nodes[0].id"),
        ({"name": "job_1", "nodes": [{**source(), "parentNodeIds": "no"}]}, "nodes[0].parentNodeIds"),
        ({"name": "job_1", "nodes": [], "isTemp": "yes"}, "isTemp"),
        ("text", "body"),
    ],
)
def test_a_job_that_is_not_one_is_rejected_and_the_field_named(client: Client, body: object, named: str) -> None:
    reply = client.call("POST", "/api/v1/jobs", body)
    assert (reply.status_code, reply.json()["errorType"]) == (400, "bad-parameter")
    assert named in reply.json()["detail"]


def test_a_listed_job_has_the_fields_of_the_providers_example(client: Client) -> None:
    job_id = client.make_job()
    (listed,) = client.ok("GET", "/api/v1/jobs")["list"]
    keys = {"jobId", "name", "type", "status", "createdDate", "updatedDate", "resourceId", "disabled"}
    assert listed.keys() == keys
    assert (listed["resourceId"], listed["disabled"]) == (job_id, False)


def test_jobs_are_found_by_a_part_of_their_name_and_by_status(client: Client) -> None:
    client.make_job(name="daily_sales")
    client.make_job(name="hourly_sales", isTemp=True)
    for query, names in (
        ("name=daily", ["daily_sales"]),
        ("status=DRAFT", ["hourly_sales"]),
        ("status=RUNNABLE", ["daily_sales"]),
        ("status=DELETED", []),
    ):
        assert [job["name"] for job in client.ok("GET", f"/api/v1/jobs?{query}")["list"]] == names


@pytest.mark.parametrize("query", ["page=-1", "limit=x", "status=SLEEPING", "page="])
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


def test_stored_run_settings_come_back_as_run_condition(client: Client) -> None:
    job_id = client.make_job()
    job = client.ok("PUT", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {**CONDITION, "numWorker": 5}})
    assert job["runCondition"] == {**CONDITION, "numWorker": 5}


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("BREW", "/api/v1/jobs"),
        ("GET", "/api/v1/jobs/"),
        ("POST", "/api/v1/jobs/abc/execute"),
        ("GET", "/api/v1/triggers"),
        ("GET", "/_sandbox/nothing"),
    ],
)
def test_every_other_route_answers_as_the_gateway(client: Client, method: str, target: str) -> None:
    reply = client.call(method, target)
    error = {"errorCode": "300", "message": "Not Found Exception", "details": "URL not found."}
    assert (reply.status_code, reply.json()) == (404, {"error": error})
