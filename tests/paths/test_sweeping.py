"""What the rule on runs that ended badly has missed, the sweeper closes."""

import json
import uuid
from dataclasses import dataclass

import pytest
import requests

from tests.paths.broken_runs import close_by_hand
from tests.paths.closing_scenarios import HOUR
from tests.support.closings import entered, newest_events, wait_for_closing
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_of, transitions_walked
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects


@dataclass(frozen=True)
class Swept:
    """Two runs that the rule has missed, what swept them up, and the names of all closings before and after the last
    sweep.
    """

    closings: list[Ended]
    sweeps: dict[str, Ended]
    names_before: list[str]
    names_after: list[str]


@pytest.fixture(scope="session")
def swept(sandbox: Sandbox) -> Swept:
    runs = [abort_unseen(sandbox) for _ in range(2)]
    sweeps = {
        "bounded by starts": sweep(sandbox, mostStarts=1),
        "page by page": sweep(sandbox, pageSize=3),
    }
    closings = [wait_for_closing(sandbox, run) for run in runs]
    # Now the two newest closings are not those of the newest runs.
    for word in ("again", "once-more"):
        close_by_hand(sandbox, runs[1], word)
    names_before = sandbox.names_of_executions("close_run")
    sweeps["bounded by pages"] = sweep(sandbox, pageSize=1, mostPages=2)
    return Swept(closings, sweeps, names_before, sandbox.names_of_executions("close_run"))


@pytest.fixture(scope="session")
def swept_in_vain() -> dict[str, Ended]:
    """AWS fails for as long as the sweeper tries."""
    impatient = Sandbox(speed=1000)
    name = abort_unseen(impatient).rpartition(":")[2]
    machines = impatient.aws["stateMachines"]
    rules = {
        "starts fail": {"operation": "StartExecution", "match": name},
        "closings are not listed": {
            "operation": "ListExecutions",
            "match": impatient.aws["stateMachines"]["close_run"],
        },
        "runs are not listed": {"operation": "ListExecutions", "match": machines["run_job"]},
    }
    sweeps: dict[str, Ended] = {}
    for title, rule in rules.items():
        impatient.set_aws_faults({**rule, "fault": "http_503", "times": 99})
        sweeps[title] = sweep(impatient)
    impatient.stop()
    return sweeps


def abort_unseen(sandbox: Sandbox) -> str:
    """Aborts a run in its midst, and refuses what the rule starts for it."""
    name = f"unseen-{uuid.uuid4().hex}"
    rule = {"operation": "StartExecution", "match": name, "skip": 1, "fault": "refuse"}
    sandbox.set_aws_faults(rule)
    job = sandbox.vendor.make_job(run_seconds=HOUR)
    run = sandbox.start("run_job", {"connection": sandbox.vendor.connection, "job": job}, name)
    eventually(lambda: entered("Wait")(newest_events(sandbox, run)))
    sandbox.step_functions.stop_execution(executionArn=run)
    eventually(lambda: was_refused(sandbox, name))
    return run


def was_refused(sandbox: Sandbox, name: str) -> bool:
    """Whether the rule's start has come; its own name is not that of the run."""
    ledger = requests.get(f"{sandbox.aws['endpoint']}/_sandbox/ledger", timeout=30).json()
    calls = ledger["calls"]["StartExecution"]
    begun = next(index for index, call in enumerate(calls) if call["subject"] == name)
    return any(call["fault"] == "refuse" for call in calls[begun:])


def sweep(sandbox: Sandbox, **bounds: int) -> Ended:
    return sandbox.wait_for(sandbox.start("sweep_runs", bounds), 120)


def test_what_the_rule_missed_is_closed_by_the_schedule_of_the_template(sandbox: Sandbox) -> None:
    sandbox.receive_events()
    run = abort_unseen(sandbox)
    name = run.rpartition(":")[2]
    assert name not in sandbox.names_of_executions("close_run")
    swept = sandbox.wait_for(sandbox.fire_schedule("farsync-sweep_runs"))
    assert swept.output["started"] == 1
    assert wait_for_closing(sandbox, run).output["type"] == "io.farsync.execution.canceled"
    described = sandbox.step_functions.describe_execution(executionArn=run)
    job = json.loads(described["input"])["job"]
    assert [one.status for one in sandbox.vendor.truly_started(job)] == [sandbox.vendor.canceled_word]
    (event,) = eventually(lambda: [one for one in sandbox.receive_events() if one["data"].get("runName") == name])
    assert event["type"] == "io.farsync.execution.canceled"


def test_sweeping_twice_starts_nothing_twice(sandbox: Sandbox) -> None:
    run = abort_unseen(sandbox)
    assert sweep(sandbox).output["started"] == 1
    wait_for_closing(sandbox, run)
    names = sandbox.names_of_executions("close_run")
    assert sweep(sandbox).output["started"] == 0
    assert sandbox.names_of_executions("close_run") == names


def test_a_sweep_that_meets_a_bound_fails_and_the_next_one_goes_on(swept: Swept) -> None:
    bounded = swept.sweeps["bounded by starts"]
    assert bounded.error == "TooManyRuns"
    assert bounded.output["cause"].startswith("more than 1 runs were not closed")
    assert swept.sweeps["page by page"].output["started"] == 1
    assert [closing.status for closing in swept.closings] == ["SUCCEEDED", "SUCCEEDED"]


def test_a_sweep_that_has_not_read_all_runs_fails(swept: Swept) -> None:
    bounded = swept.sweeps["bounded by pages"]
    assert bounded.error == "TooManyRuns"
    assert bounded.output["cause"].startswith("more than 2 pages of runs ABORTED")


def test_a_closing_that_the_sweep_has_not_read_of_is_not_started_again(swept: Swept) -> None:
    walked = transitions_walked("sweep_runs", swept.sweeps["bounded by pages"].history)
    assert Transition("CloseRun", "catch 0", "WhatIsNext") in walked
    assert swept.names_after == swept.names_before


def test_a_redriven_run_whose_second_end_was_missed_is_closed_again(sandbox: Sandbox) -> None:
    run = abort_unseen(sandbox)
    sweep(sandbox)
    first = wait_for_closing(sandbox, run)
    sandbox.set_aws_faults({"operation": "StartExecution", "match": first.name, "fault": "refuse"})
    sandbox.step_functions.redrive_execution(executionArn=run)
    assert sandbox.wait_for(run).status == "FAILED"
    eventually(lambda: was_refused(sandbox, first.name))
    sweep(sandbox)
    assert wait_for_closing(sandbox, run, f"{first.name}-r1").status == "SUCCEEDED"


@pytest.mark.parametrize("title", ["starts fail", "closings are not listed", "runs are not listed"])
def test_a_sweep_fails_only_after_it_has_tried_for_minutes(swept_in_vain: dict[str, Ended], title: str) -> None:
    in_vain = swept_in_vain[title]
    assert in_vain.status == "FAILED"
    assert [event["type"] for event in in_vain.history].count("TaskFailed") == 9


def test_every_transition_of_sweep_runs_is_walked(swept: Swept, swept_in_vain: dict[str, Ended]) -> None:
    sweeps = (*swept.sweeps.values(), *swept_in_vain.values())
    walked = {transition for one in sweeps for transition in transitions_walked("sweep_runs", one.history)}
    assert walked == transitions_of("sweep_runs")
