from datetime import UTC, datetime, timedelta

import pytest

from farsync.bill import bill_of_run, estimated_cost_usd
from farsync.run import Run

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(**fields: object) -> Run:
    return Run.model_validate(
        {
            "started_at": NOON,
            "deadline_at": NOON + timedelta(hours=2),
            "connection": "default",
            "provider": "naver",
            "job": "a-job",
            **fields,
        }
    )


@pytest.mark.parametrize(("region", "usd"), [("ap-northeast-2", 0.0271), ("us-east-1", 0.025), ("mars-north-1", 0.025)])
def test_a_thousand_transitions_cost_what_the_region_asks(region: str, usd: float) -> None:
    def cost(transitions: int) -> float:
        return estimated_cost_usd(region, state_transitions=transitions, function_calls=0, function_seconds=0)

    assert cost(1000) - cost(0) == pytest.approx(usd)


def test_calls_and_their_seconds_and_the_message_cost_little_beside() -> None:
    cost = estimated_cost_usd("us-east-1", state_transitions=0, function_calls=10, function_seconds=3)
    assert cost == pytest.approx(10 * 0.2e-6 + 3 * 0.25 * 13.3334e-6 + 3 * 0.5e-6, abs=1e-8)


def test_a_runs_bill_counts_its_looks_and_what_they_took() -> None:
    cheap = bill_of_run(run(function_calls=2, function_seconds=0.4), 20, "us-east-1")
    dear = bill_of_run(run(function_calls=30, function_seconds=60), 20, "us-east-1")
    assert cheap.state_transitions == dear.state_transitions == 20
    assert cheap.estimated_cost_usd == pytest.approx(20 * 0.025e-3, rel=0.05)
    assert dear.estimated_cost_usd > cheap.estimated_cost_usd
