"""What is run and aborted, and what is done around the abort: the scenes of the scenarios of closing."""

import json
from typing import Any

from tests.support.closings import UNOBSERVABLE
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin

HOUR = 3600.0
SHORT_WINDOW_SECONDS = 10
"""In which a search is not decided, in real seconds, as `close_run` goes by the clock."""
WINDOW_OF_TWO_STARTS_SECONDS = 40
"""In which somebody else starts the job, on a slow machine too."""
AWAY = ("poll", "cancel", "get_job", "list_executions")

Request = dict[str, Any]


def of_a_long_job(sandbox: Sandbox, _: str) -> Request:
    return {"job": sandbox.emulator.make_job(run_seconds=HOUR), "labels": {"team": "night"}}


def with_polls_that_fail(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "poll", "http_502_html", times=20)
    return {"job": job, "maxDetectionDelaySeconds": 20}


def of_a_huge_request(sandbox: Sandbox, _: str) -> Request:
    """Nearly as large as a request may be, and larger still wherever it stands as text in text."""
    return {
        **throttled(sandbox, ""),
        "parameters": {sandbox.emulator.parameter: '"' * 42_000},
        "labels": {"quotes": '"' * 8_000},
    }


def left_running(sandbox: Sandbox, _: str) -> Request:
    return {"job": sandbox.emulator.make_job(run_seconds=HOUR), "cancelOnAbort": False}


def left_running_until_it_ends(sandbox: Sandbox, _: str) -> Request:
    return {"job": sandbox.emulator.make_job(run_seconds=500), "cancelOnAbort": False}


def with_a_cancel_that_is_rejected(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "cancel", "http_403", times=999)
    return {"job": job}


def allow_the_cancel(sandbox: Sandbox, request: Request) -> None:
    """Once the event has said that it is rejected."""
    eventually(
        lambda: any(_is_about(event, request, UNOBSERVABLE) for event in _events(sandbox)), 120, every_seconds=0.5
    )
    sandbox.emulator.withdraw_fault(request["job"], "cancel", "http_403")


def with_a_provider_that_is_away(sandbox: Sandbox, request: Request) -> None:
    for operation in AWAY:
        sandbox.emulator.add_fault(request["job"], operation, "reset_before", times=9999)


def let_the_provider_come_back(sandbox: Sandbox, request: Request) -> None:
    """After more than all tries of one call, several times over."""
    received = sandbox.mapping("close_run")["received"]
    eventually(lambda: sandbox.mapping("close_run")["received"] >= received + 8, 120, every_seconds=0.5)
    assert [started.status for started in sandbox.emulator.truly_started(request["job"])] == [
        sandbox.emulator.running_word
    ]
    for operation in AWAY:
        sandbox.emulator.withdraw_fault(request["job"], operation, "reset_before")


def slow_to_prepare(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "get_job", "slow", seconds=8)
    return {"job": job}


def with_a_start_that_is_slow(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "slow", seconds=8)
    return {"job": job, "consistencyWindowSeconds": 1}


def with_a_start_that_waits_for_its_reply(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "timeout_after", seconds=8)
    return {"job": job, "consistencyWindowSeconds": 1}


def let_the_post_arrive(sandbox: Sandbox, request: Request) -> None:
    eventually(lambda: sandbox.emulator.truly_started(request["job"]))


def with_an_unconfirmed_start(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "reset_after")
    return {"job": job, "consistencyWindowSeconds": SHORT_WINDOW_SECONDS}


def with_a_search_that_fails(sandbox: Sandbox, name: str) -> Request:
    return {**_held_in_its_search(sandbox, with_an_unconfirmed_start(sandbox, name)), "consistencyWindowSeconds": 0}


def let_the_search_succeed_soon(sandbox: Sandbox, request: Request) -> None:
    sandbox.emulator.withdraw_fault(request["job"], "list_executions", "http_403")
    sandbox.emulator.add_fault(request["job"], "list_executions", "http_403", times=2)


def with_a_start_that_never_arrived(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "reset_before")
    return _held_in_its_search(sandbox, {"job": job, "consistencyWindowSeconds": SHORT_WINDOW_SECONDS})


def beside_another_start(sandbox: Sandbox, name: str) -> Request:
    request = _held_in_its_search(sandbox, with_an_unconfirmed_start(sandbox, name))
    return {**request, "consistencyWindowSeconds": WINDOW_OF_TWO_STARTS_SECONDS}


def _held_in_its_search(sandbox: Sandbox, request: Request) -> Request:
    """Until it is aborted. The first call is that of Prepare."""
    sandbox.emulator.add_fault(request["job"], "list_executions", "http_403", skip=1, times=9999)
    return request


def let_the_search_succeed(sandbox: Sandbox, request: Request) -> None:
    sandbox.emulator.withdraw_fault(request["job"], "list_executions", "http_403")


def let_another_start_come_between(sandbox: Sandbox, request: Request) -> None:
    let_the_search_succeed(sandbox, request)
    start_another(sandbox, request)


def throttled(sandbox: Sandbox, _: str) -> Request:
    job = sandbox.emulator.make_job(run_seconds=HOUR)
    sandbox.emulator.add_fault(job, "start", "http_429", times=999)
    return {"job": job}


def over_a_connection_of_its_own(sandbox: Sandbox, name: str) -> Request:
    sandbox.secrets.create_secret(
        Name=f"farsync/connections/{name[:40]}", SecretString=json.dumps(sandbox.emulator.secret())
    )
    return {**with_an_unconfirmed_start(sandbox, name), "connection": name[:40]}


def take_its_connection_away(sandbox: Sandbox, request: Request) -> None:
    name = f"farsync/connections/{request['connection']}"
    sandbox.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def put_its_connection_back(sandbox: Sandbox, request: Request) -> None:
    name = f"farsync/connections/{request['connection']}"
    times_asked = _times_asked(sandbox, name)
    eventually(lambda: _times_asked(sandbox, name) > times_asked)
    sandbox.secrets.create_secret(Name=name, SecretString=json.dumps(sandbox.emulator.secret()))


def with_an_end_that_cannot_be_emitted(sandbox: Sandbox, name: str) -> Request:
    # The label stands in the run's own start, which the rule lets pass, and in its event; in no other start.
    label = f"of {name}"
    sandbox.set_aws_faults(
        {"operation": "StartExecution", "fault": "http_401", "match": label, "skip": 1, "times": 9999}
    )
    return {"job": sandbox.emulator.make_job(), "labels": {"told": label}}


def let_the_event_be_rejected(sandbox: Sandbox, _: Request) -> None:
    eventually(lambda: any(call["fault"] == "http_401" for call in sandbox.calls("StartExecution")))


def let_the_event_be_taken(sandbox: Sandbox, _: Request) -> None:
    sandbox.set_aws_faults()


def attaching(sandbox: Sandbox, _: str) -> Request:
    request = of_a_long_job(sandbox, "")
    start_another(sandbox, request)
    return {**request, "ifRunning": "attach"}


def start_another(sandbox: Sandbox, request: Request) -> None:
    """An execution of the same job that is none of the run's."""
    begin(sandbox, request["job"])


def _events(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [line["event"] for line in sandbox.event_lines()]


def _is_about(event: dict[str, Any], request: Request, kind: str) -> bool:
    return bool(event["type"] == kind and event.get("data", {}).get("job") == request["job"])


def _times_asked(sandbox: Sandbox, secret: str) -> int:
    return [call["subject"] for call in sandbox.calls("GetSecretValue")].count(secret)
