"""Step Functions' API: names, aborts, outputs, histories in pages."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.waiting import eventually

Machine = Callable[..., str]
Start = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
TypesIn = Callable[[str], list[str]]
LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "End": True}}


def call_that_takes(seconds: float) -> dict[str, Any]:
    arguments = {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": seconds}}
    return {"Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, "End": True}}


@pytest.mark.parametrize("name", ["two words", "2026-01-31T00:00:00Z", "x" * 81, "no\ufffecharacter"])
def test_a_name_that_aws_rejects_is_rejected(sfn: Any, machine: Machine, name: str) -> None:
    with pytest.raises(sfn.exceptions.InvalidName):
        sfn.start_execution(stateMachineArn=machine(LONG), name=name)


def test_many_starts_of_one_name_at_once_make_one_execution(sfn: Any, machine: Machine) -> None:
    arn, name = machine(LONG), "nightly.2026-11-21.월말"
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(lambda _: sfn.start_execution(stateMachineArn=arn, name=name), range(16)))
    assert [execution["name"] for execution in sfn.list_executions(stateMachineArn=arn)["executions"]] == [name]


def test_the_history_of_an_aborted_execution_never_learns_what_its_task_gave(
    sfn: Any, start: Start, types_in: TypesIn
) -> None:
    arn = start(call_that_takes(1))
    eventually(lambda: "TaskStarted" in types_in(arn))
    sfn.stop_execution(executionArn=arn, error="Abort", cause="by hand")
    described = sfn.describe_execution(executionArn=arn)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Abort", "by hand")
    before = types_in(arn)
    assert before[-1] == "ExecutionAborted"
    # The function has one process: when another call is done, so is the first.
    other = start(call_that_takes(0))
    eventually(lambda: types_in(other)[-1] == "ExecutionSucceeded")
    assert types_in(arn) == before


def test_an_execution_that_overruns_ends_at_once_though_its_task_goes_on(
    start: Start, finished: Finished, types_in: TypesIn
) -> None:
    arn = start(call_that_takes(7), TimeoutSeconds=1)
    ended = finished(arn)
    assert ended["status"] == "TIMED_OUT"
    assert ended["stopDate"] > ended["startDate"]
    assert types_in(arn)[-1] == "ExecutionTimedOut"


def test_an_abort_at_any_moment_ends_an_execution_in_one_way(sfn: Any, machine: Machine, types_in: TypesIn) -> None:
    arn = machine({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}})

    def start_and_stop(number: int) -> str:
        started: str = sfn.start_execution(stateMachineArn=arn, name=f"n{number}")["executionArn"]
        sfn.stop_execution(executionArn=started)
        return started

    with ThreadPoolExecutor(8) as callers:
        executions = list(callers.map(start_and_stop, range(24)))
    ends = {"SUCCEEDED": "ExecutionSucceeded", "ABORTED": "ExecutionAborted"}
    for execution in executions:
        status = sfn.describe_execution(executionArn=execution)["status"]
        types = types_in(execution)
        assert types[-1] == ends[status]
        assert len(set(types) & set(ends.values())) == 1


@pytest.mark.parametrize("output", [None, "text", {"a": None}])
def test_an_output_is_json_text_whatever_it_is(start: Start, finished: Finished, output: Any) -> None:
    ended = finished(start({"Only": {"Type": "Succeed", "Output": output}}))
    assert json.loads(ended["output"]) == output


def test_pages_in_reverse_lose_and_repeat_nothing_while_the_execution_goes_on(
    sfn: Any, start: Start, types_in: TypesIn
) -> None:
    arn = start({"A": {"Type": "Pass", "Next": "B"}, "B": LONG["Pause"]})
    eventually(lambda: len(types_in(arn)) == 4)
    first = sfn.get_execution_history(executionArn=arn, maxResults=2, reverseOrder=True)
    sfn.stop_execution(executionArn=arn)
    rest = sfn.get_execution_history(executionArn=arn, reverseOrder=True, nextToken=first["nextToken"])
    assert [event["id"] for page in (first, rest) for event in page["events"]] == [4, 3, 2, 1]
