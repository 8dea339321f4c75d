"""The States Language with JSONata, as AWS runs it and moto does not."""

from collections.abc import Callable
from typing import Any

import pytest

INVOKE = "arn:aws:states:::lambda:invoke"
Run = Callable[..., dict[str, Any]]
TaskStates = Callable[..., dict[str, Any]]


def test_a_task_that_takes_longer_than_its_timeout_ends_in_states_timeout(run: Run, task_states: TaskStates) -> None:
    arguments = {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 2}}
    ended = run(task_states(INVOKE, arguments, TimeoutSeconds=1))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")


def test_output_sees_the_variables_as_they_were_when_the_state_was_entered(run: Run) -> None:
    counted = {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Output": {"before": "{% $n %}"}, "Next": "Third"}
    states = {
        "First": {"Type": "Pass", "Assign": {"n": 1}, "Next": "Second"},
        "Second": counted,
        "Third": {"Type": "Succeed", "Output": {"before": "{% $states.input.before %}", "after": "{% $n %}"}},
    }
    assert run(states)["output"] == {"before": 1, "after": 2}


def test_variables_keep_texts_with_quotes_and_nulls(run: Run) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"text": "{% $states.input.text %}", "nothing": None}, "Next": "Get"},
        "Get": {"Type": "Succeed", "Output": {"text": "{% $text %}", "nothing": "{% $nothing %}"}},
    }
    text = 'a "quoted"\nline \\ of {% text %}'
    assert run(states, {"text": text})["output"] == {"text": text, "nothing": None}


def test_a_condition_that_is_undefined_is_an_error_and_never_the_default(run: Run) -> None:
    choices = [{"Condition": "{% $states.input.missing %}", "Next": "Done"}]
    states = {"Which": {"Type": "Choice", "Choices": choices, "Default": "Done"}, "Done": {"Type": "Succeed"}}
    ended = run(states)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.QueryEvaluationError")


@pytest.mark.parametrize("field", ["Arguments", "Output", "Assign"])
def test_a_failing_expression_of_a_task_can_be_caught(run: Run, field: str) -> None:
    call: dict[str, Any] = {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": "t-echo", "Payload": {}},
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Caught"}],
        "Next": "Missed",
    }
    broken = "{% $states.input.missing.really %}"
    call[field] = {"FunctionName": "t-echo", "Payload": broken} if field == "Arguments" else {"x": broken}
    ended = run({"Call": call, "Missed": {"Type": "Fail"}, "Caught": {"Type": "Succeed", "Output": "caught"}})
    assert ended["output"] == "caught"


def test_states_all_does_not_catch_states_runtime(run: Run, task_states: TaskStates) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    states = task_states("arn:aws:states:::aws-sdk:sfn:noSuchAction", {}, Catch=catch)
    ended = run(states | {"Caught": {"Type": "Succeed"}})
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")


TWICE = {"Only": {"Type": "Pass", "Output": {"a": "{% $states.input %}", "b": "{% $states.input %}"}, "End": True}}
LARGEST = (262_144 - len('{"a":"","b":""}')) // 2


@pytest.mark.parametrize("text", ["x" * LARGEST, "월" * (LARGEST // 3)], ids=["ascii", "hangul"])
def test_a_state_holds_262144_bytes_and_no_more(run: Run, text: str) -> None:
    assert run(TWICE, text)["status"] == "SUCCEEDED"
    ended = run(TWICE, text + text[:3])
    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_a_task_is_not_scheduled_with_more_than_a_state_holds(run: Run, task_states: TaskStates) -> None:
    # As text, each of the quotes has a backslash before it.
    body = {"QueueUrl": "http://localhost/q", "MessageBody": "{% $string([$states.input]) %}"}
    ended = run(task_states("arn:aws:states:::sqs:sendMessage", body), '"' * 90_000)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")
