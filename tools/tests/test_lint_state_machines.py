"""Each fault that the linter knows, planted in a sound machine, is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.lint_state_machines import main
from tools.state_machine_rules.machine_rules import TRANSIENT_ERRORS_OF_LAMBDA

TRANSIENT = ", ".join(TRANSIENT_ERRORS_OF_LAMBDA)
RETRY = f"    Retry: [{{ErrorEquals: [{TRANSIENT}]}}]\n"
CATCH = "    Catch: [{ErrorEquals: [States.ALL], Next: Failed}]\n"
INVOKE = """\
    Type: Task
    Resource: arn:${Partition}:states:::lambda:invoke
    Arguments: {FunctionName: "${WorkFunction}"}
"""
MACHINE = f"""\
QueryLanguage: JSONata
StartAt: Start
States:
  Start:
{INVOKE}    TimeoutSeconds: 40
    Retry: [{{ErrorEquals: [Lambda.TooManyRequestsException]}}, {{ErrorEquals: [AuthenticationFailed]}}]
{CATCH}    Next: Pause
  Pause: {{Type: Wait, Seconds: "{{% $waitSeconds %}}", Next: Poll}}
  Poll:
{INVOKE}    TimeoutSeconds: 31
{RETRY}{CATCH}    Next: Done
  Done: {{Type: Succeed}}
  Failed: {{Type: Fail}}
"""
TEMPLATE = """\
Globals:
  Function:
    Timeout: 30
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: statemachines/run_job.asl.yaml
      DefinitionSubstitutions:
        Partition: !Ref AWS::Partition
        WorkFunction: !GetAtt Worker.Arn
"""
SEND = "{Type: Task, Resource: 'arn:${Partition}:states:::sqs:sendMessage', End: true}"
IN_A_MAP = "Type: Map, End: true, Assign: {count: 0}, ItemProcessor: {StartAt: Inner, States: {Inner: %s}}"
IN_A_BRANCH = "Type: Parallel, End: true, Branches: [{StartAt: Inner, States: {Inner: %s}}]"

Lint = Callable[..., tuple[int, str]]


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Lints a folder with a machine and its template; the exit code and what was printed."""

    def run(machine: str = MACHINE, template: str = TEMPLATE, name: str = "run_job") -> tuple[int, str]:
        (tmp_path / "template.yaml").write_text(template)
        folder = tmp_path / "statemachines"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.asl.yaml").write_text(machine)
        return main(tmp_path), capsys.readouterr().out

    return run


def planted(old: str, new: str, text: str = MACHINE) -> str:
    assert text.count(old) >= 1
    return new.join(text.rsplit(old, 1))


def with_output(expression: str) -> str:
    return planted("Type: Succeed", f'Type: Succeed, Output: "{{% {expression} %}}"')


def test_a_sound_machine_gets_one_line(lint: Lint) -> None:
    assert lint() == (0, "run_job: clean (5 states, 5 transitions)\n")


def test_the_machines_of_this_repository_are_clean() -> None:
    assert main() == 0


