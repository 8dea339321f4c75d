"""Functions run as in Lambda: own processes, time-outs, crashes, kills, and a queue at the cap."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.aws.http_server import HttpRequest
from sandbox.aws.lambdas.host import LambdaHost
from sandbox.aws.lambdas.invoke_api import InvokeApi
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template import read_template
from tests.support.waiting import eventually

Invoke = Callable[..., tuple[Any, str | None]]
# Longer than a test may take: who answers earlier was killed.
LONG_SECONDS = 8


def test_a_function_that_overruns_its_timeout_is_killed(invoke: Invoke) -> None:
    before = invoke("t-TroubleFunction")[0]["process"]
    result, error = invoke("t-TroubleFunction", {"sleepSeconds": 30})
    assert (error, result["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert result["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert invoke("t-TroubleFunction")[0]["process"] != before


def test_a_process_that_exits_gives_an_exit_error_and_the_next_call_works(invoke: Invoke) -> None:
    result, error = invoke("t-TroubleFunction", {"exitStatus": 3})
    assert (error, result["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert result["errorMessage"].endswith("Runtime exited with error: exit status 3")
    assert invoke("t-TroubleFunction")[1] is None


def test_a_killed_call_ends_at_once_and_the_next_one_is_served(
    sandbox: dict[str, Any], invoke: Invoke, tmp_path: Path
) -> None:
    mark = tmp_path / "begun"
    with ThreadPoolExecutor(2) as caller:
        killed = caller.submit(invoke, "t-SingleFunction", {"countIn": str(mark), "sleepSeconds": LONG_SECONDS})
        eventually(mark.exists)
        waiting = caller.submit(invoke, "t-SingleFunction")
        begun = time.monotonic()
        url = f"{sandbox['endpoint']}/_sandbox/functions/SingleFunction/kill"
        assert requests.post(url, timeout=30).json() == {"killed": 1}
        result, error = killed.result()
    assert time.monotonic() - begun < LONG_SECONDS / 2
    assert (error, result["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert result["errorMessage"].endswith(" Error: Runtime exited with error: signal: killed")
    assert waiting.result()[1] is None


def test_reserved_concurrency_lowers_the_cap_and_further_calls_wait(invoke: Invoke) -> None:
    with ThreadPoolExecutor(4) as callers:
        results = list(callers.map(lambda _: invoke("t-SingleFunction", {"sleepSeconds": 0.05}), range(4)))
    assert len({result["process"] for result, _ in results}) == 1


@pytest.mark.parametrize(("kind", "most"), [("RequestResponse", 6_291_556), ("Event", 262_144)])
def test_a_payload_that_lambda_does_not_take_is_rejected(sandbox: dict[str, Any], kind: str, most: int) -> None:
    url = f"{sandbox['endpoint']}/2015-03-31/functions/t-echo/invocations"
    rejected = requests.post(url, f'"{"x" * (most - 1)}"', headers={"x-amz-invocation-type": kind}, timeout=30)
    assert (rejected.status_code, rejected.headers["x-amzn-ErrorType"]) == (413, "RequestTooLargeException")


def test_a_response_that_lambda_does_not_give_is_an_error_of_the_function(invoke: Invoke) -> None:
    result, error = invoke("t-echo", {"text": "x" * 6_291_530})
    assert (error, result["errorType"]) == ("Unhandled", "Function.ResponseSizeTooLarge")


def test_a_call_that_finds_no_free_process_in_time_is_throttled(fixtures: Path, tmp_path: Path) -> None:
    settings = AwsSettings(fixtures / "template.yaml", tmp_path, processes_per_function=0)
    template = read_template(settings.template, endpoint="http://127.0.0.1:1", stack_name="t", parameters={})
    host = LambdaHost(template.functions, settings, "http://127.0.0.1:1")
    reply = InvokeApi(host, wait_seconds=0.01).handle(HttpRequest("POST", "/"), "t-echo")
    assert reply.status == 429
    assert ("x-amzn-ErrorType", "TooManyRequestsException") in reply.headers
