"""The waits that docs/polling.md shows as examples are those of the policy."""

import re
from collections.abc import Sequence

from benchmarks.polling.cases import cases_of
from benchmarks.polling.models import SEED, draw_hour
from farsync.polling import PastRuns, next_wait_seconds
from tests.support.markdown import ROOT, rows

MINUTE, HOUR = 60, 3600
PASTS = {
    "5 % spread": cases_of(draw_hour(0.05, 21, SEED))[-1].past,
    "20 % spread": cases_of(draw_hour(0.2, 21, SEED))[-1].past,
    "never ran before": PastRuns(),
}


def polls(past: PastRuns) -> Sequence[tuple[int, int]]:
    """When each poll comes, and the wait before it; the random part stands in its middle."""
    found, elapsed = list[tuple[int, int]](), 0
    while elapsed < 2 * HOUR:
        wait = next_wait_seconds(
            elapsed, past=past, remaining_seconds=24 * HOUR, max_detection_delay_seconds=None, random=lambda: 0.5
        )
        elapsed += wait
        found.append((elapsed, wait))
    return found


def waits_from(past: PastRuns, seconds: int, count: int) -> list[int]:
    return [wait for at, wait in polls(past) if at >= seconds][:count]


def test_the_waits_that_are_shown_are_those_of_the_policy() -> None:
    shown = rows(ROOT / "docs" / "polling.md", "When farsync polls")
    assert [row[0] for row in shown] == list(PASTS)
    for job, *cells in shown:
        past = PASTS[job]
        expected = [
            waits_from(past, 0, 3),
            waits_from(past, 45 * MINUTE, 1),
            waits_from(past, HOUR, 2),
            waits_from(past, 85 * MINUTE, 1),
        ]
        assert [[int(wait) for wait in re.findall(r"\d+", cell)] for cell in cells] == expected, job