@pytest.mark.parametrize(
    ("machine", "fault"),
    [
        (planted("    TimeoutSeconds: 31\n", ""), "Poll: has no TimeoutSeconds"),
        (planted(RETRY, ""), "Poll: has no Retry"),
        (
            planted("[AuthenticationFailed]", "[AuthenticationFailed, States.Timeout, Lambda.Unknown]"),
            "Start: is retried after Lambda.Unknown, States.Timeout; take it out, what is posted again may run twice",
        ),
        (MACHINE.replace("Poll", "Follow"), "Follow: is retried after"),
        (planted(TRANSIENT, TRANSIENT.replace("Lambda.Unknown, ", "")), "Poll: is not retried after Lambda.Unknown;"),
        (
            planted(
                RETRY, "    Retry: [{ErrorEquals: [Lambda.Unknown], MaxAttempts: 0}, {ErrorEquals: [States.ALL]}]\n"
            ),
            "Poll: is not retried after Lambda.Unknown;",
        ),
        (planted(CATCH, ""), "Poll: has no Catch"),
        (
            planted("TimeoutSeconds: 31", "TimeoutSeconds: 30"),
            "Poll: TimeoutSeconds 30 must be above the 30 s of Worker",
        ),
        (planted("Next: Poll", "Next: Done"), "No transition found to state State Machine.Poll"),
        (planted("Type: Succeed", "Type: Success"), "States.Done.Type"),
        (planted("[Lambda.Client", "&transient [Lambda.Client"), "transient: CloudFormation reads no YAML anchors"),
        (planted("Type: Succeed", IN_A_MAP % SEND), "Inner: has no TimeoutSeconds"),
        (planted("Type: Succeed", IN_A_BRANCH % SEND), "Inner: has no Catch"),
        (
            planted("Type: Succeed", IN_A_MAP % "{Type: Pass, Assign: {count: 1}, End: true}"),
            "Inner: assigns $count, which is a variable outside of the Map",
        ),
        (MACHINE.replace("${WorkFunction}", "${OtherFunction}"), "${OtherFunction}: is not given"),
        (MACHINE.replace("${WorkFunction}", "${OtherFunction}"), "${WorkFunction}: the template gives it"),
        (planted("${Partition}", "aws"), "line 15: names a partition of AWS; write arn:${Partition}:"),
        (MACHINE + "# a line more\n" * 250, "lines, and may have 250; move decisions to Python"),
        (MACHINE + "".join(f"  Step{n}: {{Type: Succeed}}\n" for n in range(8)), "has 13 states, and may have 12"),
        (with_output("$parse($cause).errorMessage"), "parses; do so in Python"),
        (with_output("$match ($cause, 'a')"), "parses; do so in Python"),
        (with_output("$contains($cause, /a/)"), "parses; do so in Python"),
        ("- not a machine\n", "must be a mapping with StartAt and States"),
        ("States: [\n", "is not YAML"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) and not value.startswith("QueryLanguage") else "machine",
)
def test_a_planted_fault_is_named(lint: Lint, machine: str, fault: str) -> None:
    code, printed = lint(machine)

    assert code == 1
    assert fault in printed
    assert "clean" not in printed


@pytest.mark.parametrize(
    "machine",
    [
        planted(RETRY, "    Retry: [{ErrorEquals: [States.ALL]}]\n"),
        with_output("($a - $millis() / 1000) / $parsed"),
    ],
    ids=["States.ALL retries everything", "a division is no regular expression"],
)
def test_a_sound_variant_is_clean(lint: Lint, machine: str) -> None:
    assert lint(machine)[0] == 0


def test_a_task_in_a_branch_is_caught_by_the_parallel_state_around_it(lint: Lint) -> None:
    caught = f"{IN_A_BRANCH % SEND}, Catch: [{{ErrorEquals: [States.ALL], Next: Failed}}]"

    assert "Inner: has no Catch" not in lint(planted("Type: Succeed", caught))[1]


@pytest.mark.parametrize(("name", "is_named"), [("emit_event", False), ("run_job", True)])
def test_only_sending_an_event_may_fail_its_machine(lint: Lint, name: str, is_named: bool) -> None:
    machine = planted(CATCH, "").replace("Poll", "Send")
    template = planted("run_job.asl.yaml", f"{name}.asl.yaml", TEMPLATE)

    assert (f"{name}: Send: has no Catch" in lint(machine, template, name)[1]) is is_named


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    Timeout: 30", "    Timeout: 60", "Start: TimeoutSeconds 40 must be above the 60 s"),
        ("app.handler", "app.handler\n      Timeout: 35", "above the 35 s of Worker"),
        ("!GetAtt Worker.Arn", "!Ref Machine", "Poll: its FunctionName names no function"),
        ("run_job.asl.yaml", "gone.asl.yaml", "gone.asl.yaml: the template deploys it"),
        ("run_job.asl.yaml", "gone.asl.yaml", "has the DefinitionUri run_job.asl.yaml"),
    ],
)
def test_a_template_that_does_not_fit_is_named(lint: Lint, old: str, new: str, fault: str) -> None:
    code, printed = lint(template=planted(old, new, TEMPLATE))

    assert code == 1
    assert fault in printed
