"""What a run costs at AWS, estimated from a small table of published prices."""

from collections.abc import Mapping
from typing import NamedTuple

from farsync.run import Run

PRICES_READ_ON = "2026-11-22"
USD_PER_TRANSITION_ELSEWHERE = 0.025e-3
USD_PER_TRANSITION: Mapping[str, float] = {
    "ap-northeast-2": 0.0271e-3,
    "ap-south-1": 0.0285e-3,
    "eu-west-3": 0.0297e-3,
    "sa-east-1": 0.0375e-3,
    "us-west-1": 0.0279e-3,
}
"""Regions that differ from most: https://aws.amazon.com/step-functions/pricing/"""
USD_PER_CALL = 0.20e-6
USD_PER_GB_SECOND = 13.3334e-6
"""Arm64: https://aws.amazon.com/lambda/pricing/"""
GIGABYTES = 0.25
USD_PER_MESSAGE = 0.50e-6
"""Sent, received and deleted: https://aws.amazon.com/sqs/pricing/ (FIFO)"""
REQUESTS_PER_MESSAGE = 3
CALLS_BESIDE_LOOKS = 2
SECONDS_OF_A_CALL_BESIDE_LOOKS = 1.0
"""Prepare and Start; a cold start included, as most are."""


class Bill(NamedTuple):
    state_transitions: int
    estimated_cost_usd: float


def usd_per_transition(region: str) -> float:
    return USD_PER_TRANSITION.get(region, USD_PER_TRANSITION_ELSEWHERE)


def estimated_cost_usd(region: str, *, state_transitions: int, function_calls: int, function_seconds: float) -> float:
    """Before taxes and free tiers; logs and secrets are not in it."""
    return round(
        state_transitions * usd_per_transition(region)
        + function_calls * USD_PER_CALL
        + function_seconds * GIGABYTES * USD_PER_GB_SECOND
        + REQUESTS_PER_MESSAGE * USD_PER_MESSAGE,
        8,
    )


def bill_of_run(run: Run, state_transitions: int, region: str) -> Bill:
    """Up to its event's place on the queue."""
    cost_usd = estimated_cost_usd(
        region,
        state_transitions=state_transitions,
        function_calls=run.function_calls + CALLS_BESIDE_LOOKS,
        function_seconds=run.function_seconds + CALLS_BESIDE_LOOKS * SECONDS_OF_A_CALL_BESIDE_LOOKS,
    )
    return Bill(state_transitions, cost_usd)
