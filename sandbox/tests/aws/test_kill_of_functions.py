"""POST /_sandbox/functions/<name>/kill: every process of a function dies now, also in the midst of its work."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.waiting import eventually

Invoke = Callable[..., tuple[Any, str | None]]
Kill = Callable[[str], Any]
# Longer than a test may take: who answers earlier was killed.
LONG_SECONDS = 8


@pytest.fixture
def kill(sandbox: dict[str, Any]) -> Kill:
    return lambda name: requests.post(f"{sandbox['endpoint']}/_sandbox/functions/{name}/kill", timeout=30)


@pytest.fixture
def caller() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as callers:
        yield callers


def begun(caller: ThreadPoolExecutor, invoke: Invoke, mark: Path) -> "Future[tuple[Any, str | None]]":
    """A call that is at work and will be for long."""
    call = caller.submit(invoke, "t-SingleFunction", {"countIn": str(mark), "sleepSeconds": LONG_SECONDS})
    eventually(mark.exists)
    return call


def test_a_call_in_the_midst_of_its_work_ends_as_when_a_runtime_of_aws_is_killed(
    invoke: Invoke, kill: Kill, caller: ThreadPoolExecutor, tmp_path: Path
) -> None:
    call = begun(caller, invoke, tmp_path / "begun")
    started = time.monotonic()
    assert kill("t-SingleFunction").json() == {"killed": 1}
    result, error = call.result()
    assert time.monotonic() - started < LONG_SECONDS / 2
    assert (error, result["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert result["errorMessage"].startswith("RequestId: ")
    assert result["errorMessage"].endswith(" Error: Runtime exited with error: signal: killed")


def test_the_call_after_a_kill_is_served_by_a_fresh_process(invoke: Invoke, kill: Kill) -> None:
    before = invoke("t-echo")[0]["process"]
    assert kill("t-echo").json()["killed"] >= 1
    result, error = invoke("t-echo")
    assert error is None
    assert result["process"] != before


def test_a_call_that_waited_for_its_turn_is_served_after_the_kill(
    invoke: Invoke, kill: Kill, caller: ThreadPoolExecutor, tmp_path: Path
) -> None:
    call = begun(caller, invoke, tmp_path / "begun")
    waiting = caller.submit(invoke, "t-SingleFunction")
    kill("t-SingleFunction")
    assert call.result()[1] == "Unhandled"
    assert waiting.result()[1] is None


def test_a_killed_function_fails_its_state_by_the_name_that_aws_gives(
    run: Callable[..., dict[str, Any]],
    task_states: Callable[..., dict[str, Any]],
    kill: Kill,
    caller: ThreadPoolExecutor,
    tmp_path: Path,
) -> None:
    mark = tmp_path / "begun"
    payload = {"countIn": str(mark), "sleepSeconds": LONG_SECONDS}
    arguments = {"FunctionName": "t-SingleFunction", "Payload": payload}
    execution = caller.submit(run, task_states("arn:aws:states:::lambda:invoke", arguments))
    eventually(mark.exists)
    kill("t-SingleFunction")
    ended = execution.result()
    assert (ended["status"], ended["error"]) == ("FAILED", "Runtime.ExitError")


def test_dead_processes_are_not_killed_again(kill: Kill) -> None:
    kill("t-SingleFunction")
    assert kill("t-SingleFunction").json() == {"killed": 0}


def test_a_function_is_killed_by_its_logical_id_too(invoke: Invoke, kill: Kill) -> None:
    invoke("t-SingleFunction")
    assert kill("SingleFunction").json() == {"killed": 1}


def test_an_unknown_function_is_rejected_with_the_names_of_those_that_are_there(kill: Kill) -> None:
    reply = kill("nobody")
    assert reply.status_code == 404
    assert "nobody" in reply.json()["message"]
    assert "t-echo" in reply.json()["message"]
