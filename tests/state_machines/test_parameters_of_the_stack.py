"""A stack whose parameters name a token issuer, a bus, the alarm's job and watched jobs."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.emulators import Huawei
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

WATCHED = [{"connection": "huawei", "jobs": ["watched"]}]
PARAMETERS = {"EventBusName": "night", "AlarmJob": "작업", "WatchedJobs": json.dumps(WATCHED)}
EVENT = {"source": "urn:farsync:default:작업", "type": "test"}


@pytest.fixture(scope="module")
def stack() -> Iterator[Sandbox]:
    """Its HTTP API takes tokens of the sandbox's own issuer in place of signatures."""
    options = [option for name, value in PARAMETERS.items() for option in ("--parameter", f"{name}={value}")]
    sandbox = Sandbox(speed=20, options=["--jwt", *options])
    yield sandbox
    sandbox.stop()


def token(stack: Sandbox, **claims: Any) -> str:
    reply = requests.post(stack.described["jwt"]["tokenUrl"], json=claims, timeout=30)
    assert reply.ok, reply.text
    return reply.text


def every_log(sandbox: Sandbox) -> str:
    return "\n".join(path.read_text() for path in sandbox.logs_folder.glob("*.log"))


def test_a_run_is_started_and_shown_with_a_token(stack: Sandbox) -> None:
    bearer = f"Bearer {token(stack, sub='alice')}"
    body = {"job": stack.emulator.make_job()}
    started = stack.http("POST", "/connections/default/runs", body, is_signed=False, authorization=bearer)
    assert started.status_code == 202, started.text
    name = started.json()["name"]
    assert stack.wait_for(stack.arn_of_run(name)).status == "SUCCEEDED"
    shown = stack.http("GET", f"/runs/{name}", is_signed=False, authorization=bearer)
    assert shown.status_code == 200, shown.text


def test_without_a_token_that_is_good_nothing_is_started_signed_or_not(stack: Sandbox) -> None:
    before = set(stack.names_of_executions("run_job"))
    body = {"job": stack.emulator.make_job()}
    signed = stack.http("POST", "/connections/default/runs", body)
    assert (signed.status_code, signed.json()) == (401, {"message": "Unauthorized"})
    bearer = f"Bearer {token(stack, aud='another-service')}"
    rejected = stack.http("POST", "/connections/default/runs", body, is_signed=False, authorization=bearer)
    assert rejected.status_code == 401
    assert 'error_description="the token does not have a valid audience"' in rejected.headers["www-authenticate"]
    assert set(stack.names_of_executions("run_job")) == before


def test_the_access_log_names_the_subject_and_no_log_holds_a_token(stack: Sandbox) -> None:
    good, bad = token(stack, sub="bob"), token(stack, sub="carol", aud="another-service")
    for given in (good, bad):
        path = "/connections/default/jobs?name=hidden-in-the-query"
        stack.http("GET", path, is_signed=False, authorization=f"Bearer {given}")
    log = (stack.logs_folder / "http_api.log").read_text()
    assert '"subject":"bob"' in log
    assert not [secret for secret in ("carol", "hidden-in-the-query") if secret in log]
    assert not [part for part in (*good.split("."), *bad.split(".")) if part in every_log(stack)]


def test_the_access_log_names_the_signer_and_no_log_holds_a_signature(sandbox: Sandbox) -> None:
    reply = sandbox.http("GET", f"/connections/{sandbox.emulator.connection}/jobs?name=hidden-in-the-query")
    log = (sandbox.logs_folder / "http_api.log").read_text()
    assert reply.headers["apigw-requestid"] in log
    assert '"caller":"arn:aws:iam::123456789012:user/sandbox"' in log
    signature = reply.request.headers["authorization"].rpartition("Signature=")[2]
    assert not [secret for secret in (sandbox.aws["accessKeyId"], "hidden-in-the-query") if secret in log]
    assert not [secret for secret in (signature, sandbox.aws["secretAccessKey"]) if secret in every_log(sandbox)]


@pytest.mark.parametrize(
    ("kind", "job", "successes"),
    [
        ("io.farsync.execution.succeeded", "작업", 1),
        ("io.farsync.execution.succeeded", "another", 0),
        ("io.farsync.run.unobservable", "작업", 0),
    ],
)
def test_each_event_goes_to_the_named_bus_and_is_logged_whole_and_counted_by_type_and_the_alarms_job(
    stack: Sandbox, kind: str, job: str, successes: int
) -> None:
    data = {"connection": "default", "job": job, "labels": {"team": "night"}}
    event: dict[str, Any] = {**EVENT, "id": uuid.uuid4().hex, "type": kind, "data": data}
    assert stack.wait_for(stack.start("emit_event", {"event": event})).status == "SUCCEEDED"
    assert [entry["bus"] for entry in stack.events_on_buses() if entry["detail"] == event] == ["night"]
    (line,) = [line for line in stack.event_lines() if line["event"]["id"] == event["id"]]
    assert (line["service"], line["type"], line["event"]) == ("farsync", kind, event)
    assert (line["EventsEmitted"], line["AlarmJobSuccesses"]) == (1, successes)
    directives = line["_aws"]["CloudWatchMetrics"]
    assert [(each["Namespace"], each["Dimensions"], each["Metrics"]) for each in directives] == [
        ("farsync", [["service", "type"]], [{"Name": "EventsEmitted", "Unit": "Count"}]),
        ("farsync", [["service"]], [{"Name": "AlarmJobSuccesses", "Unit": "Count"}]),
    ]


def test_the_schedule_of_the_template_emits_the_ends_of_the_jobs_that_a_parameter_names(
    stack: Sandbox,
) -> None:
    dataarts = Huawei(stack.described["huawei"])
    job = dataarts.make_job(name="watched")
    stack.invoke("trigger_execution", {"connection": "huawei", "job": job})
    (schedule,) = [known for known in stack.schedules() if known["name"] == "farsync-watch_jobs"]
    assert (schedule["state"], schedule["expression"]) == ("ENABLED", "rate(5 minutes)")
    (started,) = eventually(lambda: dataarts.truly_started(job))
    eventually(lambda: dataarts.truly_started(job)[0].status == dataarts.succeeded_word)

    def events() -> list[dict[str, Any]]:
        assert stack.try_to_fire_schedule("farsync-watch_jobs").ok
        return [line["event"] for line in stack.event_lines() if line["event"].get("data", {}).get("job") == job]

    (event,) = eventually(events, every_seconds=1)
    assert (event["type"], event["subject"]) == ("io.farsync.execution.succeeded", started.execution_id)
