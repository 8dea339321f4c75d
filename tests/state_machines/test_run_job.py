import json
from pathlib import Path

import jsonschema
import pytest

from farsync.events.completion_event import CompletionEvent
from tests.state_machines.scenarios import ODDLY_ANSWERED, SCENARIOS, Outcome
from tests.support.poll_queue import sends_of_follow
from tests.support.sandbox import Sandbox
from tests.support.transitions import Transition, transitions_of

pytestmark = pytest.mark.at_dataarts

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())
TOO_LATE_TO_BE_WALKED = {
    # Three hundred searches that break, and a run whose poller is dead until minutes after its deadline.
    Transition("Find", "catch 1", "Failed"),
    Transition("CheckDeadline", "choice", "Failed"),
}
LARGEST_PAYLOAD_BYTES = 1500
LARGEST_SQS_DELAY_SECONDS = 900

Outcomes = dict[str, Outcome]


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_ends_as_it_should(outcomes: Outcomes, title: str) -> None:
    ended, error = outcomes[title].ended, SCENARIOS[title].error
    assert (ended.status, ended.error) == ("FAILED" if error else "SUCCEEDED", error), ended.output


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_starts_the_job_once_at_most_where_the_providers_list_shows_it_within_the_window(
    outcomes: Outcomes, title: str
) -> None:
    assert len(outcomes[title].executions) == SCENARIOS[title].executions_started


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_emits_each_event_of_its_end_under_one_id_once_unless_the_queue_loses_its_reply(
    outcomes: Outcomes, title: str
) -> None:
    types = tuple(event["type"].removeprefix("io.farsync.") for event in outcomes[title].events)
    assert types == SCENARIOS[title].event_types
    for event in outcomes[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


def test_every_transition_of_run_job_is_walked(outcomes: Outcomes) -> None:
    walked = {transition for outcome in outcomes.values() for transition in outcome.walked}
    assert walked == transitions_of("run_job") - TOO_LATE_TO_BE_WALKED


def test_an_ordinary_run_takes_five_transitions(outcomes: Outcomes) -> None:
    assert states_entered(outcomes["succeeding"]) == ["Start", "Decide", "Follow", "Succeeded"]


@pytest.mark.parametrize("title", ODDLY_ANSWERED)
def test_an_odd_answer_to_a_start_leads_to_a_search_and_to_no_second_post(outcomes: Outcomes, title: str) -> None:
    states = states_entered(outcomes[title])
    assert states.count("Start") == 1
    assert ("Find" in states) == ("103" not in title)


def test_a_run_past_its_deadline_leaves_no_execution_behind_that_it_may_cancel_and_its_provider_stops(
    sandbox: Sandbox, outcomes: Outcomes
) -> None:
    (execution,), (event,) = outcomes["past its deadline"].executions, outcomes["past its deadline"].events
    assert execution.status == sandbox.emulator.canceled_word
    assert event["data"]["cancelConfirmed"] is True


def test_an_execution_that_the_request_wants_left_alone_goes_on_past_the_deadline(
    sandbox: Sandbox, outcomes: Outcomes
) -> None:
    (execution,) = outcomes["past its deadline and left alone"].executions
    assert execution.status == sandbox.emulator.running_word


def test_an_execution_that_was_out_of_sight_is_stopped_and_its_end_overrules(
    sandbox: Sandbox, outcomes: Outcomes
) -> None:
    (execution,) = outcomes["past its deadline and out of sight"].executions
    unobservable, ended = outcomes["past its deadline and out of sight"].events
    assert execution.status == sandbox.emulator.canceled_word
    assert "its cancel was" in unobservable["data"]["error"]["message"]
    assert ended["data"]["executionId"] == execution.execution_id


def test_an_ambiguous_start_says_what_was_seen(sandbox: Sandbox, outcomes: Outcomes) -> None:
    ambiguous = outcomes["with two executions that may be its own"]
    data = ambiguous.events[0]["data"]
    assert data["error"]["name"] == "AmbiguousStart"
    assert "2 executions" in data["error"]["message"]
    started = {execution.execution_id for execution in ambiguous.executions}
    assert {candidate["executionId"] for candidate in data["candidates"]} == started
    assert {execution.status for execution in ambiguous.executions} == {sandbox.emulator.running_word}


def test_an_attached_execution_is_followed_and_never_canceled(sandbox: Sandbox, outcomes: Outcomes) -> None:
    (execution,) = outcomes["attaching to what runs past the deadline"].executions
    assert execution.status == sandbox.emulator.running_word
    attached = outcomes["attaching to what runs"]
    assert attached.events[0]["data"]["executionId"] == attached.executions[0].execution_id


def test_a_search_that_fails_is_repeated_and_never_means_not_found(outcomes: Outcomes) -> None:
    states = states_entered(outcomes["with a search that fails at first"])
    assert states.count("Start") == 1
    assert states.count("Find") > 1


def test_a_first_wait_longer_than_the_queue_can_hold_is_shortened(outcomes: Outcomes) -> None:
    ((_, sent),) = sends_of_follow(outcomes["with a first wait that the queue cannot hold"].ended.history)
    assert 500 < sent["DelaySeconds"] <= LARGEST_SQS_DELAY_SECONDS


@pytest.mark.parametrize("title", ["succeeding", "failing"])
def test_the_caller_gets_what_the_event_says(outcomes: Outcomes, title: str) -> None:
    (event,), output = outcomes[title].events, dict(outcomes[title].ended.output)
    assert output.pop("eventId") == event["id"]
    assert {name: value for name, value in output.items() if name != "final"} == event["data"]


def test_a_rejected_run_says_why_and_keeps_what_was_legible(outcomes: Outcomes) -> None:
    data = outcomes["invalid"].events[0]["data"]
    assert data["error"]["message"].startswith("job: must be a valid string")
    assert data["labels"] == {"team": "night"}
    assert "job" not in data
    assert outcomes["invalid"].ended.output["errorMessage"] == data["error"]["message"]


def test_no_state_carries_more_than_a_kilobyte_or_two_from_function_to_function(outcomes: Outcomes) -> None:
    for title, outcome in outcomes.items():
        for event in outcome.ended.history:
            output = event.get("taskSucceededEventDetails", {}).get("output", "{}")
            payload = json.loads(output).get("Payload", {})
            assert len(json.dumps(payload)) < LARGEST_PAYLOAD_BYTES, title


def states_entered(outcome: Outcome) -> list[str]:
    """After `Prepare`, in order."""
    return [transition.to_state for transition in outcome.walked]
