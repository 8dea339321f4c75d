"""Sets of a backfill whose last run was aborted before it knew its execution: close_run finds it, and so must they."""

from typing import Any

import pytest

from farsync.model.names import run_name
from farsync.operations.plan_backfill import plan_backfill
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.closed_runs import ClosingScene


def attempt(closing: ClosingScene, number: int) -> str:
    """The run's name."""
    return run_name("default", closing.cloud.job, "backfill", "a-key", str(number))


@pytest.fixture
def ended(closing: ClosingScene) -> Run:
    return closing.unconfirmed(name=attempt(closing, 1))


def assessed(closing: ClosingScene) -> dict[str, Any]:
    request = {"connection": "default", "job": closing.cloud.job}
    return closing.cloud.ask(plan_backfill, {"request": request, "set": {"index": 0, "parameters": {}, "key": "a-key"}})


@pytest.mark.parametrize("is_begun", [True, False])
def test_the_set_waits_for_what_its_closing_finds_and_then_gets_the_next_attempt(
    closing: ClosingScene, ended: Run, is_begun: bool
) -> None:
    if is_begun:
        closing.post()
    assert assessed(closing)["outcome"] == "later"
    closing.receive_until_done(ended)
    assert closing.types == (["execution.canceled"] if is_begun else ["run.failed"])
    assert assessed(closing)["name"] == attempt(closing, 2)


@pytest.mark.usefixtures("ended")
def test_while_nothing_was_emitted_of_it_the_set_does_not_run(closing: ClosingScene) -> None:
    execution_id = closing.post()
    closing.pass_time(3600)
    result = assessed(closing)["result"]
    assert (result["status"], result["executionId"]) == ("UNDECIDED", execution_id)
    closing.aws.reject("ListExecutions")
    result = assessed(closing)["result"]
    assert (result["status"], result.get("executionId")) == ("UNDECIDED", None), "the search fails"
