"""Runs that are aborted at every kind of moment, all side by side in one sandbox."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.support.closings import History, entered, newest_events, stands_in, wait_for_closing
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_walked
from tests.support.vendors import TrulyStarted
from tests.support.waiting import eventually
from tests.support.watching import begin

HOUR = 3600.0
CANCELED = "io.farsync.execution.canceled"
FAILED = "io.farsync.run.failed"
UNOBSERVABLE = "io.farsync.run.unobservable"
SUCCEEDED = "io.farsync.execution.succeeded"


@dataclass(frozen=True)
class Scenario:
    """What is run, when it is aborted, and what must come of it."""

    make_request: Callable[[Sandbox, str], dict[str, Any]]
    """Sets the scene for the run of the given name, and returns the run request."""
    is_time: Callable[[History], bool]
    """Whether the newest events of the run's history, newest first, are of the moment of the abort."""
    event_type: str
    error: str | None
    executions: list[str]
    """How the vendor's ledger has the job's executions in the end: canceled, running or succeeded."""
    before_the_abort: Callable[[Sandbox, dict[str, Any]], None] | None = None


@dataclass(frozen=True)
class Closed:
    """What came of it."""

    run: Ended
    closing: Ended
    walked: list[Transition]
    events: list[dict[str, Any]]
    executions: list[TrulyStarted]


def of_a_long_job(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(run_seconds=HOUR), "labels": {"team": "night"}}


def let_looks_fail(sandbox: Sandbox, request: dict[str, Any]) -> None:
    sandbox.vendor.add_fault(request["job"], "look", "http_502_html", times=9)


def left_alone(sandbox: Sandbox, _: str) -> dict[str, Any]:
    return {"job": sandbox.vendor.make_job(run_seconds=HOUR), "cancelOnAbort": False}


def with_a_cancel_that_is_refused(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "cancel", "http_403", times=99)
    return {"job": job}


def slow_to_prepare(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "get_job", "slow", seconds=8)
    return {"job": job}


def with_a_start_that_is_slow(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "start", "slow", seconds=8)
    return {"job": job, "settleSeconds": 300}


def with_a_start_that_waits_for_its_reply(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "start", "timeout_after", seconds=8)
    return {"job": job, "settleSeconds": 300}


def let_the_post_arrive(sandbox: Sandbox, request: dict[str, Any]) -> None:
    eventually(lambda: sandbox.vendor.truly_started(request["job"]))


def with_a_lost_reply(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "start", "reset_after")
    return {"job": job, "settleSeconds": 300}


def with_a_lost_reply_and_a_search_that_fails(sandbox: Sandbox, name: str) -> dict[str, Any]:
    request = with_a_lost_reply(sandbox, name)
    sandbox.vendor.add_fault(request["job"], "list_executions", "http_403", skip=1, times=999)
    return {**request, "settleSeconds": 0}


def let_the_search_succeed_soon(sandbox: Sandbox, request: dict[str, Any]) -> None:
    sandbox.vendor.withdraw_fault(request["job"], "list_executions", "http_403")
    sandbox.vendor.add_fault(request["job"], "list_executions", "http_403", times=3)


def with_a_start_that_failed_unseen(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "start", "http_500")
    return {"job": job, "settleSeconds": 300}


def throttled(sandbox: Sandbox, _: str) -> dict[str, Any]:
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    sandbox.vendor.add_fault(job, "start", "http_429", times=999)
    return {"job": job}


def over_a_connection_of_its_own(sandbox: Sandbox, name: str) -> dict[str, Any]:
    sandbox.secrets.create_secret(
        Name=f"farsync/connections/{name[:40]}", SecretString=json.dumps(sandbox.vendor.secret())
    )
    return {**with_a_lost_reply(sandbox, name), "connection": name[:40]}


def with_an_event_that_is_taken_slowly(sandbox: Sandbox, name: str) -> dict[str, Any]:
    # The label stands in the run's own start, which the rule lets pass, and in its event; in no other start.
    label = f"of {name}"
    sandbox.set_aws_faults({"operation": "StartExecution", "fault": "slow", "match": label, "skip": 1, "seconds": 15})
    return {"job": sandbox.vendor.make_job(), "labels": {"told": label}}


def adopting(sandbox: Sandbox, _: str) -> dict[str, Any]:
    request = of_a_long_job(sandbox, "")
    start_another(sandbox, request)
    return {**request, "ifRunning": "adopt"}


def start_another(sandbox: Sandbox, request: dict[str, Any]) -> None:
    """An execution of the same job that is none of the run's."""
    begin(sandbox, request["job"])


