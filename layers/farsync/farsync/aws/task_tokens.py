"""Task tokens: a state of `run_job` that waits is kept waiting, succeeds or fails."""

from farsync.aws.client import AwsRequestFailed, Stack

TASK_IS_OVER = frozenset({"TaskTimedOut", "TaskDoesNotExist"})


class TaskIsOver(AwsRequestFailed, http_status=502):
    """No state waits under the token any more: the run has ended, or waits under a newer one."""


def heartbeat(stack: Stack, token: str) -> None:
    """Raises TaskIsOver, and AwsRequestFailed for every other failure, as all calls here do."""
    _send(stack, "SendTaskHeartbeat", {"taskToken": token})


def succeed(stack: Stack, token: str, output: str) -> None:
    """`output` is JSON, at most 262,144 bytes of it."""
    _send(stack, "SendTaskSuccess", {"taskToken": token, "output": output})


def fail(stack: Stack, token: str, error: str, cause: str) -> None:
    """`error` has at most 256 characters, `cause` at most 32,768."""
    _send(stack, "SendTaskFailure", {"taskToken": token, "error": error, "cause": cause})


def _send(stack: Stack, action: str, payload: dict[str, object]) -> None:
    try:
        stack.aws.call("states", action, payload)
    except AwsRequestFailed as failure:
        if failure.code in TASK_IS_OVER:
            raise TaskIsOver(failure.code, "the task no longer waits", 400) from failure
        raise
