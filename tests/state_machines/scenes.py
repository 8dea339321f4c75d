"""What is run and what goes wrong meanwhile: the scene that a scenario sets, and the run request that it returns."""

import json
from collections.abc import Callable
from typing import Any

from farsync.model.names import run_event_id
from tests.state_machines.start_scenes import HOUR, SOON_SECONDS
from tests.support.sandbox import Sandbox

OTHER_SHAPES: dict[str, object] = {
    "null": None,
    "a list": [{"job": "5Yns7JgRt25f"}],
    "a number": 7,
    "a text": "5Yns7JgRt25f",
    "an empty object": {},
    "an event of EventBridge": {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "detail": {"job": "5Yns7JgRt25f"},
    },
    "an event of an HTTP API": {
        "version": "2.0",
        "routeKey": "POST /connections/{connection}/runs",
        "requestContext": {"http": {"method": "POST"}},
        "body": '{"job": "5Yns7JgRt25f"}',
    },
}
"""Inputs that are no run requests."""


def given(run_input: object) -> Callable[[Sandbox, str], object]:
    """The input itself, whatever it is."""
    return lambda _, __: run_input


def succeeding(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.emulator.make_job(), "labels": {"team": "night"}}


def failing(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.emulator.make_job(source="no-such-folder")}


def of_an_unknown_job(_: Sandbox, __: str) -> dict[str, Any]:
    return {"job": "NoSuchJob123"}


def invalid(_: Sandbox, __: str) -> dict[str, Any]:
    return {"job": 5, "labels": {"team": "night", "number": 5}}


def over_an_unknown_connection(_: Sandbox, __: str) -> dict[str, Any]:
    return {"connection": "unknown", "job": "5Yns7JgRt25f"}


def with_wrong_keys(sandbox: Sandbox, _: str) -> dict[str, Any]:
    keys = {**sandbox.emulator.secret(), "accessKey": "wrong", "secretKey": "wrong"}
    sandbox.secrets.create_secret(Name="farsync/connections/wrong-keys", SecretString=json.dumps(keys))
    return {"connection": "wrong-keys", "job": sandbox.emulator.make_job()}


def of_a_job_that_cannot_run(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "bad_state")
    return {"job": job}


def rejected_at_the_start(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "start", "http_403", times=9)
    return {"job": job}


def with_polls_that_fail(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job()
    sandbox.emulator.add_fault(job, "poll", "http_502_html", times=9)
    return {"job": job}


def whose_message_the_queue_rejects(sandbox: Sandbox, name: str) -> dict[str, Any]:
    sandbox.add_aws_faults({"operation": "SendMessage", "fault": "http_403", "match": name, "times": 3})
    return succeeding(sandbox, name)


def past_its_deadline(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.emulator.make_job(run_seconds=HOUR), "timeoutSeconds": SOON_SECONDS}


def past_its_deadline_and_left_alone(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.emulator.make_job(run_seconds=HOUR), "timeoutSeconds": SOON_SECONDS, "cancelOnAbort": False}


def past_its_deadline_and_out_of_sight(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "poll", "http_500", times=1000)
    return {"job": job, "timeoutSeconds": SOON_SECONDS}


def it_is_in_sight_again(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "poll", "http_500")


def past_its_deadline_with_a_cancel_that_is_rejected(sandbox: Sandbox, _: str) -> dict[str, Any]:
    """Its execution takes as long as it may, and so ends just after the deadline."""
    job = sandbox.emulator.make_job(run_seconds=SOON_SECONDS * 20)
    sandbox.emulator.add_fault(job, "cancel", "http_403", times=1000)
    return {"job": job, "timeoutSeconds": SOON_SECONDS}


def whose_event_was_emitted_before(sandbox: Sandbox, name: str) -> dict[str, Any]:
    event_id = run_event_id(name, 0)
    event = {"specversion": "1.0", "id": event_id, "source": "urn:test", "type": "test"}
    sandbox.wait_for(sandbox.start("emit_event", {"event": event}, event_id))
    return {"job": "NoSuchJob123", "labels": {"emitted": "before"}}


def waiting_for_a_person(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.emulator.make_job_that_waits_for_a_person(), "timeoutSeconds": SOON_SECONDS}


def waiting_for_a_person_whose_notice_is_rejected_at_first(sandbox: Sandbox, name: str) -> dict[str, Any]:
    # The first call with this name starts the run itself.
    rule = {"operation": "StartExecution", "fault": "reject", "match": name, "skip": 1, "times": 3}
    sandbox.add_aws_faults(rule)
    return waiting_for_a_person(sandbox, name)
