"""Step Functions' API: names, idempotent starts, aborts, outputs, histories in pages."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.waiting import eventually

Machine = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
DONE = {"Only": {"Type": "Succeed"}}
INVOKE = "arn:aws:states:::lambda:invoke"
LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "Next": "Done"}, "Done": {"Type": "Succeed"}}


def types_of(sfn: Any, arn: str) -> list[str]:
    return [event["type"] for event in sfn.get_execution_history(executionArn=arn)["events"]]


@pytest.mark.parametrize("name", ["nightly.2026-11-21", "월말"])
def test_a_name_may_hold_dots_and_letters_of_any_script(sfn: Any, machine: Machine, name: str) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(DONE), name=name)["executionArn"]
    assert sfn.describe_execution(executionArn=arn)["name"] == name


def test_many_starts_of_one_name_at_once_make_one_execution(sfn: Any, machine: Machine) -> None:
    arn = machine(LONG)
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(lambda _: sfn.start_execution(stateMachineArn=arn, name="one"), range(16)))
    assert len(sfn.list_executions(stateMachineArn=arn)["executions"]) == 1


def test_the_history_of_an_aborted_execution_never_learns_what_its_task_gave(sfn: Any, machine: Machine) -> None:
    call = {"Type": "Task", "Resource": INVOKE, "End": True}
    first = call | {"Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 1}}}
    arn = sfn.start_execution(stateMachineArn=machine({"Call": first}))["executionArn"]
    eventually(lambda: "TaskStarted" in types_of(sfn, arn))
    sfn.stop_execution(executionArn=arn)
    assert types_of(sfn, arn)[-1] == "ExecutionAborted"
    before = sfn.get_execution_history(executionArn=arn)["events"]
    # The function has one process: when another call is done, so is the first.
    second = call | {"Arguments": {"FunctionName": "t-SingleFunction"}}
    other = sfn.start_execution(stateMachineArn=machine({"Call": second}))["executionArn"]
    eventually(lambda: types_of(sfn, other)[-1] == "ExecutionSucceeded")
    assert sfn.get_execution_history(executionArn=arn)["events"] == before


def test_an_execution_that_overruns_ends_at_once_though_its_task_goes_on(
    sfn: Any, machine: Machine, finished: Finished
) -> None:
    task = {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 7}},
        "End": True,
    }
    arn = sfn.start_execution(stateMachineArn=machine({"Call": task}, TimeoutSeconds=1))["executionArn"]
    assert finished(arn)["status"] == "TIMED_OUT"
    assert types_of(sfn, arn)[-1] == "ExecutionTimedOut"


def test_an_abort_at_any_moment_ends_an_execution_in_one_way(sfn: Any, machine: Machine) -> None:
    arn = machine({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}})

    def start_and_stop(number: int) -> str:
        started: str = sfn.start_execution(stateMachineArn=arn, name=f"n{number}")["executionArn"]
        sfn.stop_execution(executionArn=started)
        return started

    with ThreadPoolExecutor(8) as callers:
        executions = list(callers.map(start_and_stop, range(80)))
    ends = {"SUCCEEDED": "ExecutionSucceeded", "ABORTED": "ExecutionAborted"}
    for execution in executions:
        status = sfn.describe_execution(executionArn=execution)["status"]
        types = types_of(sfn, execution)
        assert types[-1] == ends[status]
        assert len(set(types) & set(ends.values())) == 1


@pytest.mark.parametrize("output", [None, "text", 7, [], {"a": None}])
def test_an_output_is_json_text_whatever_it_is(sfn: Any, machine: Machine, finished: Finished, output: Any) -> None:
    arn = machine({"Only": {"Type": "Succeed", "Output": output}})
    execution = finished(sfn.start_execution(stateMachineArn=arn)["executionArn"])
    assert json.loads(execution["output"]) == output


def test_pages_in_reverse_lose_and_repeat_nothing_while_the_execution_goes_on(sfn: Any, machine: Machine) -> None:
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 3000, "End": True}}
    arn = sfn.start_execution(stateMachineArn=machine(states))["executionArn"]
    eventually(lambda: len(types_of(sfn, arn)) == 4)
    first = sfn.get_execution_history(executionArn=arn, maxResults=2, reverseOrder=True)
    sfn.stop_execution(executionArn=arn)
    rest = sfn.get_execution_history(executionArn=arn, reverseOrder=True, nextToken=first["nextToken"])
    assert [event["id"] for page in (first, rest) for event in page["events"]] == [4, 3, 2, 1]
