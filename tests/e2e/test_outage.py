"""`make outage`, but for fewer hours."""

from tests.outage.scenario import play_outage

HOURS = 1.5


def test_after_an_outage_of_hours_nothing_runs_any_more_and_every_event_was_emitted_once() -> None:
    lines: list[str] = []
    wrongs = play_outage(HOURS, lines.append)
    assert not wrongs, "\n".join([*wrongs, *lines])
    assert any("is back" in line for line in lines)
