"""The life of an instance as a client sees it."""

import time

import pytest

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node, statuses


def test_an_instance_waits_runs_and_ends(make_server: ServerMaker) -> None:
    client = Client(make_server(queue_seconds=1.5, run_seconds=1.5))
    name = client.make_job()
    before = round(time.time() * 1000)
    instance_id = client.start(name)
    waiting = client.instance(name, instance_id)
    assert waiting.keys() == {
        "jobName", "instanceId", "instanceType", "status", "planTime", "forceSuccess", "ignoreSuccess", "total",
            "nodes",
    }  # fmt: skip
    assert (waiting["status"], statuses(waiting)) == ("waiting", {"dummy": "waiting"})
    assert before - 1 <= waiting["planTime"] <= before + 5000
    running = client.wait_for(name, instance_id, "running")
    assert running.keys() == waiting.keys() | {"startTime"}
    ended = client.wait_for(name, instance_id, "success")
    assert ended.keys() == running.keys() | {"endTime", "executeTime"}
    assert ended["executeTime"] == ended["endTime"] - ended["startTime"] >= 1490
    assert (ended["instanceType"], ended["total"], statuses(ended)) == (2, 1, {"dummy": "success"})


def test_the_list_shows_what_the_providers_example_has(client: Client) -> None:
    name = client.make_job()
    instance_id = client.start(name)
    client.wait_for(name, instance_id, "success")
    listed = client.list_instances(jobName=name)
    (shown,) = listed["instances"]
    assert listed["total"] == 1
    assert shown.keys() == {
        "jobName", "jobId", "jobInstanceName", "status", "planTime", "startTime", "endTime", "executeTime",
        "instanceId", "submitTime", "instanceType", "forceSuccess", "ignoreSuccess", "version",
    }  # fmt: skip
    assert (shown["jobId"], shown["jobInstanceName"], shown["version"]) == (608627, name, 0)


def test_a_running_instance_is_stopped_with_its_nodes(slow_client: Client) -> None:
    name = slow_client.make_job(node("first"), node("second", "first"))
    instance_id = slow_client.start(name)
    slow_client.wait_for(name, instance_id, "running")
    poll(lambda: slow_client.instance(name, instance_id), lambda shown: statuses(shown)["first"] == "running")
    reply = slow_client.call("POST", f"/jobs/{name}/instances/{instance_id}/stop")
    assert (reply.status_code, reply.content) == (204, b"")
    stopped = slow_client.instance(name, instance_id)
    assert (stopped["status"], statuses(stopped)) == ("manual-stop", {"first": "manual-stop", "second": "manual-stop"})
    (entry,) = slow_client.executions()
    assert entry["stopRequestedAt"] is not None


@pytest.mark.parametrize(
    ("body", "rerun"),
    [
        (None, {"first", "bad", "last"}),
        ({"retry_location": "error_node", "ignore_obs_monitor": "true"}, {"bad", "last"}),
        ({"retry_location": "specified_node", "node_name": "last"}, {"last"}),
    ],
)
def test_a_rerun_keeps_the_id_and_begins_where_it_is_reported(client: Client, body: object, rerun: set[str]) -> None:
    nodes = (node("first"), failing("bad", "first", failPolicy="IGNORE"), node("last", "bad"))
    before = client.run(*nodes)
    instance_id = before["instanceId"]
    assert client.set_status_by_hand(instance_id, "fail").ok
    reply = client.call("POST", f"/jobs/job_1/instances/{instance_id}/restart", body)
    assert (reply.status_code, reply.content) == (204, b"")
    after = client.wait_for("job_1", instance_id, "success")
    started = [{item["nodeName"]: item["startTime"] for item in shown["nodes"]} for shown in (before, after)]
    assert {name for name in started[0] if started[1][name] > started[0][name]} == rerun
    assert len(client.executions()) == 1


def test_what_still_runs_cannot_be_rerun(slow_client: Client) -> None:
    name = slow_client.make_job()
    instance_id = slow_client.start(name)
    reply = slow_client.call("POST", f"/jobs/{name}/instances/{instance_id}/restart")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.30118")


