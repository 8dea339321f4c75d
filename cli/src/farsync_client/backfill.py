"""Backfills: one job with many sets of parameters, by the stack's own state machine `run_backfill`."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from farsync_client.answers import parsed
from farsync_client.aws_json import AwsJson
from farsync_client.errors import AwsRejected, NoFarsyncStack
from farsync_client.models import WireModel
from farsync_client.settings import StackSettings


class PlannedSet(WireModel):
    index: int
    parameters: Mapping[str, Any] = {}


class BackfillPlan(WireModel):
    """What a backfill would run."""

    connection: str
    job: str
    max_concurrency: int = 1
    items: tuple[PlannedSet, ...] = ()


class SetResult(WireModel):
    """What came of one set of parameters."""

    index: int
    status: str
    parameters: Mapping[str, Any] = {}
    run_name: str | None = None
    error: str | None = None
    message: str | None = None


class BackfillResult(WireModel):
    """How a backfill ended: counts, and those sets first that need a person."""

    total: int = 0
    succeeded: int = 0
    done_before: int = 0
    failed: int = 0
    undecided: int = 0
    skipped: int = 0
    results: tuple[SetResult, ...] = ()


class BackfillStatus(NamedTuple):
    state: str
    """As Step Functions has it: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED."""
    started_at: datetime
    result: BackfillResult | None
    reason: str
    """Why it failed, where there is no result."""


class Backfills:
    """Every method raises what `AwsJson` does."""

    def __init__(self, aws: AwsJson, stack: StackSettings) -> None:
        self._aws = aws
        self._stack = stack

    def plan(self, request: Mapping[str, object]) -> BackfillPlan:
        """Starts nothing. Raises FunctionFailed where the request is wrong; the text names the field."""
        if not self._stack.outputs:
            raise _outputs_unknown()
        return parsed(BackfillPlan, self._aws.invoke(f"{self._stack.stack}-plan_backfill", request))

    def start(self, request: Mapping[str, object], name: str) -> str:
        """The ARN of its execution; one name with one request is one backfill while it goes on."""
        machine = self._stack.outputs.get("RunBackfillStateMachineArn")
        if not machine:
            raise _outputs_unknown()
        body = {"stateMachineArn": machine, "name": name, "input": json.dumps(request)}
        try:
            return str(self._aws.call("states", "StartExecution", body)["executionArn"])
        except AwsRejected as error:
            if error.code == "ExecutionAlreadyExists":
                error.remedy = "Take another --name: this one has been used in the last 90 days."
            raise

    def status(self, arn: str) -> BackfillStatus:
        described = self._aws.call("states", "DescribeExecution", {"executionArn": arn})
        text = described.get("output") or described.get("cause") or ""
        return BackfillStatus(
            str(described["status"]),
            datetime.fromtimestamp(float(described["startDate"]), UTC),
            _result(text),
            f"{described.get('error', '')}: {_message(text)}" if described.get("error") else "",
        )


def _outputs_unknown() -> NoFarsyncStack:
    return NoFarsyncStack(
        "The outputs of the stack are not known.", remedy="Read them: farsync use --stack NAME --region REGION"
    )


def _result(text: str) -> BackfillResult | None:
    content = _object(text)
    return parsed(BackfillResult, content) if "total" in content else None


def _message(text: str) -> str:
    """Of what a function raised its message; else the text itself."""
    return str(_object(text).get("errorMessage") or text)


def _object(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
