"""Many closings at once: by the clock of a simulation, with the code that is deployed and AWS's quotas."""

from collections.abc import Iterator

import pytest

from benchmarks.closing.__main__ import RUNS, SCENES
from benchmarks.closing.simulation import READS, close_all
from farsync.runtime.observability import logger
from sandbox.aws.quotas import Quota

SCARCE = {read: Quota(bucket=5, refill=1) for read in READS}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    level = logger.log_level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)


def test_a_thousand_aborts_at_once_are_closed_within_ten_minutes_and_the_quotas() -> None:
    a_thousand = close_all(SCENES["followed"].runs(RUNS), concurrency=2)
    assert (a_thousand.closed, a_thousand.events) == (RUNS, RUNS)
    assert a_thousand.seconds < 600
    assert not a_thousand.throttled
    assert a_thousand.receives == 2 * RUNS
    assert a_thousand.calls["GetExecutionHistory"] + a_thousand.calls["DescribeExecution"] == 4 * RUNS
    assert not a_thousand.calls["ListExecutions"]


def test_many_failures_at_once_ask_the_provider_nothing_and_aws_once_each() -> None:
    closed = close_all(SCENES["failed"].runs(500), concurrency=2)
    assert (closed.closed, closed.receives, closed.provider_calls, closed.events) == (500, 500, 0, 0)
    assert closed.calls.total() - closed.throttled.total() == 500


def test_starts_that_were_lost_are_searched_for_within_the_quotas_of_lists() -> None:
    closed = close_all(SCENES["unconfirmed"].runs(150), concurrency=2)
    assert (closed.closed, closed.events) == (150, 150)
    assert closed.calls["ListExecutions"]
    assert not closed.throttled


@pytest.mark.parametrize("concurrency", [2, 50])
def test_where_reads_are_throttled_closings_come_back_later_and_in_the_end_all_are_closed(concurrency: int) -> None:
    """A read a second: none is lost, none is a dead letter, and nobody asks in a hot loop."""
    closed = close_all(SCENES["followed"].runs(60), concurrency=concurrency, lowered=SCARCE)
    assert (closed.closed, closed.events) == (60, 60)
    assert closed.throttled
    assert closed.most_receives < 40
    reads_needed = 2 * 60
    assert closed.seconds < 10 * reads_needed
    assert sum(closed.throttled.values()) < 10 * closed.receives
