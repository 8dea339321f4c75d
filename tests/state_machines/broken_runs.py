"""Runs that ended in ways which an abort does not show, and closings under which AWS itself fails."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.state_machines.closing_scenes import HOUR
from tests.support.closings import send_to_be_closed, wait_for_events, wait_for_state
from tests.support.sandbox import Sandbox

Definition = dict[str, Any]


@dataclass(frozen=True)
class Closing:
    """The events of a run, and how the provider has its job's executions."""

    events: list[dict[str, Any]]
    executions: list[str]


def broken_after_its_start(definition: Definition) -> None:
    definition["States"]["Follow"] = {"Type": "Pass", "Output": "{% $noSuchFunction() %}", "End": True}


def broken_before_its_start(definition: Definition) -> None:
    definition["States"]["Prepare"] = {"Type": "Pass", "Output": "{% $noSuchFunction() %}", "End": True}


def out_of_time(definition: Definition) -> None:
    definition["TimeoutSeconds"] = 5


BROKEN: dict[str, Callable[[Definition], None]] = {
    "that broke after its start": broken_after_its_start,
    "that broke before its start": broken_before_its_start,
    "that took too long": out_of_time,
}
AWS_FAILS: dict[str, Callable[[str], dict[str, object]]] = {
    "whose history cannot be read": lambda name: {"operation": "GetExecutionHistory", "match": f"run_job:{name}"},
    "whose status cannot be read": lambda name: {"operation": "DescribeExecution", "match": f"run_job:{name}"},
    "whose event is not taken": lambda name: {"operation": "StartExecution", "match": name},
}


def close_broken(sandbox: Sandbox) -> dict[str, Closing]:
    """Runs of machines like `run_job` in all but what breaks them; no rule knows these, so their messages are sent."""
    requests: dict[str, dict[str, Any]] = {}
    runs: dict[str, str] = {}
    deployed = sandbox.step_functions.describe_state_machine(stateMachineArn=sandbox.aws["stateMachines"]["run_job"])
    for title, change in BROKEN.items():
        definition = json.loads(deployed["definition"])
        change(definition)
        machine = sandbox.create_state_machine(f"broken-{uuid.uuid4().hex}", definition)
        requests[title] = {
            "connection": sandbox.emulator.connection,
            "job": sandbox.emulator.make_job(run_seconds=HOUR),
        }
        runs[title] = sandbox.start_arn(machine, requests[title])
    for run in runs.values():
        sandbox.wait_for(run)
        send_to_be_closed(sandbox, run)
    return {title: _closing(sandbox, run, requests[title]["job"]) for title, run in runs.items()}


def close_while_aws_fails(sandbox: Sandbox) -> dict[str, Closing]:
    """For longer than any call is tried again."""
    names = {title: f"unlucky-{uuid.uuid4().hex}" for title in AWS_FAILS}
    jobs = {title: sandbox.emulator.make_job(run_seconds=HOUR) for title in AWS_FAILS}
    requests = {title: {"connection": sandbox.emulator.connection, "job": job} for title, job in jobs.items()}
    runs = {title: sandbox.start("run_job", requests[title], names[title]) for title in AWS_FAILS}
    for run in runs.values():
        wait_for_state(sandbox, run, "Follow")
    rules = (rule_for(names[title]) for title, rule_for in AWS_FAILS.items())
    sandbox.set_aws_faults(*({**rule, "fault": "http_503", "times": 12} for rule in rules))
    for run in runs.values():
        sandbox.step_functions.stop_execution(executionArn=run)
    return {title: _closing(sandbox, run, jobs[title]) for title, run in runs.items()}


def _closing(sandbox: Sandbox, run: str, job: str) -> Closing:
    events = wait_for_events(sandbox, run, seconds=120)
    return Closing(events, [execution.status for execution in sandbox.emulator.truly_started(job)])
