"""RedriveExecution: a failed or aborted execution continues at its last state, as the same execution."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.waiting import eventually

Start = Callable[..., str]
Finished = Callable[[str], dict[str, Any]]
TypesIn = Callable[[str], list[str]]

INVOKE = "arn:aws:states:::lambda:invoke"
REDRIVE_COUNT = "{% $states.context.Execution.RedriveCount %}"
# Before appends to the counter file at each call; a test makes the first call of Risky fail.
STATES = {
    "Before": {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"countIn": "{% $states.input.counter %}"}},
        "Assign": {"kept": "{% $states.input.kept %}"},
        "Output": {"from": "Before"},
        "Next": "Risky",
    },
    "Risky": {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "t-echo", "Payload": {"redriveCount": REDRIVE_COUNT}},
        "Assign": {"seen": "{% $states.result.Payload.event.redriveCount %}"},
        "Output": {"given": "{% $states.input.from %}"},
        "Next": "Done",
    },
    "Done": {
        "Type": "Succeed",
        "Output": {"given": "{% $states.input.given %}", "kept": "{% $kept %}", "seen": "{% $seen %}"},
    },
}
SLOW = {
    "Call": {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 1}},
        "Output": {"count": REDRIVE_COUNT},
        "End": True,
    },
}


def test_it_goes_on_at_the_state_that_failed_with_its_input_and_variables_and_repeats_nothing(
    sfn: Any, start: Start, finished: Finished, order_faults: Callable[..., None], tmp_path: Path
) -> None:
    order_faults(operation="Invoke", function="t-echo", fault="http_500")
    counter = tmp_path / "counter"
    arn = start(STATES, {"counter": str(counter), "kept": {"a": [1, None]}})
    assert finished(arn)["status"] == "FAILED"
    before = sfn.get_execution_history(executionArn=arn)["events"]

    redriven = sfn.redrive_execution(executionArn=arn)
    ended = finished(arn)
    assert json.loads(ended["output"]) == {"given": "Before", "kept": {"a": [1, None]}, "seen": 1}
    assert counter.read_text() == "x"
    assert (ended["redriveCount"], ended["redriveDate"]) == (1, redriven["redriveDate"])
    assert "error" not in ended

    events = sfn.get_execution_history(executionArn=arn)["events"]
    assert events[: len(before)] == before
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events[len(before) :]] == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "SucceedStateEntered",
        "SucceedStateExited",
        "ExecutionSucceeded",
    ]


def test_an_execution_that_was_aborted_while_its_function_worked_calls_it_again(
    sfn: Any, start: Start, finished: Finished, types_in: TypesIn
) -> None:
    arn = start(SLOW)
    eventually(lambda: "TaskStarted" in types_in(arn))
    sfn.stop_execution(executionArn=arn)
    sfn.redrive_execution(executionArn=arn)
    ended = finished(arn)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"count": 1})
    # The result of the first call arrives during the redriven attempt and must be ignored.
    assert types_in(arn).count("TaskSucceeded") == 1
