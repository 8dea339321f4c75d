"""Events about runs without an execution, or whose execution's end is not known: valid whatever started the run."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.events.completion_event import CompletionEvent, EventError
from farsync.events.event_json import LARGEST_EVENT_BYTES, event_document, json_text
from farsync.events.run_event import CANDIDATES_SHOWN, run_failed_event, run_unobservable_event
from farsync.model.execution import Candidate
from farsync.model.names import run_event_id
from farsync.model.run import Run

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ERROR = EventError(name="AmbiguousStart", message="which is ours?")
RUN = Run(
    name="a-run",
    started_at=NOON,
    deadline_at=NOON,
    connection="night",
    provider="huawei",
    job="daily",
    job_name="Daily",
    labels={"team": "night"},
    execution_id="4711",
    execution_started_at=NOON,
)


def failed(request: object, run: Run | None = None, **more: Any) -> CompletionEvent:
    asked: dict[str, Any] = {"redrive_count": 0, "error": ERROR, "region": "us-east-1", **more}
    return run_failed_event(run_name="a-run", request=request, run=run, detected_at=NOON, **asked)


def unobservable(run: Run | None = RUN, **more: Any) -> CompletionEvent:
    return run_unobservable_event(
        run_name="a-run",
        redrive_count=1,
        request={"job": "other"},
        run=run,
        error=ERROR,
        detected_at=NOON,
        region="us-east-1",
        **more,
    )


def test_a_run_that_never_started_is_reported_by_what_was_asked_for() -> None:
    event = failed({"connection": "night", "job": "야간", "labels": {"team": "night", "number": 3}})
    assert (event.type, event.subject) == ("io.farsync.run.failed", "a-run")
    assert event.source == "urn:farsync:night:%EC%95%BC%EA%B0%84"
    assert event.data.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "connection": "night",
        "job": "야간",
        "runName": "a-run",
        "labels": {"team": "night"},
        "detectedAt": "2026-12-01T12:00:00Z",
        "polls": 0,
        "estimatedCostUsd": event.data.estimated_cost_usd,
        "logPaths": [],
        "error": {"name": "AmbiguousStart", "message": "which is ours?"},
    }


def test_a_run_with_an_execution_is_reported_by_what_is_known_of_it() -> None:
    event = unobservable(cancel_confirmed=False, polls=7)
    assert (event.type, event.subject) == ("io.farsync.run.unobservable", "4711")
    assert (event.data.job, event.data.job_name, event.data.provider) == ("daily", "Daily", "huawei")
    assert (event.data.cancel_confirmed, event.data.polls) == (False, 7)
    assert event.data.labels == {"team": "night"}


def test_each_redrive_of_a_run_has_an_id_of_its_own() -> None:
    assert failed({}).id == run_event_id("a-run", 0)
    assert failed({}, redrive_count=1).id == unobservable().id == run_event_id("a-run", 1)


def test_executions_in_doubt_are_named_and_some_are_enough() -> None:
    candidates = [Candidate(execution_id=str(number), provider_status="running") for number in range(50)]
    assert failed({}, candidates=candidates[:1]).data.candidates == (candidates[0],)
    assert len(failed({}, candidates=candidates).data.candidates or ()) == CANDIDATES_SHOWN


@pytest.mark.parametrize(
    ("request_sent", "connection"),
    [(None, "default"), ([], "default"), ({"connection": 7, "job": ["x"]}, None), ({"connection": None}, None)],
)
def test_what_is_no_text_is_left_out_of_the_event(request_sent: object, connection: str | None) -> None:
    data = failed(request_sent).data
    assert (data.connection, data.job, data.labels) == (connection, None, {})


@pytest.mark.parametrize("labels", [{"labels": {}}, {}], ids=["empty", "none"])
def test_labels_are_there_without_one_and_candidates_are_not(labels: dict[str, object]) -> None:
    data = event_document(failed({"job": "nosuch", **labels}))["data"]
    assert data["labels"] == {}
    assert "candidates" not in data


TEXTS = st.text(st.characters(), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
INPUTS = ANY_JSON | st.fixed_dictionaries(
    {}, optional={"connection": ANY_JSON, "job": ANY_JSON, "labels": ANY_JSON | st.dictionaries(TEXTS, TEXTS)}
)


@given(INPUTS)
def test_any_input_of_a_run_gives_an_event_that_a_queue_takes(request_sent: object) -> None:
    text = json_text(event_document(failed(request_sent)))
    assert all(character >= " " and not ("\ud800" <= character <= "\udfff") for character in text)
    assert not {"\ufffe", "\uffff"} & set(text)
    CompletionEvent.model_validate_json(text)


@pytest.mark.parametrize(
    "huge",
    [
        {"job": "야" * 100_000, "connection": "\ud800" * 100_000},
        {"labels": {"a": "야" * 100_000}},
        {"labels": {f"label {number}": "\x00" * 100 for number in range(10_000)}},
    ],
)
def test_an_event_of_a_huge_input_is_small(huge: object) -> None:
    assert len(json.dumps(event_document(failed(huge)), ensure_ascii=False).encode()) < LARGEST_EVENT_BYTES + 2_000
