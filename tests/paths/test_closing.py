import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from farsync.events import CompletionEvent
from tests.paths.broken_runs import (
    BROKEN_MACHINES,
    Closing,
    close_broken_machines,
    close_in_vain,
    close_others,
)
from tests.paths.closing_scenarios import SCENARIOS, Closed, abort_all, of_a_long_job
from tests.support.closings import entered, newest_events, wait_for_closing
from tests.support.sandbox import Sandbox
from tests.support.transitions import TRANSITIONS_OF_A_TELLING, definition, transitions_in, transitions_of
from tests.support.waiting import eventually

pytestmark = pytest.mark.newest_dialects

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())
TOLD_OF_BROKEN_RUNS = {
    "that broke after its start": ("io.farsync.execution.canceled", 1),
    "that took too long": ("io.farsync.execution.timed_out", 1),
    "with a history that is too long": ("io.farsync.run.unobservable", 0),
    "whose history fits a state in single events only": ("io.farsync.run.failed", 0),
    "with an event that fits no state": ("io.farsync.run.unobservable", 0),
}
LAST_STATES_OF_OTHERS = {
    "that goes on": "NothingToClose",
    "whose end is seen late": "Closed",
    "that told its end itself": "Closed",
    "whose event was not taken": "Closed",
    "that was closed before": "Closed",
    "that was redriven meanwhile": "NothingToClose",
}
STATUSES_OF_HOPELESS = {
    "whose status AWS does not tell": "FAILED",
    "whose history AWS does not tell": "SUCCEEDED",
    "whose redrives AWS does not tell": "SUCCEEDED",
    "whose event AWS does not take": "FAILED",
}


@pytest.fixture(scope="session")
def closed(sandbox: Sandbox) -> dict[str, Closed]:
    return abort_all(sandbox)


@pytest.fixture(scope="session")
def broken(sandbox: Sandbox) -> dict[str, Closing]:
    return close_broken_machines(sandbox)


@pytest.fixture(scope="session")
def others(sandbox: Sandbox) -> dict[str, Closing]:
    return close_others(sandbox)


@pytest.fixture(scope="session")
def hopeless() -> Iterator[dict[str, Closing]]:
    impatient = Sandbox(speed=1000)
    yield close_in_vain(impatient)
    impatient.stop()


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_is_told_in_one_event(closed: dict[str, Closed], title: str) -> None:
    scenario = SCENARIOS[title]
    told = [(event["type"], event["data"].get("error", {}).get("name")) for event in closed[title].events]
    assert told == [(scenario.event_type, scenario.error)], closed[title].events


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_aborted_run_leaves_behind_only_what_it_may(sandbox: Sandbox, closed: dict[str, Closed], title: str) -> None:
    words = {
        "canceled": sandbox.vendor.canceled_word,
        "running": sandbox.vendor.running_word,
        "succeeded": sandbox.vendor.succeeded_word,
    }
    executions = [execution.status for execution in closed[title].executions]
    assert executions == [words[word] for word in SCENARIOS[title].executions]


