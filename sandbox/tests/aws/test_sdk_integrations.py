"""aws-sdk:sfn in a state machine: PascalCase all the way down, times as text, errors by the names of AWS."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

Machine = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
Ask = Callable[..., Any]
SDK = "arn:aws:states:::aws-sdk:sfn:"
LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "Next": "Done"}, "Done": {"Type": "Succeed"}}
BAD = {"Only": {"Type": "Fail", "Error": "Bad", "Cause": "always"}}
CALL = {
    "Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "t-echo", "Payload": {"date": "2026-01-31"}},
        "End": True,
    }
}


@pytest.fixture
def ask(run: Callable[..., dict[str, Any]], task_states: Callable[..., dict[str, Any]]) -> Ask:
    """What a machine of one task gets from an action, as its input is given."""

    def call(action: str, **arguments: Any) -> Any:
        ended = run(task_states(f"{SDK}{action}", arguments))
        assert ended["status"] == "SUCCEEDED", ended
        return ended["output"]

    return call


def is_time(text: str) -> bool:
    return (
        text.endswith("Z")
        and len(text) == len("2026-01-31T03:30:00.123Z")
        and bool(datetime.datetime.fromisoformat(text))
    )


def test_list_executions_gives_pages_of_what_the_filter_wants(ask: Ask, sfn: Any, machine: Machine) -> None:
    arn = machine(LONG)
    started = {name: sfn.start_execution(stateMachineArn=arn, name=name)["executionArn"] for name in "abcd"}
    sfn.stop_execution(executionArn=started["b"])

    first = ask("listExecutions", StateMachineArn=arn, StatusFilter="RUNNING", MaxResults=2)
    assert [execution["Name"] for execution in first["Executions"]] == ["d", "c"]
    asked = {"StateMachineArn": arn, "StatusFilter": "RUNNING", "MaxResults": 2, "NextToken": first["NextToken"]}
    assert [execution["Name"] for execution in ask("listExecutions", **asked)["Executions"]] == ["a"]
    assert "NextToken" not in ask("listExecutions", **asked)

    (aborted,) = ask("listExecutions", StateMachineArn=arn, StatusFilter="ABORTED")["Executions"]
    assert aborted == {
        "ExecutionArn": started["b"],
        "StateMachineArn": arn,
        "Name": "b",
        "Status": "ABORTED",
        "StartDate": aborted["StartDate"],
        "StopDate": aborted["StopDate"],
        "RedriveCount": 0,
    }
    assert is_time(aborted["StartDate"])
    assert is_time(aborted["StopDate"])


def test_describe_execution_says_how_an_execution_ended(
    ask: Ask, sfn: Any, machine: Machine, finished: Finished
) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(BAD), input='{"a": 1}')["executionArn"]
    finished(arn)
    described = ask("describeExecution", ExecutionArn=arn)
    assert (described["Status"], described["Error"], described["Cause"]) == ("FAILED", "Bad", "always")
    assert json.loads(described["Input"]) == {"a": 1}
    assert (described["RedriveCount"], described["RedriveStatus"]) == (0, "REDRIVABLE")
    assert is_time(described["StopDate"])


def test_get_execution_history_gives_what_tasks_were_given_and_gave(
    ask: Ask, sfn: Any, machine: Machine, finished: Finished
) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(CALL))["executionArn"]
    finished(arn)
    events = ask("getExecutionHistory", ExecutionArn=arn)["Events"]
    by_type = {event["Type"]: event for event in events}
    scheduled = by_type["TaskScheduled"]
    assert is_time(scheduled["Timestamp"])
    assert (scheduled["Id"], scheduled["PreviousEventId"]) == (3, 2)
    parameters = json.loads(scheduled["TaskScheduledEventDetails"]["Parameters"])
    assert parameters == {"FunctionName": "t-echo", "Payload": {"date": "2026-01-31"}}
    output = json.loads(by_type["TaskSucceeded"]["TaskSucceededEventDetails"]["Output"])
    assert output["Payload"]["event"] == {"date": "2026-01-31"}
    assert by_type["TaskStateEntered"]["StateEnteredEventDetails"]["Name"] == "Call"


def test_get_execution_history_gives_pages_either_way_and_without_data(
    ask: Ask, sfn: Any, machine: Machine, finished: Finished
) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(CALL))["executionArn"]
    finished(arn)
    first = ask("getExecutionHistory", ExecutionArn=arn, MaxResults=2)
    assert [event["Type"] for event in first["Events"]] == ["ExecutionStarted", "TaskStateEntered"]
    second = ask("getExecutionHistory", ExecutionArn=arn, MaxResults=2, NextToken=first["NextToken"])
    assert [event["Type"] for event in second["Events"]] == ["TaskScheduled", "TaskStarted"]

    (last,) = ask("getExecutionHistory", ExecutionArn=arn, MaxResults=1, ReverseOrder=True)["Events"]
    assert (last["Type"], "Output" in last["ExecutionSucceededEventDetails"]) == ("ExecutionSucceeded", True)
    asked = {"ExecutionArn": arn, "MaxResults": 1, "ReverseOrder": True, "IncludeExecutionData": False}
    (bare,) = ask("getExecutionHistory", **asked)["Events"]
    assert "Output" not in bare["ExecutionSucceededEventDetails"]


def test_stop_execution_aborts_another_execution(ask: Ask, sfn: Any, machine: Machine) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(LONG))["executionArn"]
    stopped = ask("stopExecution", ExecutionArn=arn, Error="Abort", Cause="by a machine")
    assert is_time(stopped["StopDate"])
    described = sfn.describe_execution(executionArn=arn)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Abort", "by a machine")


def test_redrive_execution_lets_another_execution_go_on(ask: Ask, sfn: Any, machine: Machine) -> None:
    arn = sfn.start_execution(stateMachineArn=machine(LONG))["executionArn"]
    sfn.stop_execution(executionArn=arn)
    assert is_time(ask("redriveExecution", ExecutionArn=arn)["RedriveDate"])
    described = ask("describeExecution", ExecutionArn=arn)
    assert (described["Status"], described["RedriveCount"]) == ("RUNNING", 1)


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("describeExecution", "Sfn.ExecutionDoesNotExistException"),
        ("getExecutionHistory", "Sfn.ExecutionDoesNotExistException"),
        ("stopExecution", "Sfn.ExecutionDoesNotExistException"),
        ("redriveExecution", "Sfn.ExecutionDoesNotExistException"),
    ],
)
def test_an_execution_that_does_not_exist_is_an_error_that_can_be_caught(
    run: Callable[..., dict[str, Any]],
    task_states: Callable[..., dict[str, Any]],
    machine: Machine,
    action: str,
    error: str,
) -> None:
    nobody = machine(LONG).replace(":stateMachine:", ":execution:") + ":nobody"
    states = task_states(f"{SDK}{action}", {"ExecutionArn": nobody}, Catch=[{"ErrorEquals": [error], "Next": "Caught"}])
    ended = run(states | {"Caught": {"Type": "Succeed", "Output": "{% $states.input.Error %}"}})
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", error)


@pytest.mark.parametrize(
    ("action", "arguments", "error"),
    [
        ("listExecutions", {"StateMachineArn": "{arn}-nobody"}, "Sfn.StateMachineDoesNotExistException"),
        ("listExecutions", {"StateMachineArn": "nothing"}, "Sfn.InvalidArnException"),
        ("listExecutions", {"StateMachineArn": "{arn}", "NextToken": "soon"}, "Sfn.InvalidTokenException"),
        ("redriveExecution", {"ExecutionArn": "{execution}"}, "Sfn.ExecutionNotRedrivableException"),
    ],
)
def test_a_rejection_has_the_name_that_aws_gives_it(
    run: Callable[..., dict[str, Any]],
    task_states: Callable[..., dict[str, Any]],
    sfn: Any,
    machine: Machine,
    action: str,
    arguments: dict[str, str],
    error: str,
) -> None:
    arn = machine(LONG)
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    filled = {name: text.format(arn=arn, execution=execution) for name, text in arguments.items()}
    assert run(task_states(f"{SDK}{action}", filled))["error"] == error


def test_a_throttled_call_has_the_name_of_the_whole_service(
    run: Callable[..., dict[str, Any]],
    task_states: Callable[..., dict[str, Any]],
    machine: Machine,
    order_faults: Callable[..., None],
) -> None:
    order_faults(operation="ListExecutions", fault="http_429")
    states = task_states(f"{SDK}listExecutions", {"StateMachineArn": machine(LONG)})
    assert run(states)["error"] == "Sfn.SfnException"
