"""Runs that get nowhere for a month stay within the 25,000 events that Step Functions keeps of an execution.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from farsync.model.run import Run
from farsync.model.run_request import LONGEST_RUN_SECONDS
from farsync.polling.pacing import consistency_wait_seconds, wait_before_a_search, wait_before_a_start
from tools.states_language import ROOT

MOST_EVENTS = 25_000
BEGAN_AT = datetime(2026, 11, 1, tzinfo=UTC)
TASK = 5
"""Entered, scheduled, started, succeeded or failed, exited."""
CHOICE = 2
WAIT = 2
SECONDS_OF_A_TASK = 0.1
"""As short as a call of a function may be."""
RETRIED = 3
"""Scheduled, started and failed, for each retry."""


def run_of(**changes: Any) -> Run:
    """As `prepare` makes one with the longest time-out."""
    return Run(
        started_at=BEGAN_AT,
        deadline_at=BEGAN_AT + timedelta(seconds=LONGEST_RUN_SECONDS),
        connection="default",
        provider="naver",
        job="a-job",
        **changes,
    )


def events_of(rounds: Iterator[tuple[int, float]], run: Run, now: list[datetime]) -> int:
    """Of all rounds until the deadline; each tells its events and how long it waits."""
    events = TASK + TASK + 2
    for events_of_round, seconds in rounds:
        events += events_of_round
        now[0] += timedelta(seconds=seconds)
        if now[0] >= run.deadline_at:
            return events
    raise AssertionError("the rounds end before the deadline")


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
@pytest.mark.parametrize(
    ("turn_of", "asked_seconds"), [("another", None), (None, None), (None, 0.5), (None, 30.0), (None, 86_400.0)]
)
def test_a_start_that_is_postponed_for_a_month(turn_of: str | None, asked_seconds: float | None, chance: float) -> None:
    """Waiting for a turn, and throttled for good: StartLater, Prepare, Start, Decide."""
    run, now = run_of(turn_of=turn_of), [BEGAN_AT]

    def rounds() -> Iterator[tuple[int, float]]:
        while True:
            wait = wait_before_a_start(run, now[0], lambda: chance, asked_seconds)
            yield WAIT + TASK + TASK + CHOICE, wait + 2 * SECONDS_OF_A_TASK

    assert 1_000 < events_of(rounds(), run, now) < MOST_EVENTS


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("asked_seconds", [None, 1.0, 86_400.0])
def test_a_search_that_cannot_be_decided_for_a_month(asked_seconds: float | None, chance: float) -> None:
    """AwaitConsistency, Find, Decide."""
    run, now = run_of(), [BEGAN_AT]

    def rounds() -> Iterator[tuple[int, float]]:
        while True:
            wait = wait_before_a_search(run, now[0], lambda: chance, asked_seconds)
            yield WAIT + TASK + CHOICE, wait + SECONDS_OF_A_TASK

    assert 1_000 < events_of(rounds(), run, now) < MOST_EVENTS


@pytest.mark.parametrize("window", [0, 60, 900])
def test_starts_that_stay_unconfirmed_and_of_which_nothing_is_found_for_a_month(window: int) -> None:
    """Start, AwaitConsistency, Find, Decide. `find` sets the wait of the next search anew."""
    run, now = run_of(consistency_window_seconds=window), [BEGAN_AT]

    def rounds() -> Iterator[tuple[int, float]]:
        wait = window + 35
        while True:
            yield TASK + WAIT + TASK + CHOICE, wait + 2 * SECONDS_OF_A_TASK
            wait = consistency_wait_seconds(run, now[0])

    assert 1_000 < events_of(rounds(), run, now) < MOST_EVENTS


def test_all_of_it_in_turn_for_a_month() -> None:
    """Undecided searches between starts that are postponed or not confirmed, in any order."""
    run, now, dice = run_of(consistency_window_seconds=0), [BEGAN_AT], random.Random(1)

    def rounds() -> Iterator[tuple[int, float]]:
        while True:
            match dice.randrange(3):
                case 0:
                    seconds = wait_before_a_start(run, now[0], dice.random, None)
                    yield WAIT + TASK + TASK + CHOICE, seconds
                case 1:
                    yield WAIT + TASK + CHOICE, wait_before_a_search(run, now[0], dice.random, None)
                case _:
                    yield TASK + WAIT + TASK + CHOICE, consistency_wait_seconds(run, now[0])

    assert 1_000 < events_of(rounds(), run, now) < MOST_EVENTS


def retriers_of(state: str) -> list[dict[str, Any]]:
    machine = yaml.safe_load((ROOT / "statemachines" / "run_job.asl.yaml").read_text())
    retriers: list[dict[str, Any]] = machine["States"][state]["Retry"]
    return retriers


def seconds_of(retrier: dict[str, Any]) -> float:
    """How long it retries; the jitter halves each wait on average."""
    first, rate, longest = (float(retrier[name]) for name in ("IntervalSeconds", "BackoffRate", "MaxDelaySeconds"))
    return sum(min(first * rate**n, longest) for n in range(int(retrier["MaxAttempts"]))) / 2


@pytest.mark.parametrize(
    "error", ["Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown", "States.Timeout"]
)
@pytest.mark.parametrize("state", ["Prepare", "Find"])
def test_a_day_of_failures_of_lambda_fails_no_run_that_only_reads(state: str, error: str) -> None:
    retrier = next(retrier for retrier in retriers_of(state) if {error, "States.ALL"} & {*retrier["ErrorEquals"]})
    assert seconds_of(retrier) >= 86_400


def test_a_day_in_which_lambda_starts_no_function_fails_no_run_at_its_start() -> None:
    throttled, *_ = retriers_of("Start")
    assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert seconds_of(throttled) >= 86_400


@pytest.mark.parametrize("state", ["Prepare", "Start", "Find"])
def test_what_is_retried_until_it_is_given_up_leaves_room_for_the_rest(state: str) -> None:
    assert sum(retrier["MaxAttempts"] * RETRIED for retrier in retriers_of(state)) < MOST_EVENTS / 10
