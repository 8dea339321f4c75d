"""Jobs as a client sees them: created, shown, listed, changed, deleted."""

from typing import Any

import pytest

from sandbox.tests.huawei.dataarts_client import Client, job, node, sql


def test_a_new_job_is_shown_with_the_documented_defaults(client: Client) -> None:
    described = job(sql("SELECT 1"), directory="/dir", targetStatus="SUBMITTED", approvers=[{"approverName": "user"}])
    reply = client.call("POST", "/jobs", described)
    assert (reply.status_code, reply.content) == (204, b"")
    shown = client.ok("GET", "/jobs/job_1")
    assert (shown["id"], shown["version"], shown["directory"]) == (608627, "1", "/dir")
    assert not {"targetStatus", "approvers"} & shown.keys()
    (shown_node,) = shown["nodes"]
    defaults = ("failPolicy", "maxExecutionTime", "retryTimes", "retryInterval")
    assert [shown_node[name] for name in defaults] == ["FAIL", 60, 0, 120]


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"name": ""}, "DLF.3004", "name"),
        ({"name": "a/b"}, "DLF.3018", "name"),
        ({"nodes": []}, "DLF.1006", "nodes"),
        ({"schedule": {"type": "NEVER"}}, "DLF.3025", "schedule.type"),
        ({"processType": "STREAM"}, "DLF.3051", "processType"),
        ({"params": [{"name": "a b", "value": "1"}]}, "DLF.3051", "params[0].name"),
        ({"nodes": [node(failPolicy="SHRUG")]}, "DLF.3051", "nodes[0].failPolicy"),
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


def test_a_deleted_job_is_gone_with_its_instances(slow_client: Client) -> None:
    name = slow_client.make_job()
    instance_id = slow_client.start(name)
    slow_client.wait_for(name, instance_id, "running")
    assert slow_client.call("DELETE", f"/jobs/{name}").status_code == 204
    assert slow_client.call("GET", f"/jobs/{name}/instances/{instance_id}").json()["error_code"] == "DLF.0137"
    assert slow_client.list_instances()["total"] == 0
    assert slow_client.executions()[0]["status"] == "manual-stop"


def test_what_does_not_exist_is_a_400_with_a_code(client: Client) -> None:
    shown = client.run(name="mine")
    client.make_job(name="other")
    for method, path, code in (
        ("GET", "gone", "DLF.0100"),
        ("POST", "gone/run-immediate", "DLF.0100"),
        ("GET", "mine/instances/abc", "DLF.0137"),
        ("GET", f"other/instances/{shown['instanceId']}", "DLF.0137"),
        ("POST", "mine/instances/1/restart", "DLF.0137"),
    ):
        reply = client.call(method, f"/jobs/{path}")
        assert (reply.status_code, reply.json()["error_code"]) == (400, code)


def test_the_list_shows_the_newest_instance_of_a_job(client: Client) -> None:
    client.run(directory="/dir/a/")
    (shown,) = client.ok("GET", "/jobs")["jobs"]
    assert (shown["path"], shown["status"], shown["lastInstanceStatus"]) == ("/dir/a/", "STOPPED", "success")
    assert shown["lastInstanceEndTime"] >= shown["createTime"]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"limit": "x"}, {"jobType": "ALL"}])
def test_a_list_query_that_makes_no_sense_is_rejected(client: Client, query: dict[str, object]) -> None:
    reply = client.call("GET", "/jobs", None, **query)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert next(iter(query)) in reply.json()["error_msg"]
