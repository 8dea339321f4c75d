import pytest

from benchmarks.cost.state_counts import good_way
from farsync.events.cost import TRANSITIONS_OF_EMIT_EVENT, TRANSITIONS_OF_RUN_JOB, cost_of_run, estimated_cost_usd


@pytest.mark.parametrize(("region", "usd"), [("ap-northeast-2", 0.0271), ("us-east-1", 0.025), ("mars-north-1", 0.025)])
def test_a_thousand_transitions_cost_the_regions_price(region: str, usd: float) -> None:
    def cost(transitions: int) -> float:
        return estimated_cost_usd(region, transitions=transitions, polls=0)

    assert cost(1000) - cost(0) == pytest.approx(usd)


def test_a_poll_costs_two_requests_and_a_call_of_a_tenth_of_a_second() -> None:
    polls = cost_of_run("us-east-1", polls=1000)
    without = cost_of_run("us-east-1", polls=0)
    assert polls - without == pytest.approx(1000 * (2 * 0.4e-6 + 0.2e-6 + 0.12 * 0.25 * 13.3334e-6), abs=2e-8)


def test_a_run_without_polls_costs_its_transitions_two_calls_and_its_messages() -> None:
    calls = 2 * 0.2e-6 + 2 * 0.25 * 13.3334e-6
    messages = 0.4e-6 + 3 * 0.5e-6 + 1e-6
    expected = 8 * 0.025e-3 + calls + messages
    assert cost_of_run("us-east-1", polls=0) == pytest.approx(expected, abs=1e-8)


def test_the_transitions_of_a_run_are_those_of_its_machines() -> None:
    assert len(good_way("run_job")) == TRANSITIONS_OF_RUN_JOB
    assert len(good_way("emit_event")) == TRANSITIONS_OF_EMIT_EVENT
