"""Runs that ended in ways which an abort does not show, each closed by a `close_run` that is started by hand."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from farsync.naming import run_event_id
from tests.paths.closing_scenarios import HOUR
from tests.support.closings import entered, events_if_there, newest_events, wait_for_closing
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_walked
from tests.support.waiting import eventually

TRIES_OF_AN_EVENT = 9
BROKEN = {"Type": "Fail", "Error": "States.Runtime", "Cause": "a state failed in a way that no Catch sees"}
START = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "farsync-trigger_execution", "Payload": "{% $states.input %}"},
}


@dataclass(frozen=True)
class Closing:
    """What became of a closing, and of the executions of the run's job."""

    ended: Ended
    executions: list[str]

    @property
    def walked(self) -> list[Transition]:
        return transitions_walked("close_run", self.ended.history)


def machine(*states: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The states in a row."""
    following = [*(name for name, _ in states[1:]), None]
    placed = {
        name: state | ({"Next": after} if after else {}) for (name, state), after in zip(states, following, strict=True)
    }
    return {"QueryLanguage": "JSONata", "StartAt": states[0][0], "States": placed, **more}


BROKEN_MACHINES = {
    "that broke after its start": machine(("Start", START), ("Broken", BROKEN)),
    "that took too long": machine(
        ("Start", START), ("Wait", {"Type": "Wait", "Seconds": 36000, "End": True}), TimeoutSeconds=2
    ),
    "with a history that is too long": machine(
        *((f"Pass{number}", {"Type": "Pass"}) for number in range(160)), ("Broken", BROKEN)
    ),
    "whose history fits a state in single events only": machine(
        ("Fat", {"Type": "Pass", "Output": "x" * 140_000}), ("Broken", BROKEN)
    ),
    "with an event that fits no state": machine(("Fat", {"Type": "Pass", "Output": '"' * 120_000}), ("Broken", BROKEN)),
}
HOPELESS: dict[str, Callable[[str], dict[str, str | int]]] = {
    "whose status AWS does not tell": lambda name: {"operation": "DescribeExecution", "match": f"run_job:{name}"},
    "whose history AWS does not tell": lambda name: {"operation": "GetExecutionHistory", "match": f"run_job:{name}"},
    "whose redrives AWS does not tell": lambda name: {
        "operation": "DescribeExecution",
        "match": f"run_job:{name}",
        "skip": 1,
    },
    "whose event AWS does not take": lambda name: {"operation": "StartExecution", "match": run_event_id(name)},
}


def close_broken_machines(sandbox: Sandbox) -> dict[str, Closing]:
    return {title: _break_and_close(sandbox, definition) for title, definition in BROKEN_MACHINES.items()}


def close_others(sandbox: Sandbox) -> dict[str, Closing]:
    """A run that goes on, one that failed under a name of its own, one whose event was not taken, one that is closed a
    second time, and one that is redriven while it is closed.
    """
    request = {"connection": sandbox.vendor.connection, "job": sandbox.vendor.make_job(run_seconds=HOUR)}
    run = sandbox.start("run_job", request)
    eventually(lambda: entered("Wait")(newest_events(sandbox, run)))
    open_run = _closing(sandbox, close_by_hand(sandbox, run, "early"), request["job"])
    waiting = start_closing(sandbox, run, "just-in-time")
    eventually(lambda: entered("LookAgain")(newest_events(sandbox, waiting)))
    sandbox.step_functions.stop_execution(executionArn=run)
    wait_for_closing(sandbox, run)
    failed = sandbox.start("run_job", {**request, "job": "NoSuchJob123"})
    untold_name = f"untold-{uuid.uuid4().hex}"
    sandbox.set_aws_faults(
        {
            "operation": "StartExecution",
            "match": run_event_id(untold_name),
            "fault": "http_503",
            "times": TRIES_OF_AN_EVENT,
        }
    )
    untold = sandbox.start("run_job", {**request, "job": "NoSuchJob123"}, untold_name)
    return {
        "that goes on": open_run,
        "whose end is seen late": _closing(sandbox, sandbox.wait_for(waiting), request["job"]),
        "that told its end itself": _closing(sandbox, wait_for_closing(sandbox, failed), "NoSuchJob123"),
        "that was closed before": _closing(sandbox, close_by_hand(sandbox, run, "again"), request["job"]),
        "that was redriven meanwhile": _redrive_while_it_is_closed(sandbox),
        "whose event was not taken": _closing(sandbox, wait_for_closing(sandbox, untold), "NoSuchJob123"),
    }


def close_in_vain(impatient: Sandbox) -> dict[str, Closing]:
    """AWS fails for as long as `close_run` tries; the sandbox must make hours short."""
    names = {title: f"hopeless-{uuid.uuid4().hex}" for title in HOPELESS}
    rules = (rule_for(names[title]) for title, rule_for in HOPELESS.items())
    impatient.set_aws_faults(*({**rule, "fault": "http_503", "times": 999} for rule in rules))
    runs: dict[str, str] = {}
    for title, name in names.items():
        job = impatient.vendor.make_job()
        impatient.vendor.add_fault(job, "get_job", "slow", seconds=2)
        runs[title] = impatient.start("run_job", {"connection": impatient.vendor.connection, "job": job}, name)
        impatient.step_functions.stop_execution(executionArn=runs[title])
    return {title: _closing(impatient, wait_for_closing(impatient, run), "") for title, run in runs.items()}


def _redrive_while_it_is_closed(sandbox: Sandbox) -> Closing:
    """A run that is aborted while it waits for the outcome of a lost start, as its closing then does."""
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "reset_after")
    request = {"connection": sandbox.vendor.connection, "job": job, "settleSeconds": 300}
    run = sandbox.start("run_job", request)
    eventually(lambda: entered("Settle")(newest_events(sandbox, run)))
    sandbox.step_functions.stop_execution(executionArn=run)
    closing = run.replace("-run_job:", "-close_run:")
    eventually(lambda: entered("WaitItOut")(events_if_there(sandbox, closing)))
    sandbox.step_functions.redrive_execution(executionArn=run)
    assert sandbox.wait_for(run).status == "SUCCEEDED"
    return _closing(sandbox, wait_for_closing(sandbox, run), job)


def close_by_hand(sandbox: Sandbox, run_arn: str, word: str) -> Ended:
    return sandbox.wait_for(start_closing(sandbox, run_arn, word))


def start_closing(sandbox: Sandbox, run_arn: str, word: str) -> str:
    name = run_arn.rpartition(":")[2]
    asked = {"name": name, "executionArn": run_arn, "status": "FAILED"}
    return sandbox.start("close_run", asked, f"{name}-{word}")


def _break_and_close(sandbox: Sandbox, definition: dict[str, Any]) -> Closing:
    arn = sandbox.create_state_machine(f"broken-{uuid.uuid4().hex}", definition)
    request = {"connection": sandbox.vendor.connection, "job": sandbox.vendor.make_job(run_seconds=HOUR)}
    run = sandbox.start_arn(arn, request)
    sandbox.wait_for(run)
    return _closing(sandbox, close_by_hand(sandbox, run, "by-hand"), request["job"])


def _closing(sandbox: Sandbox, ended: Ended, job: str) -> Closing:
    return Closing(ended, [execution.status for execution in sandbox.vendor.truly_started(job)])
