"""Jobs as a client sees them: created, shown, listed, changed, deleted."""

from typing import Any

import pytest

from sandbox.tests.huawei.dataarts_client import Client, job, node, sql


def test_a_new_job_is_shown_as_it_was_described_with_the_documented_defaults(client: Client) -> None:
    described = job(
        sql("SELECT 1", failPolicy="FAIL_CHILD"),
        params=[{"name": "day", "value": "2026-01-01", "type": "variable"}],
        directory="/myDir",
        logPath="obs://dlf-test-log",
        basicConfig={"owner": "test_user", "priority": 0, "instanceTimeout": 0, "customFields": {}},
        targetStatus="SUBMITTED",
        approvers=[{"approverName": "userName1"}],
    )
    reply = client.call("POST", "/jobs", described)
    assert (reply.status_code, reply.content) == (204, b"")
    shown = client.ok("GET", "/jobs/job_1")
    assert {name: shown[name] for name in ("name", "processType", "schedule", "params", "directory", "logPath")} == {
        name: described[name] for name in ("name", "processType", "schedule", "params", "directory", "logPath")
    }
    assert shown["id"] == 608627
    assert shown["version"] == "1"
    assert shown["basicConfig"]["owner"] == "test_user"
    assert not {"targetStatus", "approvers"} & shown.keys()
    (shown_node,) = shown["nodes"]
    assert shown_node["failPolicy"] == "FAIL_CHILD"
    assert (shown_node["maxExecutionTime"], shown_node["retryTimes"], shown_node["retryInterval"]) == (60, 0, 120)


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"name": ""}, "DLF.3004", "name"),
        ({"name": "a/b"}, "DLF.3018", "name"),
        ({"name": "n" * 129}, "DLF.3018", "name"),
        ({"nodes": []}, "DLF.1006", "nodes"),
        ({"schedule": {"type": "NEVER"}}, "DLF.3025", "schedule.type"),
        ({"schedule": {"type": "CRON", "cron": {"expression": "0 0 1 * *"}}}, "DLF.3025", "expression"),
        ({"schedule": {"type": "CRON", "cron": {"expression": "5 0 1 * * ?"}}}, "DLF.3025", "second"),
        ({"processType": "STREAM"}, "DLF.3051", "processType"),
        ({"params": [{"name": "a b", "value": "1"}]}, "DLF.3051", "params.0.name"),
        ({"params": [{"name": "a", "value": "1" * 1025}]}, "DLF.3051", "params.0.value"),
        ({"nodes": [node(failPolicy="SHRUG")]}, "DLF.3051", "nodes.0.failPolicy"),
        ({"nodes": [node(maxExecutionTime=4)]}, "DLF.3051", "nodes.0.maxExecutionTime"),
        ({"nodes": [node(retryTimes=6)]}, "DLF.3051", "nodes.0.retryTimes"),
        ({"nodes": [node("a"), node("a")]}, "DLF.3051", "twice"),
        ({"nodes": [node("a", "b")]}, "DLF.30125", "b, which is not in the job"),
        ({"nodes": [node("a", "b"), node("b", "a")]}, "DLF.3051", "leads back to itself"),
    ],
)
def test_a_job_that_makes_no_sense_is_rejected_and_the_field_named(
    client: Client, change: dict[str, Any], code: str, named: str
) -> None:
    for method, path in (("POST", "/jobs"), ("PUT", "/jobs/there")):
        if method == "PUT":
            client.make_job(name="there")
        reply = client.call(method, path, {**job(), **change})
        assert (reply.status_code, reply.json()["error_code"]) == (400, code)
        assert named in reply.json()["error_msg"]


def test_a_name_is_used_once_in_a_workspace(client: Client) -> None:
    client.make_job(name="one")
    client.make_job(name="two")
    for reply in (client.call("POST", "/jobs", job(name="one")), client.call("PUT", "/jobs/two", job(name="one"))):
        assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.0102")


def test_a_job_can_be_changed_and_renamed(client: Client) -> None:
    client.make_job(name="before")
    changed = client.call("PUT", "/jobs/before", job(node("other"), name="after", targetStatus="PRODUCTION"))
    assert changed.status_code == 204
    assert client.call("GET", "/jobs/before").json()["error_code"] == "DLF.0100"
    shown = client.ok("GET", "/jobs/after")
    assert ([item["name"] for item in shown["nodes"]], shown["version"]) == (["other"], "1")


def test_a_deleted_job_is_gone_with_its_instances(slow_client: Client) -> None:
    name = slow_client.make_job()
    instance_id = slow_client.start(name)
    slow_client.wait_for(name, instance_id, "running")
    assert slow_client.call("DELETE", f"/jobs/{name}").status_code == 204
    assert slow_client.call("GET", f"/jobs/{name}/instances/{instance_id}").json()["error_code"] == "DLF.0137"
    assert slow_client.list_instances()["total"] == 0
    assert slow_client.ledger()[0]["status"] == "manual-stop"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/jobs/gone", "DLF.0100"),
        ("PUT", "/jobs/gone", "DLF.0100"),
        ("DELETE", "/jobs/gone", "DLF.0100"),
        ("GET", "/jobs/gone/status", "DLF.0100"),
        ("POST", "/jobs/gone/run-immediate", "DLF.0100"),
        ("POST", "/jobs/gone/start", "DLF.0100"),
        ("POST", "/jobs/gone/stop", "DLF.0100"),
        ("GET", "/jobs/gone/instances/1", "DLF.0137"),
        ("GET", "/jobs/gone/instances/abc", "DLF.0137"),
        ("POST", "/jobs/gone/instances/1/stop", "DLF.0137"),
        ("POST", "/jobs/gone/instances/1/restart", "DLF.0137"),
    ],
)
def test_what_does_not_exist_is_a_400_with_a_code(client: Client, method: str, path: str, code: str) -> None:
    reply = client.call(method, path)
    assert (reply.status_code, reply.json()["error_code"]) == (400, code)


