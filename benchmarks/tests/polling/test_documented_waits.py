"""The waits that docs/dev/polling.md shows as examples are those of the policy."""

import re
from itertools import islice, pairwise

from benchmarks.poll_moments import middle, poll_moments
from benchmarks.polling.cases import cases_of
from benchmarks.polling.models import SEED, draw_hour
from farsync.polling import PastRuns
from tests.support.markdown import ROOT, rows

MINUTE, HOUR = 60, 3600
PASTS = {
    "5 % spread": cases_of(draw_hour(0.05, 21, SEED))[-1].past,
    "20 % spread": cases_of(draw_hour(0.2, 21, SEED))[-1].past,
    "never ran before": PastRuns(),
}


def waits_from(past: PastRuns, seconds: int, count: int) -> list[int]:
    """So many waits, up to polls from this moment on."""
    waits = pairwise((0, *islice(poll_moments(past, middle), 1000)))
    return [poll - before for before, poll in waits if poll >= seconds][:count]


def test_the_waits_that_are_shown_are_those_of_the_policy() -> None:
    shown = rows(ROOT / "docs" / "dev" / "polling.md", "When farsync polls")
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
