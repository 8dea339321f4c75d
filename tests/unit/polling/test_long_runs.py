"""Runs that get nowhere for a month stay within the 25,000 events that Step Functions keeps of an execution.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from farsync.model.run import Run
from farsync.model.run_request import LONGEST_RUN_SECONDS
from farsync.polling.pacing import consistency_wait_seconds, wait_before_a_search, wait_before_a_start
from tests.unit.models import NOON, a_run
from tools.states_language import ROOT

MOST_EVENTS = 25_000
WAIT, CHOICE, TASK = 2, 2, 5
"""Events of a state: a task is entered, scheduled, started, succeeded or failed, and exited."""
EVENTS_OF_A_RETRY = 3
SECONDS_OF_A_TASK = 0.1
"""As short as a call of a function may be."""
Round = tuple[int, float]
"""Events, and how long the run waits."""


def postponed(run: Run, now: datetime, dice: random.Random) -> Round:
    """StartLater, Prepare, Start, Decide: for a turn, or throttled for good."""
    asked = dice.choice([None, 0.5, 30.0, 86_400.0])
    return WAIT + TASK + TASK + CHOICE, wait_before_a_start(run, now, dice.random, asked) + 2 * SECONDS_OF_A_TASK


def undecided(run: Run, now: datetime, dice: random.Random) -> Round:
    """AwaitConsistency, Find, Decide."""
    asked = dice.choice([None, 1.0, 86_400.0])
    return WAIT + TASK + CHOICE, wait_before_a_search(run, now, dice.random, asked) + SECONDS_OF_A_TASK


def unconfirmed(run: Run, now: datetime, _: random.Random) -> Round:
    """Start, AwaitConsistency, Find, Decide."""
    return TASK + WAIT + TASK + CHOICE, consistency_wait_seconds(run, now) + 2 * SECONDS_OF_A_TASK


def any_of_them(run: Run, now: datetime, dice: random.Random) -> Round:
    return dice.choice([postponed, undecided, unconfirmed])(run, now, dice)


@pytest.mark.parametrize("go_round", [postponed, undecided, unconfirmed, any_of_them])
@pytest.mark.parametrize("changes", [{"waits_for": "another"}, {"consistency_window_seconds": 0}, {}], ids=str)
def test_a_month_of_rounds_does_not_fill_a_history(
    go_round: Callable[[Run, datetime, random.Random], Round], changes: dict[str, Any]
) -> None:
    run = a_run(deadline_at=NOON + timedelta(seconds=LONGEST_RUN_SECONDS), **changes)
    dice, now, events = random.Random(1), NOON, TASK + TASK + 2
    while now < run.deadline_at:
        events_of_round, seconds = go_round(run, now, dice)
        events += events_of_round
        now += timedelta(seconds=seconds)
    assert 1_000 < events < MOST_EVENTS


def read_retriers(state: str) -> list[dict[str, Any]]:
    machine = yaml.safe_load((ROOT / "statemachines" / "run_job.asl.yaml").read_text())
    retriers: list[dict[str, Any]] = machine["States"][state]["Retry"]
    return retriers


def retrying_seconds(retrier: dict[str, Any]) -> float:
    """How long it retries; the jitter halves each wait on average."""
    first, rate, longest = (float(retrier[name]) for name in ("IntervalSeconds", "BackoffRate", "MaxDelaySeconds"))
    return sum(min(first * rate**n, longest) for n in range(int(retrier["MaxAttempts"]))) / 2


@pytest.mark.parametrize(
    "error", ["Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown", "States.Timeout"]
)
@pytest.mark.parametrize("state", ["Prepare", "Find"])
def test_a_day_of_failures_of_lambda_fails_no_run_that_only_reads(state: str, error: str) -> None:
    retrier = next(retrier for retrier in read_retriers(state) if {error, "States.ALL"} & {*retrier["ErrorEquals"]})
    assert retrying_seconds(retrier) >= 86_400


def test_a_day_in_which_lambda_starts_no_function_fails_no_run_at_its_start() -> None:
    throttled, *_ = read_retriers("Start")
    assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert retrying_seconds(throttled) >= 86_400


@pytest.mark.parametrize("state", ["Prepare", "Start", "Find"])
def test_retries_leave_room_for_the_rest(state: str) -> None:
    assert sum(retrier["MaxAttempts"] * EVENTS_OF_A_RETRY for retrier in read_retriers(state)) < MOST_EVENTS / 10
