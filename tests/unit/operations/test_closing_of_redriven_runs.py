"""Which redrive of a run a message is about."""

from tests.unit.operations.closed_runs import ClosingScene


def test_a_redriven_run_is_closed_once_where_status_events_do_not_say_its_redrive_count(closing: ClosingScene) -> None:
    """A message without the count stands for the run as it is now."""
    run = closing.started()
    ended = closing.ended(run)
    ended.redrive_count = 2
    closing.receive_until_done(ended, redriveCount="")
    assert closing.is_canceled(run["executionId"])
    assert closing.types == ["execution.canceled"]


def test_a_count_in_quotes_is_read_as_a_number(closing: ClosingScene) -> None:
    ended = closing.ended(closing.started())
    ended.redrive_count = 1
    assert closing.receive(ended, redriveCount="0") is True
    assert closing.types == []
