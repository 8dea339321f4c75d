from random import Random

import pytest

from benchmarks.forks import CRASH_RATES, IDEAL_POLLS, follow, row


@pytest.mark.parametrize("crash_rate", CRASH_RATES)
def test_a_message_that_is_hidden_never_forks_and_polls_no_more_than_without_crashes(
    crash_rate: float,
) -> None:
    hidden = row(sends_next=False, crash_rate=crash_rate, runs=50, seed=1)
    assert hidden.share_forked == 0
    assert 0.8 < hidden.polls_to_ideal <= 1


def test_sending_the_next_message_forks_a_large_share_of_the_runs_at_one_crash_in_a_thousand_steps() -> None:
    sent = row(sends_next=True, crash_rate=1e-3, runs=300, seed=1)
    assert 0.3 < sent.share_forked < 0.5
    assert sent.polls_to_ideal > 1.1


def test_without_a_crash_both_ways_poll_alike() -> None:
    for sends_next in (True, False):
        assert follow(sends_next=sends_next, crash_rate=1e-12, random=Random(1)) == (IDEAL_POLLS, 0)


def test_the_same_seed_crashes_at_the_same_steps() -> None:
    rows = [row(sends_next=True, crash_rate=1e-3, runs=20, seed=seed) for seed in (3, 3, 4)]
    assert rows[0] == rows[1] != rows[2]
