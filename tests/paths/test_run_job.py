import json
from pathlib import Path

import jsonschema
import pytest

from farsync.events import CompletionEvent
from tests.paths.scenarios import SCENARIOS, Told, play_all
from tests.support.sandbox import Sandbox
from tests.support.transitions import TRANSITIONS_OF_A_TELLING, transitions_in, transitions_of
from tests.support.waiting import eventually

pytestmark = pytest.mark.data_flow_dialects

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "completion-event.schema.json").read_text())


@pytest.fixture(scope="session")
def told(sandbox: Sandbox) -> dict[str, Told]:
    return play_all(sandbox)


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_ends_as_it_should(told: dict[str, Told], title: str) -> None:
    ended, scenario = told[title].ended, SCENARIOS[title]
    assert (ended.status, ended.error) == (scenario.status, scenario.error), ended.output


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_starts_the_job_once_at_most(told: dict[str, Told], title: str) -> None:
    assert len(told[title].executions) == SCENARIOS[title].executions_started


@pytest.mark.parametrize("title", SCENARIOS)
def test_a_run_is_told_in_one_completion_event(told: dict[str, Told], title: str) -> None:
    assert [event["type"] for event in told[title].events] == SCENARIOS[title].event_types


@pytest.mark.parametrize("title", SCENARIOS)
def test_every_event_keeps_to_its_schema(told: dict[str, Told], title: str) -> None:
    for event in told[title].events:
        jsonschema.validate(event, SCHEMA, format_checker=jsonschema.FormatChecker())
        CompletionEvent.model_validate(event)


@pytest.mark.parametrize("title", SCENARIOS)
def test_an_event_tells_the_state_transitions_that_the_histories_hold(told: dict[str, Told], title: str) -> None:
    completions = [event for event in told[title].events if event["type"] != "io.farsync.execution.needs_attention"]
    notices = len(told[title].events) - len(completions)
    transitions = transitions_in(told[title].ended.history) + TRANSITIONS_OF_A_TELLING * (len(completions) + notices)
    for event in completions:
        assert event["data"]["stateTransitions"] == transitions
        assert event["data"]["estimatedCostUsd"] == pytest.approx(0.0271e-3 * transitions, rel=0.2)


def test_every_transition_of_run_job_is_walked(sandbox: Sandbox, told: dict[str, Told]) -> None:
    walked = {transition for scenario in told.values() for transition in scenario.walked}
    there = transitions_of("run_job")
    if not sandbox.vendor.waits_for_people:
        there = {transition for transition in there if "EmitNotice" not in transition}
    assert walked == there


def test_a_run_past_its_deadline_leaves_no_execution_behind(sandbox: Sandbox, told: dict[str, Told]) -> None:
    (execution,) = told["past its deadline"].executions
    assert execution.status == sandbox.vendor.canceled_word
    assert told["past its deadline"].events[0]["data"]["cancelConfirmed"] is True


def test_an_execution_that_the_request_wants_left_alone_goes_on_past_the_deadline(
    sandbox: Sandbox, told: dict[str, Told]
) -> None:
    (execution,) = told["past its deadline and left alone"].executions
    assert execution.status == sandbox.vendor.running_word


def test_an_ambiguous_start_says_what_was_seen(told: dict[str, Told]) -> None:
    data = told["with two executions that may be its own"].events[0]["data"]
    assert data["error"]["name"] == "AmbiguousStart"
    assert "StartUnconfirmed" in data["error"]["message"]
    assert "2 executions" in data["error"]["message"]
    started = {execution.execution_id for execution in told["with two executions that may be its own"].executions}
    assert {candidate["executionId"] for candidate in data["candidates"]} == started


def test_an_adopted_execution_is_watched_and_never_cancelled(sandbox: Sandbox, told: dict[str, Told]) -> None:
    (execution,) = told["adopting what runs past the deadline"].executions
    assert execution.status == sandbox.vendor.running_word
    assert told["adopting what runs"].events[0]["data"]["executionId"] == (
        told["adopting what runs"].executions[0].execution_id
    )


def test_a_search_that_fails_is_repeated_and_never_means_not_found(told: dict[str, Told]) -> None:
    searched = told["with a lost start that is looked for in vain at first"]
    assert [step.to_state for step in searched.walked].count("Start") == 1
    assert "FindLater" in [step.to_state for step in searched.walked]


def test_the_caller_gets_what_the_event_tells(told: dict[str, Told]) -> None:
    for title in ("succeeding", "failing", "of an unknown job"):
        assert told[title].ended.output == told[title].events[0]["data"]


def test_an_invalid_run_tells_the_field_and_keeps_what_was_legible(told: dict[str, Told]) -> None:
    data = told["invalid"].events[0]["data"]
    assert data["error"]["message"].startswith("job: must be a valid string")
    assert data["labels"] == {"team": "night"}
    assert "job" not in data


@pytest.mark.parametrize("no_object", ["text", [1], 7, None])
def test_an_input_that_is_no_object_is_refused_and_told(sandbox: Sandbox, no_object: object) -> None:
    ended = sandbox.wait_for(sandbox.start("run_job", no_object))
    assert (ended.status, ended.error) == ("FAILED", "InvalidRequest"), ended.output
    told = eventually(lambda: [one for one in sandbox.receive_events() if one["data"].get("runName") == ended.name])
    assert [event["data"]["error"]["name"] for event in told] == ["InvalidRequest"]
    assert ended.output == told[0]["data"]


def test_no_state_carries_more_than_a_kilobyte_from_function_to_function(told: dict[str, Told]) -> None:
    for title, scenario in told.items():
        for event in scenario.ended.history:
            output = event.get("taskSucceededEventDetails", {}).get("output", "{}")
            payload = json.loads(output).get("Payload", {})
            is_news = payload.keys() & {"event", "notice"}
            assert is_news or len(json.dumps(payload)) < 1024, title