def take_its_connection_away(sandbox: Sandbox, request: dict[str, Any]) -> None:
    name = f"farsync/connections/{request['connection']}"
    sandbox.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


SCENARIOS = {
    "while it waits": Scenario(of_a_long_job, entered("Wait"), CANCELED, "ExecutionCanceled", ["canceled"]),
    "while looks fail": Scenario(
        of_a_long_job, entered("Poll"), CANCELED, "ExecutionCanceled", ["canceled"], let_looks_fail
    ),
    "and left alone": Scenario(left_alone, entered("Wait"), UNOBSERVABLE, "RunUnobservable", ["running"]),
    "when it had adopted": Scenario(adopting, entered("Wait"), UNOBSERVABLE, "RunUnobservable", ["running"]),
    "with a cancel that is refused": Scenario(
        with_a_cancel_that_is_refused, entered("Wait"), UNOBSERVABLE, "RunUnobservable", ["running"]
    ),
    "while a lost start settles": Scenario(
        with_a_lost_reply, entered("Settle"), CANCELED, "ExecutionCanceled", ["canceled"]
    ),
    "while the search for a lost start fails": Scenario(
        with_a_lost_reply_and_a_search_that_fails,
        entered("FindLater"),
        CANCELED,
        "ExecutionCanceled",
        ["canceled"],
        let_the_search_succeed_soon,
    ),
    "while a lost start settles that began nothing": Scenario(
        with_a_start_that_failed_unseen, entered("Settle"), FAILED, "ExecutionCanceled", []
    ),
    "while nobody can tell its execution from another": Scenario(
        with_a_lost_reply, entered("Settle"), FAILED, "AmbiguousStart", ["running", "running"], start_another
    ),
    "and its connection taken away": Scenario(
        over_a_connection_of_its_own,
        entered("Settle"),
        UNOBSERVABLE,
        "RunUnobservable",
        ["running"],
        take_its_connection_away,
    ),
    "while the vendor throttles its start": Scenario(throttled, entered("StartLater"), FAILED, "ExecutionCanceled", []),
    "while its end is being told": Scenario(
        with_an_event_that_is_taken_slowly, entered("Emit"), SUCCEEDED, None, ["succeeded"]
    ),
    # Their moments pass within seconds, so that no other scene may be set meanwhile.
    "before its start": Scenario(slow_to_prepare, entered("Prepare"), FAILED, "ExecutionCanceled", []),
    "before its start is posted": Scenario(
        with_a_start_that_is_slow, stands_in("Start"), CANCELED, "ExecutionCanceled", ["canceled"]
    ),
    "between the post and its reply": Scenario(
        with_a_start_that_waits_for_its_reply,
        stands_in("Start"),
        CANCELED,
        "ExecutionCanceled",
        ["canceled"],
        let_the_post_arrive,
    ),
}


def abort_all(sandbox: Sandbox) -> dict[str, Closed]:
    """Starts every scenario, aborts each at its moment, and waits until all are closed."""
    requests: dict[str, dict[str, Any]] = {}
    arns: dict[str, str] = {}
    for title, scenario in SCENARIOS.items():
        name = f"abort-{uuid.uuid4().hex}"
        requests[title] = {"connection": sandbox.vendor.connection, **scenario.make_request(sandbox, name)}
        arns[title] = sandbox.start("run_job", requests[title], name)
    left = dict(arns)

    def abort(title: str, arn: str) -> None:
        before_the_abort = SCENARIOS[title].before_the_abort
        if before_the_abort:
            before_the_abort(sandbox, requests[title])
        sandbox.step_functions.stop_execution(executionArn=arn)

    with ThreadPoolExecutor() as aborting:
        aborts: list[Future[None]] = []

        def abort_those_whose_time_has_come() -> bool:
            for title, arn in list(left.items()):
                if SCENARIOS[title].is_time(newest_events(sandbox, arn)):
                    aborts.append(aborting.submit(abort, title, left.pop(title)))
            return not left

        eventually(abort_those_whose_time_has_come, 120)
        for done in aborts:
            done.result()
    closings = {title: wait_for_closing(sandbox, arn) for title, arn in arns.items()}
    events: list[dict[str, Any]] = []

    def receive() -> bool:
        events.extend(sandbox.receive_events())
        return len({event["data"].get("runName") for event in events}) >= len(SCENARIOS)

    eventually(receive)
    return {
        title: Closed(
            run=sandbox.wait_for(arns[title]),
            closing=closing,
            walked=transitions_walked("close_run", closing.history),
            events=[event for event in events if event["data"].get("runName") == closing.name],
            executions=sandbox.vendor.truly_started(requests[title]["job"]),
        )
        for title, closing in closings.items()
    }
