"""What limits a promise stands where the promise stands, with the numbers of the code."""

import pytest

from farsync.aws.run_store import MOST_HISTORIES
from farsync.closing.decision import DAILY_WINDOW, GIVE_UP_AFTER
from farsync.model.run import START_FUNCTION_SECONDS
from farsync.model.run_request import RunRequest
from farsync.operations.find_execution import CANDIDATES_NAMED
from farsync.polling.decision import WAIT_AFTER_DEADLINE_SECONDS
from sandbox.aws.template.yaml_document import load_document
from sandbox.huawei_dataarts.gateway import CLOCK_WINDOW_SECONDS
from sandbox.naver_dataflow.gateway import CLOCK_WINDOW_MILLISECONDS
from tests.support.markdown import ROOT, section

GUARANTEES = ROOT / "docs" / "guarantees.md"
EVENTS = ROOT / "docs" / "events.md"
TEMPLATE = load_document(ROOT / "template.yaml")
NUMBERS = {
    "window": RunRequest.model_fields["consistency_window_seconds"].default,
    "function": START_FUNCTION_SECONDS,
    "naver": CLOCK_WINDOW_MILLISECONDS // 60_000,
    "huawei": CLOCK_WINDOW_SECONDS // 60,
    "histories": MOST_HISTORIES,
    "late": {10: "ten"}[WAIT_AFTER_DEADLINE_SECONDS],
    "candidates": {10: "ten"}[CANDIDATES_NAMED],
    "grace": TEMPLATE["Parameters"]["GracePeriodSeconds"]["Default"],
    "unknown": {2: "two"}[GIVE_UP_AFTER.days],
    "receives": TEMPLATE["Resources"]["CloseQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"],
    "swept": DAILY_WINDOW.days,
}


@pytest.mark.parametrize(
    "limit",
    [
        "`consistencyWindowSeconds` ({window} if the request does not say) and the {function} seconds in which",
        "a signature is valid for {naver} (NAVER) or {huawei} minutes (Huawei), so that a post may be acted upon as",
        "with up to {candidates} candidates in the event",
        "the job's other runs {histories} are read at most",
        "the execution is canceled at each poll, every {late} seconds",
        "Without an end within `GracePeriodSeconds` ({grace})",
        "does not know** for {unknown} days after its run's end is given up",
        "received {receives} times",
        "A sweep sends the runs of the last {swept} days again",
        "An `execution.*` event overrules a `run.*` of the same run, whichever comes first",
        "after the redrive of a run whose `run.failed` was emitted",
        "where the reply to a SendMessage is lost and the queue then away for more than five minutes, one id stands on",
    ],
)
def test_what_limits_a_promise_is_said_with_it(limit: str) -> None:
    assert limit.format(**NUMBERS) in section(GUARANTEES, "Limits")


def test_a_consumer_learns_which_event_overrules_which_and_that_one_may_come_twice() -> None:
    advice = section(EVENTS, "What a consumer must do")
    assert "Let an `execution.*` event overrule a `run.*` event" in advice
    assert "SQS may deliver a message twice" in advice
