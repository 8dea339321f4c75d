import json
from pathlib import Path

import jsonschema
import pytest

from farsync.events.completion_event import CompletionEvent
from tests.state_machines.scenarios import ODDLY_ANSWERED, SCENARIOS, Outcome, play_all
from tests.support.sandbox import Sandbox
from tests.support.transitions import Transition, transitions_of

pytestmark = pytest.mark.newest_dialects

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())
TOO_LATE_TO_BE_WALKED = {
    # Three hundred searches that break, and a run whose poller is dead until minutes after its deadline.
    Transition("Find", "catch 1", "Failed"),
    Transition("CheckDeadline", "choice", "Failed"),
}
LARGEST_PAYLOAD_BYTES = 1500
LARGEST_SQS_DELAY_SECONDS = 900


@pytest.fixture(scope="session")
def outcomes(sandbox: Sandbox) -> dict[str, Outcome]:
    return play_all(sandbox)


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_ends_as_it_should(outcomes: dict[str, Outcome], title: str) -> None:
    ended, error = outcomes[title].ended, SCENARIOS[title].error
    assert (ended.status, ended.error) == ("FAILED" if error else "SUCCEEDED", error), ended.output


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_starts_the_job_once_at_most_where_the_providers_list_shows_it_within_the_window(
    outcomes: dict[str, Outcome], title: str
) -> None:
    assert len(outcomes[title].executions) == SCENARIOS[title].executions_started


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_emits_the_events_of_its_end_once(outcomes: dict[str, Outcome], title: str) -> None:
    types = tuple(event["type"].removeprefix("io.farsync.") for event in outcomes[title].events)
    assert types == SCENARIOS[title].event_types


@pytest.mark.parametrize("title", SCENARIOS)
def test_every_event_keeps_to_its_schema(outcomes: dict[str, Outcome], title: str) -> None:
    for event in outcomes[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


def test_every_transition_of_run_job_is_walked(outcomes: dict[str, Outcome]) -> None:
    walked = {transition for outcome in outcomes.values() for transition in outcome.walked}
    assert walked == transitions_of("run_job") - TOO_LATE_TO_BE_WALKED


def test_an_ordinary_run_takes_five_transitions(outcomes: dict[str, Outcome]) -> None:
    states = [step.to_state for step in outcomes["succeeding"].walked]
    assert states == ["Start", "Decide", "Follow", "Succeeded"]


@pytest.mark.parametrize("title", ODDLY_ANSWERED)
def test_an_odd_answer_to_a_start_leads_to_a_search_and_to_no_second_post(
    outcomes: dict[str, Outcome], title: str
) -> None:
    states = [step.to_state for step in outcomes[title].walked]
    assert states.count("Start") == 1
    assert ("Find" in states) == ("103" not in title)


def test_a_run_past_its_deadline_leaves_no_execution_behind_that_it_may_cancel(
    sandbox: Sandbox, outcomes: dict[str, Outcome]
) -> None:
    (execution,) = outcomes["past its deadline"].executions
    assert execution.status == sandbox.emulator.canceled_word
    assert outcomes["past its deadline"].events[0]["data"]["cancelConfirmed"] is True


def test_an_execution_that_the_request_wants_left_alone_goes_on_past_the_deadline(
    sandbox: Sandbox, outcomes: dict[str, Outcome]
) -> None:
    (execution,) = outcomes["past its deadline and left alone"].executions
    assert execution.status == sandbox.emulator.running_word


def test_an_execution_that_was_out_of_sight_is_stopped_and_its_end_overrules(
    sandbox: Sandbox, outcomes: dict[str, Outcome]
) -> None:
    (execution,) = outcomes["past its deadline and out of sight"].executions
    assert execution.status == sandbox.emulator.canceled_word
    unobservable, ended = outcomes["past its deadline and out of sight"].events
    assert "its cancel was" in unobservable["data"]["error"]["message"]
    assert ended["data"]["executionId"] == execution.execution_id


def test_an_ambiguous_start_says_what_was_seen(sandbox: Sandbox, outcomes: dict[str, Outcome]) -> None:
    ambiguous = outcomes["with two executions that may be its own"]
    data = ambiguous.events[0]["data"]
    assert data["error"]["name"] == "AmbiguousStart"
    assert "2 executions" in data["error"]["message"]
    started = {execution.execution_id for execution in ambiguous.executions}
    assert {candidate["executionId"] for candidate in data["candidates"]} == started
    assert {execution.status for execution in ambiguous.executions} == {sandbox.emulator.running_word}


def test_an_attached_execution_is_followed_and_never_canceled(sandbox: Sandbox, outcomes: dict[str, Outcome]) -> None:
    (execution,) = outcomes["attaching to what runs past the deadline"].executions
    assert execution.status == sandbox.emulator.running_word
    attached = outcomes["attaching to what runs"]
    assert attached.events[0]["data"]["executionId"] == attached.executions[0].execution_id


def test_a_search_that_fails_is_repeated_and_never_means_not_found(outcomes: dict[str, Outcome]) -> None:
    states = [step.to_state for step in outcomes["with a search that fails at first"].walked]
    assert states.count("Start") == 1
    assert states.count("Find") > 1


def test_a_first_wait_longer_than_the_queue_can_hold_is_shortened(outcomes: dict[str, Outcome]) -> None:
    history = outcomes["with a first wait that the queue cannot hold"].ended.history
    sent = [
        json.loads(event["taskScheduledEventDetails"]["parameters"])
        for event in history
        if event.get("taskScheduledEventDetails", {}).get("resourceType") == "sqs"
    ]
    assert [500 < message["DelaySeconds"] <= LARGEST_SQS_DELAY_SECONDS for message in sent] == [True]


def test_the_caller_gets_what_the_event_says(outcomes: dict[str, Outcome]) -> None:
    for title in ("succeeding", "failing"):
        (event,) = outcomes[title].events
        output = outcomes[title].ended.output
        assert output.pop("eventId", event["id"]) == event["id"]
        assert {name: value for name, value in output.items() if name != "final"} == event["data"]


def test_a_rejected_run_says_why_and_keeps_what_was_legible(outcomes: dict[str, Outcome]) -> None:
    data = outcomes["invalid"].events[0]["data"]
    assert data["error"]["message"].startswith("job: must be a valid string")
    assert data["labels"] == {"team": "night"}
    assert "job" not in data
    assert outcomes["invalid"].ended.output["errorMessage"] == data["error"]["message"]


def test_no_state_carries_more_than_a_kilobyte_or_two_from_function_to_function(outcomes: dict[str, Outcome]) -> None:
    for title, outcome in outcomes.items():
        for event in outcome.ended.history:
            output = event.get("taskSucceededEventDetails", {}).get("output", "{}")
            payload = json.loads(output).get("Payload", {})
            assert len(json.dumps(payload)) < LARGEST_PAYLOAD_BYTES, title
