"""Rules on the status of executions, and what their targets get."""

import json
from typing import Any

import pytest

from sandbox.aws.events.rules import matches, target_input
from sandbox.aws.template.model import Target

EVENT = {"source": "aws.states", "detail": {"status": "FAILED", "name": "abc-1", "tags": ["x", "y"]}}


@pytest.mark.parametrize(
    ("pattern", "is_match"),
    [
        ({"source": ["aws.states"], "detail": {"status": ["FAILED", "ABORTED"]}}, True),
        ({"source": ["aws.sqs"]}, False),
        ({"detail": {"output": ["x"]}}, False),
    ],
)
def test_a_pattern_matches_as_in_eventbridge(pattern: dict[str, Any], is_match: bool) -> None:
    assert matches(pattern, EVENT) is is_match


def test_a_filter_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="prefix"):
        matches({"source": [{"prefix": "aws."}]}, EVENT)


def test_a_target_gets_the_event_a_constant_or_a_filled_template() -> None:
    assert json.loads(target_input(Target("a", None), EVENT)) == EVENT
    assert target_input(Target("a", "7"), EVENT) == "7"
    transformer = {
        "InputPathsMap": {"name": "$.detail.name", "tags": "$.detail.tags"},
        "InputTemplate": '{"nameParts": [["<name>", "x-<name>"]], "plain": <name>, "tags": <tags>}',
    }
    assert json.loads(target_input(Target("a", None, transformer), EVENT)) == {
        "nameParts": [["abc-1", "x-abc-1"]],
        "plain": "abc-1",
        "tags": ["x", "y"],
    }
