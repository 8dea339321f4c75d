"""What a run costs at AWS, estimated from a small table of published prices. Pure."""

from collections.abc import Mapping

PRICES_READ_ON = "2026-11-30"
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
USD_PER_QUEUE_REQUEST = 0.40e-6
USD_PER_FIFO_REQUEST = 0.50e-6
"""https://aws.amazon.com/sqs/pricing/; a monthly million without charge is not counted."""
USD_PER_BUS_EVENT = 1.00e-6
"""https://aws.amazon.com/eventbridge/pricing/"""
GIGABYTES = 0.25

TRANSITIONS_OF_RUN_JOB = 5
"""Prepare, Start, Decide, Follow, Succeeded."""
TRANSITIONS_OF_EMIT_EVENT = 3
"""Send, Record, Publish."""
CALLS_BEFORE_POLLS = 2
SECONDS_OF_A_CALL_BEFORE_POLLS = 1.0
"""Prepare and Start; a cold start included, as most are."""
SECONDS_OF_A_POLL = 0.12
"""A warm call of poll_execution, most of which waits for the provider's reply."""
QUEUE_REQUESTS_OF_A_POLL = 2
"""The message is received, and hidden again or deleted. A heartbeat of its task is free."""
FIFO_REQUESTS_OF_AN_EVENT = 3
"""Sent, received and deleted."""


def usd_per_transition(region: str) -> float:
    return USD_PER_TRANSITION.get(region, USD_PER_TRANSITION_ELSEWHERE)


def estimated_cost_usd(region: str, *, transitions: int, polls: int) -> float:
    """Of a run up to its event's consumer, `emit_event` included; without taxes, free tiers, logs and secrets."""
    function_seconds = CALLS_BEFORE_POLLS * SECONDS_OF_A_CALL_BEFORE_POLLS + polls * SECONDS_OF_A_POLL
    return round(
        transitions * usd_per_transition(region)
        + (CALLS_BEFORE_POLLS + polls) * USD_PER_CALL
        + function_seconds * GIGABYTES * USD_PER_GB_SECOND
        + (1 + polls * QUEUE_REQUESTS_OF_A_POLL) * USD_PER_QUEUE_REQUEST
        + FIFO_REQUESTS_OF_AN_EVENT * USD_PER_FIFO_REQUEST
        + USD_PER_BUS_EVENT,
        8,
    )


def cost_of_run(region: str, *, polls: int) -> float:
    """USD of a run in which nothing went wrong, as most are; see `estimated_cost_usd`."""
    transitions = TRANSITIONS_OF_RUN_JOB + TRANSITIONS_OF_EMIT_EVENT
    return estimated_cost_usd(region, transitions=transitions, polls=polls)
