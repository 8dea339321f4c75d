"""How long `run_job` waits where something fails again and again: not past its deadline, nor longer than a history."""

import random
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from farsync.polling import next_wait_seconds
from tests.unit.state_machines.expressions import given_by, state

BEGUN = datetime(2026, 11, 21, 3, tzinfo=UTC).timestamp()
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
LONGEST_RUN_SECONDS = 30 * DAY
MOST_LOOKS = 1000
MOST_EVENTS = 10_000
EVENTS_OF_A_STATE, EVENTS_OF_A_TASK, EVENTS_OF_A_RETRY = 2, 5, 3

Run = dict[str, Any]


def iso(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_run(timeout_seconds: float, **more: Any) -> Run:
    return {"deadlineAt": iso(BEGUN + timeout_seconds), "polls": 0, **more}


def wait_after_a_failed_look(
    run: Run,
    *,
    gone_seconds: float = 0,
    failed_before: int = 0,
    patience_seconds: float | None = None,
    cause: str = "",
    chance: float = 0.5,
    transitions: int = 0,
) -> float:
    assign = state("run_job", "Poll")["Catch"][0]["Assign"]
    variables = {
        "run": run,
        "transitions": transitions,
        "looksFailed": failed_before,
        "patienceSeconds": patience_seconds,
        "states": {"errorOutput": {"Error": "ProviderUnavailable", "Cause": cause}},
    }
    return float(given_by(assign["waitSeconds"], variables, now_seconds=BEGUN + gone_seconds, chance=chance))


def wait_of(name: str, gone_seconds: float, chance: float = 0.0) -> float:
    context = {"Execution": {"StartTime": iso(BEGUN)}}
    variables = {"states": {"context": context}, "trouble": {"name": "Throttled", "message": "The vendor throttles."}}
    return float(
        given_by(state("run_job", name)["Seconds"], variables, now_seconds=BEGUN + gone_seconds, chance=chance)
    )


def test_a_look_that_fails_is_repeated_soon_and_then_ever_more_seldom() -> None:
    run = a_run(DAY)
    waits = [wait_after_a_failed_look(run, failed_before=failed) for failed in range(15)]
    assert waits[0] == 5
    assert waits == sorted(waits)
    assert waits[-1] == 300


def test_looks_that_fail_together_are_not_repeated_together() -> None:
    waits = {wait_after_a_failed_look(a_run(DAY), failed_before=8, chance=chance) for chance in (0.0, 0.4, 0.8)}
    assert len(waits) == 3


@pytest.mark.parametrize("failed_before", [0, 5, 50])
def test_a_look_that_fails_brings_no_look_behind_the_deadline(failed_before: int) -> None:
    run = a_run(HOUR)
    for left in (400, 20, 2):
        assert wait_after_a_failed_look(run, gone_seconds=HOUR - left, failed_before=failed_before) <= left
    assert wait_after_a_failed_look(run, gone_seconds=HOUR + 5, failed_before=failed_before) == 1


def test_once_it_has_cancelled_a_run_waits_no_longer_than_its_patience() -> None:
    assert wait_after_a_failed_look(a_run(HOUR), gone_seconds=2 * HOUR, failed_before=9, patience_seconds=30) == 30


@pytest.mark.parametrize("machine", ["run_job", "close_run"])
@pytest.mark.parametrize(("patience", "waited"), [(120, 60), (30, 30), (-5, 1)])
def test_a_look_at_what_was_cancelled_comes_before_the_patience_is_over(
    machine: str, patience: float, waited: float
) -> None:
    variables = {"waitSeconds": 60, "patienceSeconds": patience}
    assert given_by(state(machine, "Wait")["Seconds"], variables, now_seconds=BEGUN) == waited


def test_a_run_that_nothing_cancelled_waits_as_long_as_its_look_proposed() -> None:
    variables = {"waitSeconds": 600, "patienceSeconds": None}
    assert given_by(state("run_job", "Wait")["Seconds"], variables, now_seconds=BEGUN) == 600


@pytest.mark.parametrize(
    ("bus", "of_run_job", "of_close_run"), [("", 10 + 4 + 1 + 8, 40 + 10 + 4 + 1 + 7), ("night", 24, 63)]
)
def test_a_look_is_told_the_transitions_of_its_retries_and_of_the_bus(
    bus: str, of_run_job: int, of_close_run: int
) -> None:
    variables = {
        "run": {"polls": 2, "functionCalls": 1},
        "request": {},
        "transitions": 10,
        "runTransitions": 40,
        "states": {"context": {"State": {"RetryCount": 4}}},
    }
    told = {
        machine: given_by(
            state(machine, "Poll")["Arguments"]["Payload"].replace("${EventBusName}", bus), variables, now_seconds=BEGUN
        )
        for machine in ("run_job", "close_run")
    }
    assert {machine: payload["transitions"] for machine, payload in told.items()} == {
        "run_job": of_run_job,
        "close_run": of_close_run,
    }
    assert told["run_job"]["run"] == {"polls": 6, "functionCalls": 5, "transitions": 15}


def test_a_look_that_fails_keeps_to_the_delay_that_the_request_allows() -> None:
    run = a_run(DAY, maxDetectionDelaySeconds=20)
    assert max(wait_after_a_failed_look(run, failed_before=failed) for failed in range(15)) == 20


def test_a_vendor_who_asks_for_a_pause_has_it_up_to_five_minutes() -> None:
    for asked, waited in ((90, 90), (7200, 300)):
        cause = f'{{"errorMessage": "Too many requests. (asked to wait {asked} s)"}}'
        assert wait_after_a_failed_look(a_run(DAY), cause=cause) == waited


@pytest.mark.parametrize(
    ("timeout_seconds", "looks_that_fail", "most_delay_seconds"),
    [(LONGEST_RUN_SECONDS, 1.0, None), (370 * MINUTE, 0.5, 1)],
    ids=["all, for thirty days", "every other one, of a run that is looked at every second"],
)
def test_however_many_looks_fail_the_longest_run_needs_at_most_a_thousand_and_ten_thousand_events(
    timeout_seconds: float, looks_that_fail: float, most_delay_seconds: int | None
) -> None:
    chances = random.Random(1)
    run = a_run(timeout_seconds, **({"maxDetectionDelaySeconds": 1} if most_delay_seconds else {}))
    gone, failed_in_a_row, wait = 0.0, 0, 5.0
    while gone < timeout_seconds:
        gone += wait
        fails = chances.random() < looks_that_fail
        chance = chances.random()
        if fails:
            wait = wait_after_a_failed_look(run, gone_seconds=gone, failed_before=failed_in_a_row, chance=chance)
        failed_in_a_row = failed_in_a_row + 1 if fails else 0
        run["polls"] += 1
        if not fails:
            wait = next_wait_seconds(
                gone,
                looks_so_far=run["polls"],
                remaining_seconds=timeout_seconds - gone,
                max_detection_delay_seconds=most_delay_seconds,
                random=chances.random,
            )
    assert run["polls"] <= MOST_LOOKS
    assert run["polls"] * (EVENTS_OF_A_TASK + 2 * EVENTS_OF_A_STATE) < MOST_EVENTS
    assert gone < timeout_seconds + 2


@pytest.mark.parametrize("retries", [0, 4])
def test_waiting_for_a_turn_and_looks_that_are_tried_again_fit_one_history(retries: int) -> None:
    gone, transitions, events = 0.0, 0, 0
    while gone < LONGEST_RUN_SECONDS / 2:
        gone += wait_of("WaitForItsTurn", gone, 0.5)
        transitions += 3
        events += EVENTS_OF_A_TASK + 2 * EVENTS_OF_A_STATE
    run = a_run(LONGEST_RUN_SECONDS)
    failed = 0
    while gone < LONGEST_RUN_SECONDS:
        gone += wait_after_a_failed_look(run, gone_seconds=gone, failed_before=failed, transitions=transitions)
        failed += 1
        run["polls"] += 1 + retries
        transitions += 3 + retries
        events += EVENTS_OF_A_TASK + 2 * EVENTS_OF_A_STATE + EVENTS_OF_A_RETRY * retries
    assert failed > 100
    assert events < MOST_EVENTS


def test_a_look_that_fails_and_its_retries_are_counted_as_looks_and_calls() -> None:
    assign = state("run_job", "Poll")["Catch"][0]["Assign"]
    variables = {
        "run": {"polls": 3, "functionCalls": 2, "job": "a-job"},
        "states": {"context": {"State": {"RetryCount": 4}}},
    }
    counted = given_by(assign["run"], variables, now_seconds=BEGUN)
    assert counted == {"polls": 8, "functionCalls": 7, "job": "a-job"}


@pytest.mark.parametrize(
    ("name", "events_of_a_turn", "longest_first_wait"),
    [
        ("StartLater", 2 + EVENTS_OF_A_TASK, 30),
        ("WaitForItsTurn", 2 + EVENTS_OF_A_TASK + 2, 60),
        ("FindLater", 2 + EVENTS_OF_A_TASK + 2, 45),
    ],
)
def test_a_run_that_waits_for_its_start_for_thirty_days_fits_a_history(
    name: str, events_of_a_turn: int, longest_first_wait: float
) -> None:
    assert wait_of(name, 0, 0.999) <= longest_first_wait
    moments = [0.0, *(MINUTE * 1.1**step for step in range(1, 112)), LONGEST_RUN_SECONDS]
    # No wait is shorter than one before it.
    turns = sum((after - before) / wait_of(name, before) for before, after in pairwise(moments))
    assert turns * events_of_a_turn < MOST_EVENTS
    assert wait_of(name, DAY, 0.999) < 0.03 * DAY


def test_an_error_of_step_functions_own_is_told_under_a_name_that_a_run_may_fail_with() -> None:
    compose = state("run_job", "ComposeRunFailed")["Assign"]["event"]
    variables = {
        "states": {"context": {"Execution": {"Name": "a-run"}}},
        "request": "no request at all",
        "run": None,
        "candidates": None,
        "transitions": 2,
        "trouble": {"name": "States.Timeout", "message": "no cause was given"},
    }
    event = given_by(compose, variables, now_seconds=BEGUN)
    assert event["data"]["error"]["name"] == "RunUnobservable"
    assert "(States.Timeout)" in event["data"]["error"]["message"]
