"""A sound machine and its template, in which the tests of the linter plant faults."""

from collections.abc import Callable

from tools.state_machine_rules.machine_rules import TRANSIENT_ERRORS_OF_LAMBDA

TRANSIENT = ", ".join(TRANSIENT_ERRORS_OF_LAMBDA)
MACHINE = f"""\
QueryLanguage: JSONata
StartAt: Start
States:
  Start:
    Type: Task
    Resource: arn:${{Partition}}:states:::lambda:invoke
    TimeoutSeconds: 40
    Arguments:
      FunctionName: ${{WorkFunction}}
    Retry:
      - ErrorEquals: [Lambda.TooManyRequestsException]
      - ErrorEquals: [AuthenticationFailed]
    Catch:
      - ErrorEquals: [States.ALL]
        Next: Failed
    Next: Pause
  Pause:
    Type: Wait
    Seconds: "{{% $waitSeconds %}}"
    Next: Look
  Look:
    Type: Task
    Resource: arn:${{Partition}}:states:::lambda:invoke
    TimeoutSeconds: 31
    Arguments:
      FunctionName: ${{WorkFunction}}
    Retry:
      - ErrorEquals: [{TRANSIENT}]
    Catch:
      - ErrorEquals: [States.ALL]
        Next: Failed
    Next: Done
  Done:
    Type: Succeed
  Failed:
    Type: Fail
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

RETRY = f"""\
    Retry:
      - ErrorEquals: [{TRANSIENT}]
"""
CATCH = """\
    Catch:
      - ErrorEquals: [States.ALL]
        Next: Failed
    Next: Done
"""

Plant = Callable[..., tuple[int, str]]


def planted(old: str, new: str, text: str = MACHINE) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)