@pytest.mark.parametrize("title", SCENARIOS)
def test_every_event_keeps_to_its_schema(closed: dict[str, Closed], title: str) -> None:
    for event in closed[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


def test_an_execution_that_was_cancelled_after_an_abort_is_told_as_confirmed(closed: dict[str, Closed]) -> None:
    (event,) = closed["while it waits"].events
    assert event["data"]["status"] == "CANCELED"
    assert event["data"]["cancelConfirmed"] is True
    assert event["data"]["labels"] == {"team": "night"}
    assert event["data"]["error"]["message"] == "the run was aborted, and its execution cancelled"


@pytest.mark.parametrize("title", [title for title in SCENARIOS if title != "while its end is being told"])
def test_an_event_of_a_closing_tells_the_state_transitions_that_the_histories_hold(
    closed: dict[str, Closed], title: str
) -> None:
    """Those of the run, of its closing, and of the telling."""
    (event,) = closed[title].events
    histories = (closed[title].run.history, closed[title].closing.history)
    assert event["data"]["stateTransitions"] == sum(map(transitions_in, histories)) + TRANSITIONS_OF_A_TELLING
    assert event["data"]["estimatedCostUsd"] == pytest.approx(0.0271e-3 * event["data"]["stateTransitions"], rel=0.2)


def test_a_cancel_that_is_refused_is_told(closed: dict[str, Closed]) -> None:
    (event,) = closed["with a cancel that is refused"].events
    assert event["data"]["cancelConfirmed"] is False
    assert "last trouble: PermissionDenied" in event["data"]["error"]["message"]


def test_without_evidence_nothing_is_cancelled_and_the_candidates_are_told(closed: dict[str, Closed]) -> None:
    of_nobody = closed["while nobody can tell its execution from another"]
    (event,) = of_nobody.events
    told = {candidate["executionId"] for candidate in event["data"]["candidates"]}
    assert told == {execution.execution_id for execution in of_nobody.executions}


def test_a_start_under_way_is_waited_out_before_it_is_looked_for(closed: dict[str, Closed]) -> None:
    for title in ("before its start is posted", "between the post and its reply", "while a lost start settles"):
        states = [transition.to_state for transition in closed[title].walked]
        assert states.index("WaitItOut") < states.index("Find") < states.index("Cancel"), title


@pytest.mark.parametrize("title", BROKEN_MACHINES)
def test_a_run_that_broke_is_closed_as_far_as_it_can_be_known(
    sandbox: Sandbox, broken: dict[str, Closing], title: str
) -> None:
    event_type, executions = TOLD_OF_BROKEN_RUNS[title]
    assert broken[title].ended.output["type"] == event_type
    assert broken[title].executions == [sandbox.vendor.canceled_word] * executions


@pytest.mark.parametrize("title", LAST_STATES_OF_OTHERS)
def test_what_needs_no_closing_is_left_as_it_is(others: dict[str, Closing], title: str) -> None:
    assert others[title].ended.status == "SUCCEEDED"
    assert others[title].walked[-1].to_state == LAST_STATES_OF_OTHERS[title]


def test_closing_a_run_that_goes_on_does_not_touch_its_execution(sandbox: Sandbox, others: dict[str, Closing]) -> None:
    assert others["that goes on"].executions == [sandbox.vendor.running_word]


def test_closing_a_run_that_is_redriven_meanwhile_does_not_touch_its_execution(
    sandbox: Sandbox, others: dict[str, Closing]
) -> None:
    assert others["that was redriven meanwhile"].executions == [sandbox.vendor.succeeded_word]


def test_the_event_of_a_run_that_could_not_hand_it_over_is_told_by_its_closing(
    sandbox: Sandbox, others: dict[str, Closing]
) -> None:
    told = others["whose event was not taken"].ended.output
    assert told["type"] == "io.farsync.run.failed"
    assert told["event"] in sandbox.names_of_executions("emit_event")


@pytest.mark.parametrize("title", STATUSES_OF_HOPELESS)
def test_a_closing_fails_only_after_it_has_tried_for_hours(hopeless: dict[str, Closing], title: str) -> None:
    ended = hopeless[title].ended
    assert ended.status == STATUSES_OF_HOPELESS[title]
    most_failures = max(Counter(_failures_by_state(ended.history)).values())
    assert most_failures > 30


def _failures_by_state(history: list[dict[str, object]]) -> Iterator[str]:
    state = ""
    for event in history:
        match event:
            case {"stateEnteredEventDetails": {"name": str(state)}}:
                pass
            case {"type": "TaskFailed"}:
                yield state


def test_a_redriven_run_that_ends_again_is_closed_under_a_name_of_its_own(sandbox: Sandbox) -> None:
    run = sandbox.start("run_job", {"connection": sandbox.vendor.connection, **of_a_long_job(sandbox, "")})
    eventually(lambda: entered("Wait")(newest_events(sandbox, run)))
    sandbox.step_functions.stop_execution(executionArn=run)
    first = wait_for_closing(sandbox, run)
    sandbox.step_functions.redrive_execution(executionArn=run)
    assert sandbox.wait_for(run).error == "ExecutionCanceled"
    assert wait_for_closing(sandbox, run, f"{first.name}-r1").status == "SUCCEEDED"


def test_a_refusal_of_a_start_is_the_same_for_run_job_and_close_run() -> None:
    catchers = definition("run_job")["States"]["Start"]["Catch"]
    refusals = {name for catcher in catchers for name in catcher["ErrorEquals"]} - {"States.ALL"}
    open_start = next(
        choice["Condition"]
        for choice in definition("close_run")["States"]["WhatIsKnown"]["Choices"]
        if choice["Next"] == "WaitItOut"
    )
    listed = open_start.partition("$failure.error in [")[2].partition("]")[0]
    assert {name.strip(" '\n") for name in listed.split(",")} == refusals


def test_every_transition_of_close_run_is_walked(
    closed: dict[str, Closed],
    broken: dict[str, Closing],
    others: dict[str, Closing],
    hopeless: dict[str, Closing],
) -> None:
    by_hand = (*broken.values(), *others.values(), *hopeless.values())
    walks = [*(one.walked for one in closed.values()), *(one.walked for one in by_hand)]
    assert {transition for walk in walks for transition in walk} == transitions_of("close_run")
