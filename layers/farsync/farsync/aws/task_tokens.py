"""Task tokens: a state of `run_job` that waits is kept waiting, succeeds or fails."""

from farsync.aws_requests import AwsRequestFailed
from farsync.environment import Environment

TASK_IS_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist"})


class TaskIsOver(AwsRequestFailed):
    """No state waits under the token any more: the run has ended, or waits under a newer one."""


def heartbeat(environment: Environment, token: str) -> None:
    """Raises TaskIsOver, and AwsRequestFailed for every other failure, as all calls here do."""
    _send(environment, "SendTaskHeartbeat", {"taskToken": token})


def succeed(environment: Environment, token: str, output: str) -> None:
    """`output` is JSON, at most 262,144 bytes of it."""
    _send(environment, "SendTaskSuccess", {"taskToken": token, "output": output})


def fail(environment: Environment, token: str, error: str, cause: str) -> None:
    """`error` has at most 256 characters, `cause` at most 32,768."""
    _send(environment, "SendTaskFailure", {"taskToken": token, "error": error, "cause": cause})


def _send(environment: Environment, action: str, payload: dict[str, object]) -> None:
    try:
        environment.aws.call("states", action, payload)
    except AwsRequestFailed as failure:
        if failure.code in TASK_IS_OVER:
            raise TaskIsOver(failure.code, "the task no longer waits", 400) from failure
        raise
