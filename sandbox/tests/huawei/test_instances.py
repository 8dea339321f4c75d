"""The life of an instance as a client sees it."""

import time

import pytest

from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node, poll, statuses


def test_a_start_answers_an_id_and_nothing_else(client: Client) -> None:
    reply = client.call("POST", f"/jobs/{client.make_job()}/run-immediate", {"jobParams": []})
    assert (reply.status_code, reply.json()) == (200, {"instanceId": 34764})


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
    (entry,) = slow_client.ledger()
    assert entry["stopRequestedAt"] is not None


def test_a_waiting_instance_can_be_stopped(make_server: ServerMaker) -> None:
    client = Client(make_server(queue_seconds=600))
    name = client.make_job()
    instance_id = client.start(name)
    assert client.call("POST", f"/jobs/{name}/instances/{instance_id}/stop").status_code == 204
    assert client.instance(name, instance_id)["status"] == "manual-stop"


@pytest.mark.parametrize("word", ["waiting", "pause", "freeze"])
def test_a_service_may_stop_running_instances_only(make_server: ServerMaker, word: str) -> None:
    client = Client(make_server(stoppable="running", queue_seconds=600 if word == "waiting" else 0, run_seconds=600))
    name = client.make_job()
    instance_id = client.start(name)
    if word != "waiting":
        assert client.person(instance_id, word).ok
    reply = client.call("POST", f"/jobs/{name}/instances/{instance_id}/stop")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.30118")
    assert client.instance(name, instance_id)["status"] == word
    if word != "waiting":
        client.person(instance_id, "running")
        client.wait_for(name, instance_id, "running")
        client.ok("POST", f"/jobs/{name}/instances/{instance_id}/stop")
        assert client.instance(name, instance_id)["status"] == "manual-stop"


def test_an_instance_that_has_ended_cannot_be_stopped(client: Client) -> None:
    shown = client.run()
    reply = client.call("POST", f"/jobs/job_1/instances/{shown['instanceId']}/stop")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.30118")


def test_an_instance_belongs_to_its_job(client: Client) -> None:
    shown = client.run(name="mine")
    client.make_job(name="other")
    reply = client.call("GET", f"/jobs/other/instances/{shown['instanceId']}")
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.0137")


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
    assert client.person(instance_id, "fail").ok
    reply = client.call("POST", f"/jobs/job_1/instances/{instance_id}/restart", body)
    assert (reply.status_code, reply.content) == (204, b"")
    after = client.wait_for("job_1", instance_id, "success")
    started = [{item["nodeName"]: item["startTime"] for item in shown["nodes"]} for shown in (before, after)]
    assert {name for name in started[0] if started[1][name] > started[0][name]} == rerun
    assert len(client.ledger()) == 1


@pytest.mark.parametrize("body", [{"retry_location": "nowhere"}, {"retry_location": "specified_node"}])
def test_a_rerun_from_nowhere_is_rejected(client: Client, body: object) -> None:
    shown = client.run()
    reply = client.call("POST", f"/jobs/job_1/instances/{shown['instanceId']}/restart", body)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")


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


def test_the_limit_on_running_instances_can_be_switched_off(make_server: ServerMaker) -> None:
    client = Client(make_server(run_seconds=600, maximum_running_instances=None))
    name = client.make_job()
    for instance_id in [client.start(name) for _ in range(7)]:
        client.wait_for(name, instance_id, "running")


def test_many_instances_live_side_by_side(client: Client) -> None:
    name = client.make_job()
    for _ in range(40):
        client.start(name)
    poll(client.ledger, lambda entries: [entry["status"] for entry in entries] == ["success"] * 40)


def test_the_ledger_lists_what_was_truly_started(client: Client) -> None:
    name = client.make_job(params=[{"name": "day", "value": "1"}, {"name": "mode", "value": "full"}])
    instance_id = client.start(name, day="2")
    client.wait_for(name, instance_id, "success")
    (entry,) = client.ledger()
    assert (entry["instanceId"], entry["jobName"], entry["instanceType"]) == (instance_id, name, 2)
    assert (entry["jobParams"], entry["status"]) == ({"day": "2", "mode": "full"}, "success")
    assert entry["startedAt"] <= entry["endedAt"]
    assert entry["stopRequestedAt"] is None


@pytest.mark.parametrize("type_key", ["type", "paramType"])
def test_both_spellings_of_a_parameters_type_are_taken(client: Client, type_key: str) -> None:
    name = client.make_job()
    body = {"jobParams": [{"name": "a", "value": "1", type_key: "variable"}]}
    assert client.call("POST", f"/jobs/{name}/run-immediate", body).ok
    assert client.ledger()[0]["jobParams"] == {"a": "1"}


@pytest.mark.parametrize(
    "body", [[], {"jobParams": {}}, {"jobParams": [{"name": "a"}]}, {"jobParams": [{"name": "a", "value": 1}]}]
)
def test_a_start_with_parameters_that_make_no_sense_starts_nothing(client: Client, body: object) -> None:
    reply = client.call("POST", f"/jobs/{client.make_job()}/run-immediate", body)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "DLF.3051")
    assert client.ledger() == []


def test_a_job_can_have_a_pace_of_its_own(client: Client) -> None:
    client.make_job(name="slow")
    client.make_job(name="quick")
    pace = client.control("PUT", "pace", {"jobName": "slow", "runSeconds": 600}).json()
    assert pace == {"jobName": "slow", "queueSeconds": 0.02, "runSeconds": 600}
    slow_id = client.start("slow")
    client.wait_for("quick", client.start("quick"), "success")
    assert client.wait_for("slow", slow_id, "running")["status"] == "running"


def test_requests_are_counted_by_operation_and_by_status(client: Client) -> None:
    client.make_job()
    client.ok("GET", "/jobs/job_1")
    client.call("GET", "/scripts")
    seen = client.control("GET", "requests").json()
    assert seen["counts"] == {"CreateJob": 1, "ShowJob": 1, "unknown": 1}
    assert seen["statuses"] == {"204": 1, "200": 1, "404": 1}
