"""What a start and the search after a lost one say: to a person, in metrics, and in the log."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import LogLines
from farsync.model.errors import StartUnconfirmed
from farsync.operations.trigger_execution import start
from farsync.runtime.observability import metrics
from tests.unit.operations.searching_scene import REPLY_LOST, Scene


@pytest.fixture
def counted() -> Iterator[dict[str, Any]]:
    """The metrics so far."""
    metrics.clear_metrics()
    yield metrics.metric_set
    metrics.clear_metrics()


def started(scene: Scene, *, is_closed: bool = False, **wishes: Any) -> str:
    """The execution of a run that comes to its Start, or that has been stopped meanwhile."""
    run = scene.begin("mine", **wishes)
    if is_closed:
        scene.end(run)
    return str(scene.cloud.ask(start, run.payload)["run"]["executionId"])


def test_an_unconfirmed_start_is_reported_with_the_newest_execution_before_it(scene: Scene) -> None:
    scene.emulator.start_by_hand(scene.job)
    scene.clock.sleep(60)
    with scene.emulator.faults(scene.job, "start", REPLY_LOST), pytest.raises(StartUnconfirmed) as caught:
        started(scene)
    said = rf" An execution of job {scene.job} created after 2027-01-15T08:00:00(\.\d+)?Z may be this one\.$"
    assert re.search(said, str(caught.value))
    assert len(scene.emulator.truth()) == 2, "it was posted once"


def test_an_unconfirmed_first_start_of_a_job_may_be_any_execution_of_it(scene: Scene) -> None:
    fault = {"fault": "http_503", "done": True}
    with scene.emulator.faults(scene.job, "start", fault), pytest.raises(StartUnconfirmed) as caught:
        started(scene)
    assert f" Any execution of job {scene.job} may be this one." in str(caught.value)
    assert caught.value.said is not None
    assert caught.value.said.http_status == 503
    assert len(scene.emulator.truth()) == 1


STARTED, CLOSED = "execution started", "the run was closed meanwhile; its execution is canceled"


@pytest.mark.parametrize(
    ("is_beside", "is_closed", "message", "metric_names"),
    [
        (False, False, STARTED, {"ExecutionsStarted"}),
        (False, True, CLOSED, {"ExecutionsStarted", "StartsAfterClose"}),
        (True, False, "attached to an execution", set()),
    ],
    ids=["started", "closed-meanwhile", "attached"],
)
def test_a_start_is_counted_and_stands_in_the_log(
    scene: Scene,
    log_lines: LogLines,
    counted: dict[str, Any],
    is_beside: bool,
    is_closed: bool,
    message: str,
    metric_names: set[str],
) -> None:
    if is_beside:
        scene.emulator.start_by_hand(scene.job)
    execution_id = started(scene, is_closed=is_closed, ifRunning="attach" if is_beside else "start")
    assert set(counted) == metric_names
    assert [line["execution_id"] for line in log_lines() if line["message"] == message] == [execution_id]


def test_a_start_that_cannot_ask_after_its_run_keeps_its_execution_and_says_so_in_the_log(
    scene: Scene, log_lines: LogLines
) -> None:
    scene.aws.reject(code="InternalError")
    started(scene)
    (line,) = [line for line in log_lines() if line["message"] == "not known whether the run still stands"]
    assert line["level"] == "WARNING"
    assert line["reason"].startswith("InternalError: ")
    assert [execution.is_cancel_requested for execution in scene.emulator.truth()] == [False]
