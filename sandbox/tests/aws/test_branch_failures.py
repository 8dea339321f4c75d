"""What fails a branch or an iteration fails the state around it, by its own name."""

from typing import Any

import pytest

from sandbox.tests.aws.conftest import Run

BAD = {"StartAt": "B", "States": {"B": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "E"}]}}}
BAD["States"]["E"] = {"Type": "Succeed"}  # type: ignore[index]
AROUND: dict[str, dict[str, Any]] = {
    "Parallel": {"Type": "Parallel", "Branches": [BAD]},
    "Map": {"Type": "Map", "Items": [1], "ItemProcessor": {**BAD, "ProcessorConfig": {"Mode": "INLINE"}}},
}


@pytest.mark.parametrize("kind", AROUND)
def test_an_error_of_states_own_is_reported_by_its_name(run: Run, kind: str) -> None:
    ended = run({"Around": {**AROUND[kind], "End": True}})
    assert (ended["status"], ended["error"]) == ("FAILED", "States.NoChoiceMatched")


@pytest.mark.parametrize("kind", AROUND)
def test_an_error_of_states_own_is_caught_by_its_name(run: Run, kind: str) -> None:
    catch = [{"ErrorEquals": ["States.NoChoiceMatched"], "Output": "{% $states.errorOutput.Error %}", "Next": "Caught"}]
    ended = run({"Around": {**AROUND[kind], "Catch": catch, "End": True}, "Caught": {"Type": "Succeed"}})
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", "States.NoChoiceMatched")
