"""An execution that only a search has found is followed until it has ended, as one that the run knew."""

import json

import pytest

from farsync.operations.close_run import consume
from farsync.runtime.queue_messages import Record
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.closed_runs import ClosingScene
from tests.unit.operations.marks import BOTH_CLOUDS


@pytest.fixture
def ended(closing: ClosingScene) -> Run:
    """Its unconfirmed start began an execution, which the provider lists by now."""
    ended = closing.unconfirmed()
    closing.post()
    closing.pass_time(400)
    return ended


def test_an_execution_whose_cancel_is_rejected_is_stopped_once_it_can_be(closing: ClosingScene, ended: Run) -> None:
    closing.emulator.fail_every("cancel", "http_403")
    assert closing.receive(ended) is False
    assert closing.types == ["run.unobservable"]
    assert closing.receive(ended) is False
    closing.post()  # which would leave a second search in doubt
    closing.emulator.heal()
    closing.receive_until_done(ended)
    assert closing.is_canceled(closing.emulator.truth()[0].execution_id)
    assert closing.types == ["run.unobservable", "execution.canceled"]


@BOTH_CLOUDS
def test_what_a_search_has_found_is_canceled_at_once(closing: ClosingScene, ended: Run) -> None:
    record = Record("id", "handle", json.dumps(ended.message), 1, closing.now())
    assert consume(closing.cloud.environment, record) is True
    assert closing.is_cancel_requested


def test_what_a_search_has_found_is_not_searched_for_again(closing: ClosingScene, ended: Run) -> None:
    """By whole seconds of two clocks, a second search may find otherwise."""
    lists = closing.emulator.operations["list_executions"]
    closing.emulator.fail_every("cancel", "http_503")
    assert closing.receive(ended) is False
    lists_before = closing.emulator.requests_of(lists)
    assert closing.receive(ended) is False
    assert closing.emulator.requests_of(lists) == lists_before


@BOTH_CLOUDS
def test_a_run_that_was_closed_by_an_end_is_not_called_ambiguous_by_a_second_search(closing: ClosingScene) -> None:
    ended = closing.unconfirmed()
    closing.post()
    closing.receive_until_done(ended)
    closing.found = {}
    closing.post()
    assert closing.receive(ended, isSwept=True) is True
    assert closing.types == ["execution.canceled"]
