"""What a start and the search after a lost one say: to the state machine, to a person, and to the log."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import AlreadyRunning, DeadlineExceeded, InvalidRequest, StartUnconfirmed
from farsync.operations.find_execution import find
from farsync.operations.trigger_execution import Started, start
from farsync.runtime.observability import metrics
from farsync.runtime.request import Invocation
from tests.unit.operations.unconfirmed_starts import BOTH_CLOUDS, REPLY_LOST, REQUEST_LOST, Scene, a_scene


@pytest.fixture(params=BOTH_CLOUDS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_scene(request.param, tmp_path) as scene:
        yield scene


@pytest.fixture
def counted() -> Iterator[dict[str, Any]]:
    """The metrics so far."""
    metrics.clear_metrics()
    yield metrics.metric_set
    metrics.clear_metrics()


def started(scene: Scene, redrive_count: int = 0, *, is_closed: bool = False, **wishes: Any) -> Started:
    """What the function answers to a run that comes to its Start, or that has been stopped meanwhile."""
    run = scene.begin("mine", **wishes)
    if is_closed:
        scene.walker.abort(run)
    payload = {**run.payload, "redriveCount": redrive_count}
    answer = start(scene.environment, Invocation("state_machine", payload))
    assert isinstance(answer.body, Started)
    return answer.body


def test_a_start_by_others_shortly_before_our_post_is_not_taken_for_ours(scene: Scene) -> None:
    run = scene.begin("mine")
    scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
    scene.clock.sleep(20)

    assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "ambiguous"


def test_an_unconfirmed_start_is_reported_with_the_newest_execution_before_it(scene: Scene) -> None:
    scene.emulator.start_by_hand(scene.job, "earlier", by_schedule=False)
    scene.clock.sleep(60)

    with scene.emulator.faults(scene.job, "start", REPLY_LOST), pytest.raises(StartUnconfirmed) as caught:
        started(scene)

    told = rf" An execution of job {scene.job} created after 2027-01-15T08:00:00(\.750)?Z may be this one\.$"
    assert re.search(told, str(caught.value))


def test_a_lost_first_start_of_a_job_may_be_any_execution_of_it(scene: Scene) -> None:
    fault = {"fault": "http_503", "done": True}
    with scene.emulator.faults(scene.job, "start", fault), pytest.raises(StartUnconfirmed) as caught:
        started(scene)

    assert f" Any execution of job {scene.job} may be this one." in str(caught.value)
    assert caught.value.said is not None
    assert caught.value.said.http_status == 503


def test_a_redriven_start_posts_nothing_and_says_that_its_execution_is_searched_for_first(scene: Scene) -> None:
    answer = started(scene, redrive_count=1)

    assert answer.outcome == "search"
    assert answer.wait_seconds == answer.run.consistency_wait_seconds == 95
    assert answer.reason == "the run was redriven; a start that it posted before is searched for first"
    assert scene.emulator.truth() == []


def test_a_start_at_the_very_deadline_comes_too_late(scene: Scene) -> None:
    run = scene.begin("mine")
    scene.clock.now = datetime.fromisoformat(run.run["deadlineAt"]).timestamp()

    with pytest.raises(DeadlineExceeded) as caught:
        start(scene.environment, Invocation("state_machine", run.payload))

    assert str(caught.value) == "the run's deadline passed before its start could be posted"
    assert scene.emulator.truth() == []


def test_the_first_look_comes_as_early_as_the_request_wants_its_news(scene: Scene) -> None:
    assert started(scene, maxDetectionDelaySeconds=2).wait_seconds <= 2


def test_a_start_is_counted_and_stands_in_the_log(scene: Scene, log_lines: LogLines, counted: dict[str, Any]) -> None:
    execution_id = started(scene).run.execution_id

    assert set(counted) == {"ExecutionsStarted"}
    (line,) = [line for line in log_lines() if line["message"] == "execution started"]
    assert line["execution_id"] == execution_id


def test_a_start_whose_run_was_closed_is_counted_and_stands_in_the_log(
    scene: Scene, log_lines: LogLines, counted: dict[str, Any]
) -> None:
    execution_id = started(scene, is_closed=True).run.execution_id

    assert set(counted) == {"ExecutionsStarted", "StartsAfterClose"}
    text = "the run was closed meanwhile; its execution is canceled"
    (line,) = [line for line in log_lines() if line["message"] == text]
    assert (line["level"], line["execution_id"]) == ("WARNING", execution_id)


def test_an_answer_from_before_its_redrive_does_not_make_a_start_cancel_its_own_execution(scene: Scene) -> None:
    run = scene.begin("mine")
    scene.walker.abort(run)
    payload = {**run.payload, "run": {**run.run, "redrivesSearched": 1}, "redriveCount": 1}

    start(scene.environment, Invocation("state_machine", payload))

    assert [execution.is_cancel_requested for execution in scene.emulator.truth()] == [False]


def test_an_execution_that_is_only_watched_is_not_counted_and_stands_in_the_log(
    scene: Scene, log_lines: LogLines, counted: dict[str, Any]
) -> None:
    scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
    execution_id = started(scene, ifRunning="attach").run.execution_id

    assert set(counted) == set()
    (line,) = [line for line in log_lines() if line["message"] == "attached to an execution"]
    assert line["execution_id"] == execution_id


def test_a_run_of_which_step_functions_does_not_say_is_named_in_the_log(scene: Scene, log_lines: LogLines) -> None:
    scene.step_functions.rejects_with = "InternalError"

    started(scene)

    (line,) = [line for line in log_lines() if line["message"] == "not known whether the run still stands"]
    assert line["level"] == "WARNING"
    assert line["reason"].startswith("InternalError: ")


def test_what_a_search_saw_stands_in_the_log(scene: Scene, log_lines: LogLines) -> None:
    found = scene.lose("mine", REQUEST_LOST)

    (line,) = [line for line in log_lines() if line["message"] == "unconfirmed start searched for"]
    assert (line["level"], line["outcome"], line["seen"]) == ("WARNING", "nothing", found["message"])


def test_a_search_outside_of_a_run_names_the_field_that_is_missing(scene: Scene) -> None:
    with pytest.raises(InvalidRequest) as caught:
        find(scene.environment, Invocation("state_machine", {"job": scene.job}))

    assert str(caught.value) == "run: is required; what is searched for is the execution of a run"


def test_outside_of_a_run_a_start_beside_another_execution_is_rejected(scene: Scene) -> None:
    scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)

    with pytest.raises(AlreadyRunning):
        start(scene.environment, Invocation("state_machine", {"job": scene.job, "ifRunning": "fail"}))
    assert len(scene.emulator.truth()) == 1
