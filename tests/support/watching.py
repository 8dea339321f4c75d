"""Executions that are started outside of any run, and periods of watching."""

import json
import time
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

LISTED_WITHIN_SECONDS = 6


def begin(sandbox: Sandbox, job: str, **more: object) -> str:
    """Starts the job outside of any run, and gives its execution."""
    request = json.dumps({"connection": sandbox.emulator.connection, "job": job, **more})

    def unless_throttled() -> str | None:
        reply = sandbox.functions.invoke(FunctionName="farsync-trigger_execution", Payload=request)
        answer = json.loads(reply["Payload"].read())
        if answer.get("errorType") == "Throttled":
            return None
        assert "FunctionError" not in reply, answer
        return str(answer["execution"]["executionId"])

    return eventually(unless_throttled)


def wait_until_over(sandbox: Sandbox, job: str, executions: int) -> None:
    """And until a run that began the last of them would be listed."""
    asked_at = time.monotonic()
    words = {sandbox.emulator.succeeded_word, sandbox.emulator.failed_word}
    eventually(lambda: [one.status in words for one in sandbox.emulator.truly_started(job)] == [True] * executions)
    eventually(lambda: time.monotonic() > asked_at + LISTED_WITHIN_SECONDS)


def watch(sandbox: Sandbox, *jobs_of_connections: dict[str, Any]) -> dict[str, Any]:
    """What a period answers; where it fails, its error."""
    asked = json.dumps({"watch": jobs_of_connections})
    reply = sandbox.functions.invoke(FunctionName="farsync-watch_jobs", Payload=asked)
    answer: dict[str, Any] = json.loads(reply["Payload"].read())
    return answer


def told_of(sandbox: Sandbox, *jobs: str) -> list[dict[str, Any]]:
    """All events about these jobs, once none is on its way to the queue."""
    running = {"stateMachineArn": sandbox.aws["stateMachines"]["emit_event"], "statusFilter": "RUNNING"}
    eventually(lambda: not sandbox.step_functions.list_executions(**running)["executions"])
    return [event for event in sandbox.receive_events() if event["data"]["job"] in jobs]
