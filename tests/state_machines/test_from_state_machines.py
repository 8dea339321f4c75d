"""The examples of docs/from-state-machines.md, as they stand in the repository, but for the ids of the jobs."""

import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from farsync.model.run_request import LARGEST_REQUEST_BYTES
from tests.support.closings import CANCELED, types_emitted, wait_for_state
from tests.support.emulators import Huawei
from tests.support.sandbox import Ended, Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin

EXAMPLES = Path(__file__).parents[2] / "examples" / "state_machines"


def create(sandbox: Sandbox, example: str, **jobs: dict[str, Any]) -> str:
    """The machine's ARN. `jobs` has for each task what its run request has here."""
    text = (EXAMPLES / f"{example}.asl.yaml").read_text()
    assert f"StateMachineArn: {sandbox.aws['stateMachines']['run_job']}" in text
    definition = yaml.safe_load(text)
    for scope in scopes(definition):
        for name in scope["States"].keys() & jobs.keys():
            scope["States"][name]["Arguments"]["Input"] |= jobs[name]
    return sandbox.create_state_machine(f"{example}-{uuid.uuid4().hex[:8]}", definition)


def scopes(definition: dict[str, Any]) -> list[dict[str, Any]]:
    states = definition["States"].values()
    return [definition, *(branch for state in states for branch in state.get("Branches", []))]


def create_one_job(sandbox: Sandbox, job: str, **more: object) -> str:
    request = {
        "connection": sandbox.emulator.connection,
        "job": job,
        "parameters": {sandbox.emulator.parameter: "sales"},
    }
    return create(sandbox, "one_job", RunTheJob={**request, **more})


def state_entered_last(ended: Ended) -> str:
    entered = [event for event in ended.history if "stateEnteredEventDetails" in event]
    return str(entered[-1]["stateEnteredEventDetails"]["name"])


