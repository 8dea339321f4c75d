"""A run that somebody redrives goes on where it was, and never starts its job again."""

import pytest

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually


def states_entered(history: list[dict[str, dict[str, str]]]) -> list[str]:
    return [event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event]


@pytest.mark.newest_dialects
def test_a_redriven_run_finds_before_it_posts(sandbox: Sandbox) -> None:
    job = sandbox.vendor.make_job()
    sandbox.vendor.add_fault(job, "start", "timeout_after", seconds=3)
    request = {"connection": sandbox.vendor.connection, "job": job, "cancelOnAbort": False}
    arn = sandbox.start("run_job", request)
    eventually(lambda: sandbox.vendor.truly_started(job))
    sandbox.step_functions.stop_execution(executionArn=arn)
    sandbox.step_functions.redrive_execution(executionArn=arn)
    ended = sandbox.wait_for(arn)
    assert ended.status == "SUCCEEDED", ended.output
    assert len(sandbox.vendor.truly_started(job)) == 1
    assert states_entered(ended.history)[:4] == ["Prepare", "Start", "Settle", "Find"]