def test_more_instances_than_a_job_may_run_wait_for_their_turn(slow_client: Client) -> None:
    name = slow_client.make_job()
    ids = [slow_client.start(name) for _ in range(7)]
    for instance_id in ids[:5]:
        slow_client.wait_for(name, instance_id, "running")
    assert [slow_client.instance(name, instance_id)["status"] for instance_id in ids[5:]] == ["waiting"] * 2
    slow_client.ok("POST", f"/jobs/{name}/instances/{ids[0]}/stop")
    slow_client.wait_for(name, ids[5], "running")
    assert slow_client.instance(name, ids[6])["status"] == "waiting"


@pytest.mark.parametrize(
    "body", [[], {"jobParams": {}}, {"jobParams": [{"name": "a"}]}, {"jobParams": [{"name": "a", "value": 1}]}]
)
def test_a_start_with_parameters_that_make_no_sense_starts_nothing(client: Client, body: object) -> None:
    reply = client.call("POST", f"/jobs/{client.make_job()}/run-immediate", body)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert client.executions() == []


def test_parameters_of_the_start_lie_over_those_of_the_job(client: Client) -> None:
    name = client.make_job(params=[{"name": "day", "value": "1"}, {"name": "mode", "value": "full"}])
    body = {"jobParams": [{"name": "day", "value": "2", "paramType": "variable"}]}
    assert client.ok("POST", f"/jobs/{name}/run-immediate", body) == {"instanceId": 34764}
    assert client.executions()[0]["jobParams"] == {"day": "2", "mode": "full"}


@pytest.mark.parametrize("word", ["waiting", "pause"])
def test_a_service_may_stop_running_instances_only(make_server: ServerMaker, word: str) -> None:
    client = Client(make_server(stoppable="running", queue_seconds=600, run_seconds=600))
    instance_id = client.start(client.make_job())
    if word == "pause":
        assert client.set_status_by_hand(instance_id, word).ok
    reply = client.call("POST", f"/jobs/job_1/instances/{instance_id}/stop")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.30118")
    assert client.instance("job_1", instance_id)["status"] == word


def test_a_stopped_schedule_ends_what_still_waits(make_server: ServerMaker) -> None:
    client = Client(make_server(queue_seconds=600))
    instance_id = client.start(client.make_job())
    client.ok("POST", "/jobs/job_1/stop")
    assert client.instance("job_1", instance_id)["status"] == "manual-stop"


def test_what_ran_when_the_service_stopped_goes_on_where_it_was(make_server: ServerMaker) -> None:
    first = Client(make_server(run_seconds=2))
    name = first.make_job(node("first"), node("second", "first"))
    instance_id = first.start(name)
    before = poll(lambda: first.instance(name, instance_id), lambda shown: statuses(shown)["second"] == "running")
    first.server.stop()
    after = Client(make_server()).wait_for(name, instance_id, "success")
    assert (after["nodes"][0], after["startTime"]) == (before["nodes"][0], before["startTime"])


@pytest.mark.parametrize(("fault", "code"), [("not_found", "DLF.0137"), ("bad_state", "DLF.30118")])
def test_a_stop_that_is_rejected_has_codes_of_its_own(client: Client, fault: str, code: str) -> None:
    instance_id = client.start(client.make_job())
    client.faults({"operation": "StopJobInstance", "fault": fault})
    assert client.call("POST", f"/jobs/job_1/instances/{instance_id}/stop").json()["error_code"] == code
    assert client.executions()[0]["stopRequestedAt"] is None


def test_an_unknown_status_is_that_of_instances_and_not_of_nodes(client: Client) -> None:
    instance_id = client.start(client.make_job())
    for operation in ("ShowJobInstance", "ListJobInstances", "StartJob"):
        assert client.control("POST", "faults", [{"operation": operation, "fault": "unknown_status"}]).ok
    shown = client.instance("job_1", instance_id)
    assert (shown["status"], shown["nodes"][0]["status"] == "SOMETHING_NEW") == ("SOMETHING_NEW", False)
    assert client.list_instances()["instances"][0]["status"] == "SOMETHING_NEW"
    assert client.call("POST", "/jobs/job_1/start").status_code == 204
