"""Each fault that the linter looks for, planted in a sound machine, is named."""

from pathlib import Path

import pytest

from tools.lint_state_machines import main
from tools.state_machine_rules.machine_rules import TRANSIENT_ERRORS_OF_LAMBDA
from tools.tests.planted_faults import CATCH, MACHINE, RETRY, TEMPLATE, TRANSIENT, Plant, planted


def test_a_sound_machine_gets_one_line(lint: Plant) -> None:
    assert lint() == (0, "run_job: clean (5 states, 5 transitions)\n")


def test_the_machines_of_this_repository_are_clean() -> None:
    assert main() == 0


@pytest.mark.parametrize(
    ("machine", "fault"),
    [
        (planted("    TimeoutSeconds: 31\n", ""), "Look: has no TimeoutSeconds"),
        (planted(RETRY, ""), "Look: has no Retry"),
        (
            planted("[AuthenticationFailed]", "[AuthenticationFailed, States.Timeout, Lambda.Unknown]"),
            "Start: is retried after Lambda.Unknown, States.Timeout; take it out, what is posted again may run twice",
        ),
        (MACHINE.replace("  Look:\n", "  Follow:\n").replace("Next: Look", "Next: Follow"), "Follow: is retried after"),
        (planted(CATCH, "    Next: Done\n"), "Look: has no Catch"),
        (
            planted("TimeoutSeconds: 31", "TimeoutSeconds: 30"),
            "Look: TimeoutSeconds 30 must be above the 30 s of Worker",
        ),
        (planted("    Next: Look\n", "    Next: Done\n"), "Look: cannot be reached from Start"),
        (planted("    Type: Succeed\n", "    Type: Success\n"), "States.Done.Type"),
        (planted("    Next: Look\n", "    Next: Nowhere\n"), "Nowhere"),
        (MACHINE.replace("${WorkFunction}", "${OtherFunction}"), "${OtherFunction}: is not given"),
        (MACHINE.replace("${WorkFunction}", "${OtherFunction}"), "${WorkFunction}: the template gives it"),
        ("- not a machine\n", "must be a mapping with StartAt and States"),
        ("States: [\n", "is not YAML"),
    ],
)
def test_a_planted_fault_is_named(lint: Plant, machine: str, fault: str) -> None:
    code, printed = lint(machine)

    assert code == 1
    assert f"run_job: {fault}" in printed or fault in printed
    assert "clean" not in printed


@pytest.mark.parametrize("error", TRANSIENT_ERRORS_OF_LAMBDA)
def test_a_transient_error_of_lambda_that_is_not_retried_is_named(lint: Plant, error: str) -> None:
    others = ", ".join(one for one in TRANSIENT_ERRORS_OF_LAMBDA if one != error)

    assert f"run_job: Look: is not retried after {error};" in lint(planted(TRANSIENT, others))[1]


@pytest.mark.parametrize(
    ("retriers", "is_named"),
    [
        ("[{ErrorEquals: [States.ALL]}]", False),
        ("[{ErrorEquals: [Lambda.Unknown], MaxAttempts: 0}, {ErrorEquals: [States.ALL]}]", True),
    ],
)
def test_the_first_retrier_that_names_an_error_decides(lint: Plant, retriers: str, is_named: bool) -> None:
    machine = planted(RETRY, f"    Retry: {retriers}\n")

    assert ("run_job: Look: is not retried after Lambda.Unknown;" in lint(machine)[1]) is is_named


def test_a_yaml_anchor_is_named_with_its_line(lint: Plant) -> None:
    anchored = planted(RETRY, RETRY.replace("[", "&transient ["))

    code, printed = lint(anchored)

    assert code == 1
    assert "line 28: &transient: CloudFormation reads no YAML anchors" in printed


