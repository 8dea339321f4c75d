from benchmarks.forks import follow_all


def test_a_hidden_message_never_forks_and_sending_the_next_forks_many_runs_at_one_crash_in_a_thousand_steps() -> None:
    hidden, sent = (
        follow_all(sends_next=sends_next, crash_rate=1e-3, runs=200, seed=1) for sends_next in (False, True)
    )
    assert hidden.share_forked == 0
    assert 0.8 < hidden.polls_to_ideal <= 1
    assert 0.3 < sent.share_forked < 0.5
    assert sent.polls_to_ideal > 1.1