def test_a_parent_goes_on_with_the_data_of_the_event_when_the_job_has_succeeded(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    ended = sandbox.wait_for(sandbox.start_arn(create_one_job(sandbox, job), {}))
    assert ended.status == "SUCCEEDED"
    (started,) = sandbox.emulator.truly_started(job)
    assert (ended.output["status"], ended.output["executionId"]) == ("SUCCEEDED", started.execution_id)
    assert ended.output["runName"] == f"{ended.name}-0"


def test_the_largest_request_of_a_parent_runs_its_job(sandbox: Sandbox) -> None:
    """Of quotes: the machine that is started, and the parent's result, hold it as JSON."""
    job = sandbox.emulator.make_job()
    parameters = {sandbox.emulator.parameter: '"' * (LARGEST_REQUEST_BYTES // 2 - 300)}
    ended = sandbox.wait_for(sandbox.start_arn(create_one_job(sandbox, job, parameters=parameters), {}))
    assert (ended.status, ended.output.get("status")) == ("SUCCEEDED", "SUCCEEDED"), ended
    (started,) = sandbox.emulator.truly_started(job)
    assert started.parameters == parameters


@pytest.mark.parametrize(
    ("source", "error", "last_state"),
    [("nowhere", "ExecutionFailed", "TheJobHasFailed"), (None, "JobNotFound", None)],
    ids=["the job failed", "the job never started"],
)
def test_a_parent_reads_farsyncs_own_error_from_the_cause(
    sandbox: Sandbox, source: str | None, error: str, last_state: str | None
) -> None:
    job = sandbox.emulator.make_job(source=source) if source else "NoSuchJob123"
    ended = sandbox.wait_for(sandbox.start_arn(create_one_job(sandbox, job), {}))
    assert (ended.status, ended.error) == ("FAILED", error)
    assert last_state in (None, state_entered_last(ended))
    assert (sandbox.emulator.failed_word if source else "job") in ended.output["cause"]
    assert "{" not in ended.output["cause"]


def test_a_parent_that_does_not_know_whether_the_job_runs_asks_for_somebody(sandbox: Sandbox) -> None:
    """Somebody else starts it with the same parameters, while the reply to the run's own start is lost."""
    job = sandbox.emulator.make_job(run_seconds=3600)
    sandbox.emulator.add_fault(job, "start", "reset_after")
    parent = sandbox.start_arn(create_one_job(sandbox, job, consistencyWindowSeconds=5), {})
    eventually(lambda: sandbox.emulator.truly_started(job))
    begin(sandbox, job, parameters={sandbox.emulator.parameter: "sales"})
    ended = sandbox.wait_for(parent)
    assert (ended.status, ended.error) == ("FAILED", "AmbiguousStart")
    assert state_entered_last(ended) == "SomebodyMustLook"


def test_a_call_that_step_functions_throttles_is_made_again_and_is_one_run(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job()
    name = f"throttled-{uuid.uuid4().hex}"
    fault = {"operation": "StartExecution", "fault": "http_429", "match": f"{name}-0", "times": 2}
    machine = create_one_job(sandbox, job)
    sandbox.set_aws_faults(fault)
    ended = sandbox.wait_for(sandbox.start_arn(machine, {}, name))
    assert ended.status == "SUCCEEDED"
    assert len([event for event in ended.history if event["type"] == "TaskFailed"]) == 2
    assert len(sandbox.emulator.truly_started(job)) == 1


def test_the_run_of_a_parent_that_is_aborted_is_stopped_and_a_redrive_runs_the_job_anew(sandbox: Sandbox) -> None:
    job = sandbox.emulator.make_job(run_seconds=3600)
    parent = sandbox.start_arn(create_one_job(sandbox, job), {})
    first = sandbox.arn_of_run(f"{parent.rpartition(':')[2]}-0")
    eventually(lambda: sandbox.emulator.truly_started(job))
    wait_for_state(sandbox, first, "Follow")
    sandbox.step_functions.stop_execution(executionArn=parent)
    assert sandbox.wait_for(first).status == "ABORTED"
    assert types_emitted(sandbox, first) == [CANCELED]
    sandbox.step_functions.redrive_execution(executionArn=parent)
    eventually(lambda: len(sandbox.emulator.truly_started(job)) == 2)
    sandbox.step_functions.stop_execution(executionArn=parent)
    assert f"{parent.rpartition(':')[2]}-1" in sandbox.names_of_executions("run_job")
    assert sandbox.emulator.truly_started(job)[0].status == sandbox.emulator.canceled_word


class Jobs:
    """The three jobs of the example, on both clouds."""

    def __init__(self, sandbox: Sandbox, orders_source: str = "in", sales_seconds: float | None = None) -> None:
        self.naver, self.huawei = sandbox.emulator, Huawei(sandbox.described["huawei"])
        self.sales = self.naver.make_job(run_seconds=sales_seconds)
        self.orders = self.huawei.make_job(source=orders_source)
        self.join = self.naver.make_job()
        orders = {"job": self.orders, "parameters": {self.huawei.parameter: "orders"}}
        tasks: dict[str, dict[str, Any]] = {
            "LoadSales": {"job": self.sales},
            "LoadOrders": orders,
            "JoinThem": {"job": self.join},
        }
        self.machine = create(sandbox, "several_jobs", **tasks)


def test_a_third_job_runs_when_two_on_both_clouds_have_ended(sandbox: Sandbox) -> None:
    jobs = Jobs(sandbox)
    ended = sandbox.wait_for(sandbox.start_arn(jobs.machine, {}), 120)
    assert ended.status == "SUCCEEDED", ended
    (sales,) = jobs.naver.truly_started(jobs.sales)
    (orders,) = jobs.huawei.truly_started(jobs.orders)
    assert len(jobs.naver.truly_started(jobs.join)) == 1
    assert ended.output["labels"] == {"sales": sales.execution_id, "orders": orders.execution_id}


def test_a_third_job_does_not_run_when_one_has_failed_and_the_other_is_canceled(sandbox: Sandbox) -> None:
    jobs = Jobs(sandbox, orders_source="nowhere", sales_seconds=3600)
    parent = sandbox.start_arn(jobs.machine, {})
    name = parent.rpartition(":")[2]
    ended = sandbox.wait_for(parent, 120)
    assert (ended.status, ended.error) == ("FAILED", "ExecutionFailed")
    assert ended.output["cause"] == f"the run {name}-orders-0"
    assert jobs.naver.truly_started(jobs.join) == []
    sales_run = sandbox.arn_of_run(f"{name}-sales-0")
    assert sandbox.wait_for(sales_run).status == "ABORTED"
    assert types_emitted(sandbox, sales_run) == [CANCELED]
    (sales,) = jobs.naver.truly_started(jobs.sales)
    assert sales.status == jobs.naver.canceled_word
