"""The cheapest sequence of polls, held against docs/dev/polling.md and against the dearest way to find it."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import log, sqrt
from random import Random

import pytest

from farsync.polling.duration_model import DurationModel, PastRuns, estimate_durations
from farsync.polling.poll_schedule import cheapest_first, moments_worth_a_poll, seconds_of_next_poll

FAR_AWAY = 1e7
UNKNOWN_ONLY = DurationModel((), 1.0, 600)
FEW_OF_MANY_KINDS = estimate_durations(PastRuns((600, 650, 3600, 620, 3000), (60, 70)))
STEADY = estimate_durations(PastRuns((900, 910, 890, 905, 901, 899)))


def evenly(begin: float, end: float, share: float = 1.0) -> list[tuple[float, float]]:
    """Edges of runs that end at any time between, each as likely."""
    density = share / (end - begin)
    return [(begin, density), (end, -density)]


def known(*blocks: list[tuple[float, float]]) -> DurationModel:
    """Without anything unknown."""
    return DurationModel(sorted(edge for block in blocks for edge in block), 0.0, 1.0)


def still_open(durations: DurationModel, seconds: float) -> float:
    """S(t): one, less the density up to now, less the part of the unknown that has ended."""
    known_ended = sum(change * max(0.0, seconds - at) for at, change in durations.edges)
    unknown_ended = 1 / (1 + (durations.middle_seconds / seconds) ** (1 / 0.9)) if seconds else 0.0
    return 1 - known_ended - durations.unknown_share * unknown_ended


def classical_interval(durations: DurationModel, seconds: float, poll_cost: float) -> float:
    """The square root of 2 c / h, with the hazard h from the slope of S just behind the moment."""
    instant = seconds * 1e-7
    here = still_open(durations, seconds)
    return sqrt(2 * poll_cost * here / ((here - still_open(durations, seconds + instant)) / instant))


def steps(durations: DurationModel, elapsed: float, poll_cost: float) -> list[float]:
    moments, _ = moments_worth_a_poll(durations, elapsed, poll_cost)
    return [after - before for before, after in pairwise(moments)]


def cost_of_a_sequence(moments: Sequence[float], shares: Sequence[float], polls: Sequence[int], cost: float) -> float:
    """Of polls at the moments of these places, the first of them now and the last at the last moment, beyond which all
    sequences cost the same.
    """
    total = 0.0
    for begin, end in pairwise(polls):
        open_seconds = sum(
            (shares[at] + shares[at + 1]) / 2 * (moments[at + 1] - moments[at]) for at in range(begin, end)
        )
        total += cost * shares[begin] + shares[begin] * (moments[end] - moments[begin]) - open_seconds
    return total


def first_of_the_cheapest(moments: Sequence[float], shares: Sequence[float], poll_cost: float) -> int:
    """Where the cheapest sequence goes first, found by trying all, and counting all that each costs."""
    last = len(moments) - 1
    sequences = [(0, *between, last) for count in range(last) for between in combinations(range(1, last), count)]
    best = min(sequences, key=lambda polls: cost_of_a_sequence(moments, shares, polls, poll_cost))
    return best[1]


@pytest.mark.parametrize("durations", [UNKNOWN_ONLY, FEW_OF_MANY_KINDS, STEADY, known(evenly(500, 1500))])
@pytest.mark.parametrize("elapsed", [0, 0.5, 65, 612, 900.5, 1400])
@pytest.mark.parametrize("poll_cost", [1, 12, 500])
def test_each_moment_has_the_share_still_open(durations: DurationModel, elapsed: float, poll_cost: float) -> None:
    moments, shares = moments_worth_a_poll(durations, elapsed, poll_cost)
    assert shares == pytest.approx([still_open(durations, moment) for moment in moments], abs=1e-9)


@pytest.mark.parametrize(
    ("durations", "elapsed", "shortest"),
    [*((FEW_OF_MANY_KINDS, elapsed, 0.2) for elapsed in (0, 65, 5000, 1e6)), (known(evenly(500, 900)), 500, 1)],
)
def test_moments_begin_now_and_follow_one_another(durations: DurationModel, elapsed: float, shortest: float) -> None:
    """A block that begins right now is no second moment."""
    moments, _ = moments_worth_a_poll(durations, elapsed, 12)
    assert moments[0] == elapsed
    assert min(steps(durations, elapsed, 12)) > shortest


def test_there_are_at_most_32_moments() -> None:
    assert len(moments_worth_a_poll(UNKNOWN_ONLY, 600, 12)[0]) == 32


def test_the_moments_go_on_until_a_thousandth_of_what_is_open_now_is_left() -> None:
    durations = known(evenly(50, 60, 0.5), evenly(200, 201, 0.499), evenly(300, 301, 0.0009), evenly(400, 401, 0.0001))
    moments, shares = moments_worth_a_poll(durations, 100, 3600)
    assert shares[0] == pytest.approx(0.5)
    assert moments[-1] == pytest.approx(301)


@pytest.mark.parametrize(
    ("durations", "elapsed"),
    [
        (DurationModel((), 1.0, 2), 0.7),
        (UNKNOWN_ONLY, 600),
        (UNKNOWN_ONLY, 5000),
        (DurationModel(evenly(0, 20_000, 0.5), 0.5, 600), 600),
        (DurationModel(evenly(0, 20_000, 0.5), 0.5, 600), 5000),
    ],
)
@pytest.mark.parametrize("poll_cost", [1, 12])
def test_moments_are_half_a_classical_interval_apart(
    durations: DurationModel, elapsed: float, poll_cost: float
) -> None:
    apart = steps(durations, elapsed, poll_cost)[0]
    assert apart == pytest.approx(classical_interval(durations, elapsed, poll_cost) / 2, rel=0.02)


@pytest.mark.parametrize(("elapsed", "poll_cost"), [(0, 12), (100, 12), (1000, 4)])
def test_where_nothing_is_expected_price_and_age_set_moments_apart(elapsed: float, poll_cost: float) -> None:
    apart = steps(known(evenly(FAR_AWAY, 2 * FAR_AWAY)), elapsed, poll_cost)[0]
    assert apart == pytest.approx(0.6 * elapsed + 15 * sqrt(poll_cost), rel=1e-3)


@pytest.mark.parametrize(("intervals_ahead", "parts"), [(1.2, 1), (1.4, 2), (2.25, 3), (5.5, 6)])
def test_the_way_to_an_edge_is_divided_evenly_unless_the_edge_is_near(intervals_ahead: float, parts: int) -> None:
    now, half_an_interval = 1000, 0.6 * 1000 + 15 * sqrt(4)
    ahead = intervals_ahead * half_an_interval
    assert steps(known(evenly(now + ahead, FAR_AWAY)), now, 4)[0] == pytest.approx(ahead / parts)


def test_edges_within_a_quarter_of_a_second_are_one_moment() -> None:
    durations = known(evenly(100, 300, 0.4), evenly(100.2, 300, 0.3), evenly(101, 300, 0.3))
    moments, shares = moments_worth_a_poll(durations, 60, 12)
    assert 100 not in moments
    assert {100.2, 101} <= set(moments)
    assert shares == pytest.approx([still_open(durations, moment) for moment in moments])


def test_the_first_poll_is_that_of_the_cheapest_of_all_sequences() -> None:
    chance = Random(20260115)
    firsts = []
    for _ in range(150):
        count = chance.randint(2, 6)
        moments = sorted(chance.uniform(1, 100) for _ in range(count))
        shares = sorted((chance.uniform(0.01, 1) for _ in range(count)), reverse=True)
        poll_cost = 10 ** chance.uniform(-1, 2)
        first = cheapest_first(moments, shares, poll_cost)
        assert first == first_of_the_cheapest(moments, shares, poll_cost)
        firsts.append(first)
    assert set(firsts) == {1, 2, 3, 4, 5}


def test_a_poll_waits_for_a_cliff_and_stands_just_behind_it() -> None:
    assert seconds_of_next_poll(known(evenly(1000, 1001)), 0, 12) == pytest.approx(1001)
    assert seconds_of_next_poll(known(evenly(1000, 1001)), 990, 12) == pytest.approx(1001)


@pytest.mark.parametrize("poll_cost", [1, 12, 100])
def test_where_the_hazard_hardly_changes_a_poll_comes_after_about_a_classical_interval(poll_cost: float) -> None:
    wait = seconds_of_next_poll(UNKNOWN_ONLY, 6000, poll_cost) - 6000
    assert abs(log(wait / classical_interval(UNKNOWN_ONLY, 6000, poll_cost))) < log(1.3)
