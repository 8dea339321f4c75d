"""What people do at the console brings an instance into every state that the pages name."""

import pytest

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node, statuses


@pytest.mark.parametrize("word", ["running-exception", "pause", "freeze", "waiting-confirm"])
def test_a_held_instance_stays_held_until_somebody_resumes_it(slow_client: Client, word: str) -> None:
    name = slow_client.make_job()
    instance_id = slow_client.start(name)
    poll(lambda: slow_client.instance(name, instance_id), lambda shown: statuses(shown) == {"dummy": "running"})
    assert slow_client.set_status_by_hand(instance_id, word).json() == {"instanceId": instance_id, "status": word}
    held = slow_client.instance(name, instance_id)
    assert (held["status"], statuses(held), "endTime" in held) == (word, {"dummy": "pause"}, False)
    assert slow_client.set_status_by_hand(instance_id, "running").ok
    slow_client.wait_for(name, instance_id, "running")


@pytest.mark.parametrize("word", ["success", "fail", "manual-stop", "skip-by-depend"])
def test_an_instance_can_be_ended_by_hand(slow_client: Client, word: str) -> None:
    name = slow_client.make_job()
    instance_id = slow_client.start(name)
    assert slow_client.set_status_by_hand(instance_id, word).ok
    ended = slow_client.instance(name, instance_id)
    assert (ended["status"], "endTime" in ended) == (word, True)


def test_a_suspended_job_retries_its_failed_node_when_it_is_resumed(client: Client) -> None:
    shown = client.run(node("first"), failing("bad", "first", failPolicy="SUSPEND"))
    instance_id, first = shown["instanceId"], shown["nodes"][0]["startTime"]
    assert client.set_status_by_hand(instance_id, "waiting").ok
    again = poll(
        lambda: client.instance("job_1", instance_id),
        lambda now: (
            now["status"] == "running-exception" and now["nodes"][1]["startTime"] > shown["nodes"][1]["startTime"]
        ),
    )
    assert again["nodes"][0]["startTime"] == first


def test_a_suspended_job_can_be_stopped(client: Client) -> None:
    shown = client.run(failing(failPolicy="SUSPEND"), node("later", "bad"))
    client.ok("POST", f"/jobs/job_1/instances/{shown['instanceId']}/stop")
    stopped = client.instance("job_1", shown["instanceId"])
    assert (stopped["status"], statuses(stopped)) == ("manual-stop", {"bad": "fail", "later": "manual-stop"})


@pytest.mark.parametrize(("instance", "word"), [("1", "fail"), ("x", "fail"), ("34764", "done"), ("34764", "running")])
def test_an_unknown_instance_or_an_impossible_status_is_rejected(client: Client, instance: str, word: str) -> None:
    client.run()
    assert client.control("PUT", f"instances/{instance}", {"status": word}).status_code == 400


def test_an_instance_that_waits_for_a_person_still_waits_after_a_restart(make_server: ServerMaker) -> None:
    first = Client(make_server(status_words=7))
    shown = first.run(failing(failPolicy="SUSPEND"))
    first.server.stop()
    second = Client(make_server(status_words=7))
    assert second.instance("job_1", shown["instanceId"])["status"] == "running-exception"
    assert (
        "must be one of waiting, running" in second.set_status_by_hand(shown["instanceId"], "freeze").json()["detail"]
    )
