"""The States Language with JSONata, as AWS runs it."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

INVOKE = "arn:aws:states:::lambda:invoke"
START = "arn:aws:states:::states:startExecution"
START_SYNC = "arn:aws:states:::states:startExecution.sync:2"
Run = Callable[..., dict[str, Any]]
TaskStates = Callable[..., dict[str, Any]]


def output_of(run: Run, expression: str, given: Any = None) -> Any:
    ended = run({"Only": {"Type": "Pass", "Output": {"value": expression}, "End": True}}, given)
    assert ended["status"] == "SUCCEEDED", ended
    return ended["output"]["value"]


def test_a_task_hands_its_payload_to_the_function_and_takes_its_result(run: Run, task_states: TaskStates) -> None:
    states = task_states(
        INVOKE,
        {"FunctionName": "t-echo", "Payload": {"name": "{% $states.input.name %}"}},
        Output="{% $states.result.Payload.event %}",
    )
    assert run(states, {"name": '월말 "보고"'})["output"] == {"name": '월말 "보고"'}


def test_a_task_that_takes_longer_than_its_timeout_ends_in_states_timeout(run: Run, task_states: TaskStates) -> None:
    arguments = {"FunctionName": "t-SingleFunction", "Payload": {"sleepSeconds": 2}}
    ended = run(task_states(INVOKE, arguments, TimeoutSeconds=1))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")


def test_a_functions_error_is_caught_by_its_class_name_with_assign_and_output(run: Run) -> None:
    states = {
        "Call": {
            "Type": "Task",
            "Resource": INVOKE,
            "Arguments": {"FunctionName": "t-TroubleFunction", "Payload": {"raise": True}},
            "Catch": [
                {
                    "ErrorEquals": ["JobNotFound"],
                    "Assign": {"lastError": "{% $states.errorOutput.Error %}"},
                    "Output": {"told": "{% $parse($states.errorOutput.Cause).errorMessage %}"},
                    "Next": "After",
                }
            ],
            "End": True,
        },
        "After": {
            "Type": "Succeed",
            "Output": {"name": "{% $lastError %}", "told": "{% $states.input.told %}"},
        },
    }
    assert run(states)["output"] == {"name": "JobNotFound", "told": "there is no job 7"}


def test_a_retry_with_jitter_and_a_cap_calls_again(
    run: Run, task_states: TaskStates, order_faults: Callable[..., None]
) -> None:
    order_faults(operation="Invoke", function="t-echo", fault="http_429", times=2)
    retry = {
        "ErrorEquals": ["Lambda.TooManyRequestsException"],
        "IntervalSeconds": 1,
        "BackoffRate": 2.0,
        "MaxAttempts": 3,
        "MaxDelaySeconds": 2,
        "JitterStrategy": "FULL",
    }
    ended = run(task_states(INVOKE, {"FunctionName": "t-echo"}, Retry=[retry]))
    assert ended["status"] == "SUCCEEDED"


def test_a_wait_takes_the_seconds_that_an_expression_gives_divided_by_the_speed(run: Run) -> None:
    started = time.monotonic()
    states = {
        "Pause": {"Type": "Wait", "Seconds": "{% $states.input.seconds %}", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }
    assert run(states, {"seconds": 12})["status"] == "SUCCEEDED"
    assert 1.2 <= time.monotonic() - started < 9


def test_a_fail_state_composes_its_error_and_cause(run: Run) -> None:
    states = {"Bad": {"Type": "Fail", "Error": "{% $states.input.name %}", "Cause": "{% $string($states.input) %}"}}
    ended = run(states, {"name": "JobNotFound"})
    assert (ended["error"], json.loads(ended["cause"])) == ("JobNotFound", {"name": "JobNotFound"})


def test_output_sees_the_variables_as_they_were_when_the_state_was_entered(run: Run) -> None:
    states = {
        "First": {"Type": "Pass", "Assign": {"count": 1}, "Next": "Second"},
        "Second": {
            "Type": "Pass",
            "Assign": {"count": "{% $count + 1 %}"},
            "Output": {"before": "{% $count %}"},
            "Next": "Third",
        },
        "Third": {
            "Type": "Succeed",
            "Output": {"before": "{% $states.input.before %}", "after": "{% $count %}"},
        },
    }
    assert run(states)["output"] == {"before": 1, "after": 2}


def test_variables_keep_texts_with_quotes_and_nulls(run: Run) -> None:
    states = {
        "Set": {
            "Type": "Pass",
            "Assign": {"text": "{% $states.input.text %}", "nothing": None},
            "Next": "Get",
        },
        "Get": {"Type": "Succeed", "Output": {"text": "{% $text %}", "nothing": "{% $nothing %}"}},
    }
    text = 'a "quoted"\nline \\ of {% text %}'
    assert run(states, {"text": text})["output"] == {"text": text, "nothing": None}


def test_a_choice_without_match_and_default_fails_by_its_name(run: Run) -> None:
    states = {
        "Which": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "Done"}]},
        "Done": {"Type": "Succeed"},
    }
    ended = run(states)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.NoChoiceMatched")


@pytest.mark.parametrize("condition", ["{% $states.input.missing %}", "{% $nobody %}", "{% 1 %}"])
def test_a_condition_that_gives_no_boolean_is_an_error_and_never_the_default(run: Run, condition: str) -> None:
    states = {
        "Which": {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "Done"}], "Default": "Done"},
        "Done": {"Type": "Succeed"},
    }
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


def test_the_context_object_knows_the_execution(run: Run) -> None:
    context = output_of(run, "{% $states.context.Execution %}", {"a": 1})
    assert context["Input"] == {"a": 1}
    assert context["RedriveCount"] == 0
    assert context["Id"].endswith(context["Name"])
    assert context["StartTime"].endswith("Z")
    assert output_of(run, "{% $toMillis($states.context.Execution.StartTime) > 1.6e12 %}")


def test_a_child_that_is_waited_for_gives_its_output_parsed(
    run: Run, machine: Callable[..., str], task_states: TaskStates
) -> None:
    child = machine({"Only": {"Type": "Succeed", "Output": {"rows": "{% $states.input.rows %}"}}})
    arguments = {"StateMachineArn": child, "Name": "child-1", "Input": {"rows": 3}}
    ended = run(task_states(START_SYNC, arguments))
    assert ended["output"]["Output"] == {"rows": 3}
    assert ended["output"]["Status"] == "SUCCEEDED"
    assert isinstance(ended["output"]["StartDate"], int)


def test_a_child_that_fails_is_a_failed_task_with_the_childs_description_as_cause(
    run: Run, machine: Callable[..., str], task_states: TaskStates
) -> None:
    child = machine({"Bad": {"Type": "Fail", "Error": "JobNotFound", "Cause": "there is none"}})
    ended = run(task_states(START_SYNC, {"StateMachineArn": child, "Input": {}}))
    assert ended["error"] == "States.TaskFailed"
    cause = json.loads(ended["cause"])
    assert (cause["Error"], cause["Cause"], cause["Status"]) == ("JobNotFound", "there is none", "FAILED")


def test_a_name_that_was_used_before_is_rejected_by_its_own_error(
    run: Run, machine: Callable[..., str], task_states: TaskStates
) -> None:
    child = machine({"Only": {"Type": "Succeed"}})
    states = task_states(START, {"StateMachineArn": child, "Name": "once", "Input": {}})
    assert run(states)["status"] == "SUCCEEDED"
    states = task_states(START, {"StateMachineArn": child, "Name": "once", "Input": {"other": 1}})
    assert run(states)["error"] == "StepFunctions.ExecutionAlreadyExistsException"


def test_an_sdk_integration_speaks_in_pascal_case_and_iso_times(
    run: Run, sfn: Any, machine: Callable[..., str], task_states: TaskStates
) -> None:
    arn = sfn.start_execution(stateMachineArn=machine({"Only": {"Type": "Succeed"}}))["executionArn"]
    described = run(task_states("arn:aws:states:::aws-sdk:sfn:describeExecution", {"ExecutionArn": arn}))
    assert described["output"]["ExecutionArn"] == arn
    assert described["output"]["StartDate"].endswith("Z")


def test_fifty_parallel_flows_of_two_functions_a_wait_and_a_queue_all_succeed(
    sfn: Any, sandbox: dict[str, Any], finished: Callable[[str], dict[str, Any]]
) -> None:
    flow = sandbox["stateMachines"]["flow"]
    arns = [
        sfn.start_execution(stateMachineArn=flow, name=f"many-{number}", input="{}")["executionArn"]
        for number in range(50)
    ]
    assert {finished(arn)["status"] for arn in arns} == {"SUCCEEDED"}
