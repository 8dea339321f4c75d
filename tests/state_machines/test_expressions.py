"""What Step Functions makes of the expressions of every state machine; what tasks answered stands in
tools/reference_jsonata/recorded/.
"""

import copy
from datetime import timedelta
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from farsync.model.execution import WireModel
from farsync.model.run import Run
from farsync.operations.find_execution import Found
from farsync.operations.trigger_execution import Started
from tools.reference_jsonata.checking import MACHINES, Checked, checked, recorded_of, walked
from tools.reference_jsonata.engines import disagreements, in_sandbox, with_variants
from tools.reference_jsonata.walking import BEGUN

GRACE_SECONDS = 300
DAY = 24 * 3600
(RUN_JOB,) = (path for path in MACHINES if path.name.startswith("run_job."))

checked_once = lru_cache(checked)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.name)
def test_no_recorded_walk_meets_a_field_that_step_functions_does_not_take(machine: Path) -> None:
    found: Checked = checked_once(machine)
    assert found.evaluations
    assert found.faults == []


def test_the_sandbox_evaluates_every_expression_as_the_reference_does() -> None:
    evaluations = [evaluation for machine in MACHINES for evaluation in checked_once(machine).evaluations]
    assert disagreements(with_variants(evaluations)) == []


@pytest.mark.parametrize(
    "seconds_left", [-30 * DAY, -GRACE_SECONDS - 181, -GRACE_SECONDS - 119.999, -0.001, 0, 0.001, 421, DAY, 30 * DAY]
)
def test_follow_outlasts_deadline_and_grace_period_and_expects_a_heartbeat_before(seconds_left: float) -> None:
    definition, (recorded, *_) = recorded_of(RUN_JOB)
    changed = copy.deepcopy(recorded)
    # Follow is entered two seconds after the run began.
    deadline = BEGUN + timedelta(seconds=2 + seconds_left)
    changed["answers"]["Start"][0]["result"]["Payload"]["run"]["deadlineAt"] = deadline.isoformat(
        timespec="milliseconds"
    )
    evaluations, fault = walked("run_job", definition, changed)
    assert not fault
    timeout, heartbeat = (
        in_sandbox(next(found for found in evaluations if found.place.endswith(f"Follow.{name}")))
        for name in ("TimeoutSeconds", "HeartbeatSeconds")
    )
    assert timeout == max(60, ceil(seconds_left) + GRACE_SECONDS + 180)
    assert heartbeat == min(900, timeout - 1)


@pytest.mark.parametrize(("state", "model"), [("Prepare", Run), ("Start", Started), ("Find", Found)])
def test_what_is_recorded_of_a_function_is_what_it_answers(state: str, model: type[WireModel]) -> None:
    answers = [answer for walk in recorded_of(RUN_JOB)[1] for answer in walk["answers"].get(state, ())]
    payloads: list[dict[str, Any]] = [answer["result"]["Payload"] for answer in answers if "result" in answer]
    assert payloads
    for payload in payloads:
        answered = model.model_validate(payload).model_dump(mode="json", by_alias=True, exclude_none=True)
        for recorded, real in ((payload, answered), (payload.get("run", {}), answered.get("run", {}))):
            # What is left out of the record has its default in the answer.
            assert {**real, **recorded, "run": None} == {**real, "run": None}