def test_every_retry_is_wanted_of_a_start_in_any_other_machine(lint: Plant) -> None:
    template = planted("run_job.asl.yaml", "other.asl.yaml", TEMPLATE)

    assert (
        "other: Start: is not retried after Lambda.ClientExecutionTimeoutException"
        in (lint(template=template, name="other")[1])
    )


def test_states_inside_a_map_are_linted_too(lint: Plant) -> None:
    inner = "{Type: Task, Resource: 'arn:${Partition}:states:::sqs:sendMessage', End: true}"
    mapped = planted(
        "  Done:\n    Type: Succeed\n",
        "  Done:\n    Type: Map\n    End: true\n    ItemProcessor:\n"
        f"      StartAt: Inner\n      States:\n        Inner: {inner}\n",
    )

    assert "run_job: Inner: has no TimeoutSeconds" in lint(mapped)[1]


@pytest.mark.parametrize(
    ("catch", "is_named"), [("", True), (", Catch: [{ErrorEquals: [States.ALL], Next: Failed}]", False)]
)
def test_a_task_in_a_branch_is_caught_by_the_parallel_state_around_it(lint: Plant, catch: str, is_named: bool) -> None:
    inner = "{Type: Task, Resource: 'arn:${Partition}:states:::sqs:sendMessage', End: true}"
    parallel = planted(
        "  Done:\n    Type: Succeed\n",
        f"  Done: {{Type: Parallel, End: true, Branches: [{{StartAt: Inner, States: {{Inner: {inner}}}}}]{catch}}}\n",
    )

    assert ("run_job: Inner: has no Catch" in lint(parallel)[1]) is is_named


@pytest.mark.parametrize(("name", "is_named"), [("emit_event", False), ("run_job", True)])
def test_only_sending_an_event_may_fail_its_machine(lint: Plant, name: str, is_named: bool) -> None:
    machine = planted(CATCH, "    Next: Done\n").replace("  Look:\n", "  Send:\n").replace("Next: Look", "Next: Send")
    template = planted("run_job.asl.yaml", f"{name}.asl.yaml", TEMPLATE)

    assert (f"{name}: Send: has no Catch" in lint(machine, template, name)[1]) is is_named


def test_examples_are_linted_without_a_template(lint: Plant, tmp_path: Path) -> None:
    examples = tmp_path / "examples" / "state_machines"
    examples.mkdir(parents=True)
    (examples / "mine.asl.yaml").write_text("StartAt: A\nStates: {A: {Type: Pass, Next: B}}\n")

    code, printed = lint()

    assert code == 1
    assert "mine: " in printed
    assert "DefinitionUri" not in printed


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (planted("    Timeout: 30", "    Timeout: 60", TEMPLATE), "Start: TimeoutSeconds 40 must be above the 60 s"),
        (planted("app.handler", "app.handler\n      Timeout: 35", TEMPLATE), "above the 35 s of Worker"),
        (planted("!GetAtt Worker.Arn", "!Ref Machine", TEMPLATE), "Look: its FunctionName names no function"),
        (planted("run_job.asl.yaml", "gone.asl.yaml", TEMPLATE), "gone.asl.yaml: the template deploys it"),
        (planted("run_job.asl.yaml", "gone.asl.yaml", TEMPLATE), "has the DefinitionUri run_job.asl.yaml"),
    ],
)
def test_a_template_that_does_not_fit_is_named(lint: Plant, template: str, fault: str) -> None:
    code, printed = lint(template=template)

    assert code == 1
    assert fault in printed


def test_a_variable_that_hides_one_outside_of_a_map_is_named(lint: Plant) -> None:
    mapped = planted(
        "  Done:\n    Type: Succeed\n",
        "  Done:\n    Type: Map\n    Assign: { count: 0 }\n    End: true\n    ItemProcessor:\n"
        "      StartAt: Inner\n      States:\n        Inner: { Type: Pass, Assign: { count: 1 }, End: true }\n",
    )

    assert "run_job: Inner: assigns $count, which is a variable outside of the Map" in lint(mapped)[1]
