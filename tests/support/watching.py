"""Executions that are started outside of any run, and periods of watching."""

import time
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

LISTED_WITHIN_SECONDS = 6


def begin(sandbox: Sandbox, job: str, **more: object) -> str:
    """Starts the job outside of any run, and gives its execution."""
    request = {"connection": sandbox.emulator.connection, "job": job, **more}

    def unless_throttled() -> dict[str, Any] | None:
        answer = sandbox.invoke("trigger_execution", request)
        return answer if answer.get("errorType") != "Throttled" else None

    return str(eventually(unless_throttled)["execution"]["executionId"])


def wait_until_over(sandbox: Sandbox, job: str, executions: int) -> None:
    """And until a run that began the last of them would be listed."""
    asked_at = time.monotonic()
    words = {sandbox.emulator.succeeded_word, sandbox.emulator.failed_word}
    eventually(
        lambda: [started.status in words for started in sandbox.emulator.truly_started(job)] == [True] * executions
    )
    eventually(lambda: time.monotonic() > asked_at + LISTED_WITHIN_SECONDS)


def watch(sandbox: Sandbox, *jobs: str) -> dict[str, Any]:
    """What a period answers that watches these jobs."""
    return sandbox.invoke("watch_jobs", {"watch": [{"connection": sandbox.emulator.connection, "jobs": jobs}]})


def events_about(sandbox: Sandbox, *jobs: str) -> list[dict[str, Any]]:
    """All events about these jobs, once none is on its way to the queue."""
    running = {"stateMachineArn": sandbox.aws["stateMachines"]["emit_event"], "statusFilter": "RUNNING"}
    eventually(lambda: not sandbox.step_functions.list_executions(**running)["executions"])
    return [event for event in sandbox.receive_events() if event.get("data", {}).get("job") in jobs]
