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


def test_a_call_that_waited_for_its_turn_is_served_after_the_kill(
    invoke: Invoke, kill: Kill, caller: ThreadPoolExecutor, tmp_path: Path
) -> None:
    call = begun(caller, invoke, tmp_path / "begun")
    waiting = caller.submit(invoke, "t-SingleFunction")
    kill("t-SingleFunction")
    assert call.result()[1] == "Unhandled"
    assert waiting.result()[1] is None
