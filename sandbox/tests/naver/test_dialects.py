"""Where the two generations of the provider's pages differ."""

from pathlib import Path

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client, ServerMaker


@pytest.fixture
def g2(make_server: ServerMaker) -> Client:
    return Client(make_server(dialect="G2"))


def test_a_g2_job_has_a_g2_type_and_is_ready(g2: Client) -> None:
    job = g2.ok("POST", "/api/v1/jobs", {"name": "job_1", "type": "SCRIPT"})
    assert (job["type"], job["status"], job["nodes"]) == ("SCRIPT", "READY", [])
    assert "workerType" not in job["runCondition"]


@pytest.mark.parametrize("body", [{"name": "job_1"}, {"name": "job_1", "type": "DATAFLOW"}])
def test_g2_wants_to_know_the_type_of_a_job(g2: Client, body: dict[str, object]) -> None:
    reply = g2.call("POST", "/api/v1/jobs", body)
    assert reply.status_code == 400
    assert "VISUAL, SCRIPT" in reply.json()["detail"]


def test_g2_updates_by_patch_and_keeps_what_is_left_out(g2: Client) -> None:
    job_id = g2.make_job(name="before")
    body = {"type": "VISUAL", "maxConcurrentRuns": 3, "jobCondition": {"timeout": 5}}
    job = g2.ok("PATCH", f"/api/v1/jobs/{job_id}", body)
    assert (job["name"], job["maxConcurrentRuns"]) == ("before", 3)
    assert (job["runCondition"]["timeout"], job["runCondition"]["numWorker"]) == (5, 2)
    assert g2.call("PUT", f"/api/v1/jobs/{job_id}", {**body, "name": "after"}).status_code == 404


def test_g1_updates_by_put(client: Client) -> None:
    job_id = client.make_job()
    assert client.call("PATCH", f"/api/v1/jobs/{job_id}", {"type": "DATAFLOW"}).status_code == 404
    assert client.ok("PUT", f"/api/v1/jobs/{job_id}", {"type": "DATAFLOW", "name": "after"})["name"] == "after"
    assert client.call("PUT", f"/api/v1/jobs/{job_id}", {"type": "VISUAL", "name": "after"}).status_code == 400


def test_a_g2_start_without_settings_takes_the_stored_ones(g2: Client) -> None:
    job_id = g2.make_job()
    g2.ok("PUT", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {"numWorker": 7, "logPath": "lake/logs/"}})
    for body in (None, {}, {"parameters": {"$a": "1"}}):
        shown = g2.ok("POST", f"/api/v1/jobs/{job_id}/executions", body)["jobCondition"]
        assert (shown["numWorker"], shown["timeout"], shown["logPath"]) == (7, 360, "lake/logs/")
    part = g2.ok("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {"timeout": 9}})["jobCondition"]
    assert (part["numWorker"], part["timeout"]) == (7, 9)


@pytest.mark.parametrize("absent", ["nrn", "scriptPath", "logPath", "jobCondition"])
def test_a_g1_start_without_settings_role_or_paths_is_rejected(client: Client, absent: str) -> None:
    condition = {name: value for name, value in CONDITION.items() if name != absent}
    body = {} if absent == "jobCondition" else {"jobCondition": condition}
    for method in ("POST", "PUT"):
        reply = client.call(method, f"/api/v1/jobs/{client.make_job()}/executions", body)
        assert (reply.status_code, reply.json()["errorType"]) == (400, "bad-parameter")
        assert absent in reply.json()["detail"]


def test_the_bounds_of_limit_and_timeout_differ(client: Client, make_server: ServerMaker, tmp_path: Path) -> None:
    g2 = Client(make_server(dialect="G2", folder=tmp_path / "other"))
    for dialect, status in ((client, 200), (g2, 400)):
        job_id = dialect.make_job()
        assert dialect.call("GET", "/api/v1/jobs?limit=0").status_code == status
        assert dialect.call("GET", f"/api/v1/jobs/{job_id}/executions?limit=0").status_code == 200
        body = {"jobCondition": {**CONDITION, "timeout": 0}}
        assert dialect.call("PUT", f"/api/v1/jobs/{job_id}/executions", body).status_code == status
