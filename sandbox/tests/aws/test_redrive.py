"""RedriveExecution: an execution that ended badly goes on where it was, as the same execution."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import eventually

Machine = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
OrderFaults = Callable[..., None]

EXECUTION = "$states.context.Execution"
COUNT = f"{{% {EXECUTION}.RedriveCount %}}"
# Counts its beginnings in a variable and in a file, and fails until it has been redriven.
STATES = {
    "Before": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"countIn": "{% $states.input.counter %}"}},
        "Assign": {"kept": "{% $states.input.kept %}"},
        "Output": {"from": "Before"},
        "Next": "Risky",
    },
    "Risky": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "t-echo", "Payload": {"redriveCount": COUNT}},
        "Assign": {"seen": "{% $states.result.Payload.event.redriveCount %}"},
        "Output": {"given": "{% $states.input.from %}"},
        "Next": "Done",
    },
    "Done": {
        "Type": "Succeed",
        "Output": {"given": "{% $states.input.given %}", "kept": "{% $kept %}", "seen": "{% $seen %}"},
    },
}
FAILS = {"Bad": {"Type": "Fail", "Error": "Bad", "Cause": "always"}}
LONG = {"Pause": {"Type": "Wait", "Seconds": 3000, "Next": "Done"}, "Done": {"Type": "Succeed"}}
LONG_UNTIL_REDRIVEN = {
    "Pause": {"Type": "Wait", "Seconds": f"{{% {EXECUTION}.RedriveCount = 0 ? 3000 : 1 %}}", "Next": "Done"},
    "Done": {
        "Type": "Succeed",
        "Output": {"redriven": f"{{% {EXECUTION}.RedriveTime %}}", "started": f"{{% {EXECUTION}.StartTime %}}"},
    },
}
SLOW = {
    "Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 1}},
        "Output": {"count": COUNT},
        "End": True,
    },
}


@pytest.fixture
def start(sfn: Any, machine: Machine) -> Callable[..., str]:
    def begin(states: dict[str, Any], given: Any = None, **top: Any) -> str:
        arn: str = sfn.start_execution(stateMachineArn=machine(states, **top), input=json.dumps(given or {}))[
            "executionArn"
        ]
        return arn

    return begin


def types_of(sfn: Any, arn: str) -> list[str]:
    return [event["type"] for event in sfn.get_execution_history(executionArn=arn)["events"]]


def test_it_goes_on_at_the_state_that_failed_with_its_input_and_variables_and_repeats_nothing(
    sfn: Any, start: Callable[..., str], finished: Finished, order_faults: OrderFaults, tmp_path: Path
) -> None:
    order_faults(operation="Invoke", function="t-echo", fault="http_500")
    counter = tmp_path / "counter"
    arn = start(STATES, {"counter": str(counter), "kept": {"a": [1, None]}})
    assert finished(arn)["status"] == "FAILED"

    redriven = sfn.redrive_execution(executionArn=arn)
    ended = finished(arn)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == {"given": "Before", "kept": {"a": [1, None]}, "seen": 1}
    assert counter.read_text() == "x"
    assert (ended["redriveCount"], ended["redriveDate"]) == (1, redriven["redriveDate"])
    assert "error" not in ended


def test_its_history_goes_on_behind_the_failure_and_enters_the_state_no_second_time(
    sfn: Any, start: Callable[..., str], finished: Finished, order_faults: OrderFaults, tmp_path: Path
) -> None:
    order_faults(operation="Invoke", function="t-echo", fault="http_500")
    arn = start(STATES, {"counter": str(tmp_path / "counter"), "kept": 1})
    finished(arn)
    before = sfn.get_execution_history(executionArn=arn)["events"]
    sfn.redrive_execution(executionArn=arn)
    finished(arn)

    events = sfn.get_execution_history(executionArn=arn)["events"]
    assert events[: len(before)] == before
    later = events[len(before) :]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert later[0]["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert [event["type"] for event in later] == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "SucceedStateEntered",
        "SucceedStateExited",
        "ExecutionSucceeded",
    ]


def test_it_can_be_aborted_and_redriven_many_times(sfn: Any, start: Callable[..., str]) -> None:
    arn = start(LONG)
    eventually(lambda: "WaitStateEntered" in types_of(sfn, arn))
    for _ in range(5):
        sfn.stop_execution(executionArn=arn)
        sfn.redrive_execution(executionArn=arn)
    sfn.stop_execution(executionArn=arn)
    described = sfn.describe_execution(executionArn=arn)
    assert (described["status"], described["redriveCount"]) == ("ABORTED", 5)
    types = types_of(sfn, arn)
    assert (types.count("ExecutionRedriven"), types.count("ExecutionAborted")) == (5, 6)
    assert types.count("WaitStateEntered") == 1


def test_an_execution_that_was_aborted_while_its_function_worked_calls_it_again(
    sfn: Any, start: Callable[..., str], finished: Finished
) -> None:
    arn = start(SLOW)
    eventually(lambda: "TaskStarted" in types_of(sfn, arn))
    sfn.stop_execution(executionArn=arn)
    sfn.redrive_execution(executionArn=arn)
    ended = finished(arn)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"count": 1})
    # The first call's result came while the redriven attempt ran, and belongs to nobody.
    assert types_of(sfn, arn).count("TaskSucceeded") == 1


def test_a_fail_state_is_entered_again_and_fails_again(sfn: Any, start: Callable[..., str], finished: Finished) -> None:
    arn = start(FAILS)
    finished(arn)
    sfn.redrive_execution(executionArn=arn)
    assert (finished(arn)["status"], finished(arn)["error"]) == ("FAILED", "Bad")
    assert types_of(sfn, arn)[-3:] == ["ExecutionRedriven", "FailStateEntered", "ExecutionFailed"]


@pytest.mark.parametrize(("states", "status"), [(LONG, "RUNNING"), ({"Done": {"Type": "Succeed"}}, "SUCCEEDED")])
def test_an_execution_that_runs_or_has_succeeded_is_rejected(
    sfn: Any, start: Callable[..., str], finished: Finished, states: dict[str, Any], status: str
) -> None:
    arn = start(states)
    if status != "RUNNING":
        finished(arn)
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable, match=f"Execution is {status} and cannot be redriven"):
        sfn.redrive_execution(executionArn=arn)
    assert sfn.describe_execution(executionArn=arn)["redriveCount"] == 0