def test_the_list_shows_jobs_of_one_kind_with_their_newest_instance(client: Client) -> None:
    client.make_job(name="daily_load", directory="/dir/a/")
    client.make_job(name="stream", processType="REAL_TIME")
    client.wait_for("daily_load", client.start("daily_load"), "success")
    listed = client.ok("GET", "/jobs")
    (shown,) = listed["jobs"]
    assert listed["total"] == 1
    assert (shown["name"], shown["jobType"], shown["status"]) == ("daily_load", "BATCH", "STOPPED")
    assert (shown["path"], shown["singleNodeJobFlag"], shown["lastInstanceStatus"]) == ("/dir/a/", False, "success")
    assert shown["lastInstanceEndTime"] >= shown["createTime"]
    assert [item["name"] for item in client.ok("GET", "/jobs", jobType="REAL_TIME")["jobs"]] == ["stream"]


def test_jobs_are_found_by_a_part_of_their_name_and_by_tag(client: Client) -> None:
    client.make_job(name="daily_load", basicConfig={"tags": ["gold"]})
    client.make_job(name="daily_report", basicConfig={"tags": ["silver"]})
    client.make_job(name="每日作业")
    for query, names in (
        ({"jobName": "daily"}, ["daily_report", "daily_load"]),
        ({"jobName": "作业"}, ["每日作业"]),
        ({"tags": "gold,bronze"}, ["daily_load"]),
    ):
        assert [item["name"] for item in client.ok("GET", "/jobs", None, **query)["jobs"]] == names


@pytest.mark.parametrize(("unit", "second"), [("page", 1), ("record", 2)])
def test_offset_counts_pages_or_records(make_server: Any, unit: str, second: int) -> None:
    client = Client(make_server(offset_unit=unit))
    for number in range(5):
        client.make_job(name=f"job_{number}")
    first = client.ok("GET", "/jobs", limit=2)
    then = client.ok("GET", "/jobs", limit=2, offset=second)
    assert [item["name"] for item in first["jobs"] + then["jobs"]] == ["job_4", "job_3", "job_2", "job_1"]
    assert first["total"] == then["total"] == 5


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}, {"jobType": "ALL"}])
def test_a_list_query_that_makes_no_sense_is_rejected(client: Client, query: dict[str, object]) -> None:
    reply = client.call("GET", "/jobs", None, **query)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert next(iter(query)) in reply.json()["error_msg"]


def test_a_real_time_job_is_started_and_stopped_and_never_run_once(client: Client) -> None:
    client.make_job(name="stream", processType="REAL_TIME")
    assert client.call("POST", "/jobs/stream/run-immediate").json()["error_code"] == "DLF.0136"
    assert client.call("POST", "/jobs/stream/start").status_code == 204
    running = client.ok("GET", "/jobs/stream/status")
    assert (running["name"], running["status"]) == ("stream", "NORMAL")
    assert {"starttime", "lastUpdateTime", "lastModifiyUser", "nodes"} <= running.keys()
    assert client.call("POST", "/jobs/stream/stop").status_code == 204
    assert client.ok("GET", "/jobs/stream/status")["status"] == "STOPPED"


def test_only_the_latest_version_of_a_job_is_kept(client: Client) -> None:
    client.make_job(targetStatus="SUBMITTED")
    assert client.ok("GET", "/jobs/job_1", version=1)["version"] == "1"
    assert client.ok("GET", "/jobs/job_1", version=-1)["version"] == "1"
    assert client.call("GET", "/jobs/job_1", version=7).json()["error_code"] == "DLF.3051"


def test_a_workspace_sees_its_own_jobs_only(make_server: Any) -> None:
    server = make_server(other_workspaces=("w2",))
    default, other = Client(server), Client(server, headers={"workspace": "w2"})
    named = Client(server, headers={"workspace": server.account.workspace})
    default.make_job(name="here")
    other.make_job(name="there")
    assert [item["name"] for item in named.ok("GET", "/jobs")["jobs"]] == ["here"]
    assert [item["name"] for item in other.ok("GET", "/jobs")["jobs"]] == ["there"]
    assert other.call("POST", "/jobs/here/run-immediate").json()["error_code"] == "DLF.0100"
    default.start("here")
    assert other.list_instances()["total"] == 0


def test_an_unknown_workspace_is_rejected(client: Client) -> None:
    reply = Client(client.server, headers={"workspace": "f" * 32}).call("GET", "/jobs")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.0819")
