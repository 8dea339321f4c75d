"""Plan a backfill: which sets come next; once none is left, its event is emitted.

Who asks with the request of a backfill sees its plan, and starts nothing.
"""

from collections.abc import Mapping
from typing import Any, Literal

from farsync.aws.client import named_failures
from farsync.aws.emitting import emit
from farsync.aws.executions import describe_execution, instant
from farsync.events.backfill_event import BackfillResult, backfill_cause, backfill_event
from farsync.events.event_json import event_document
from farsync.model.backfill_request import PlannedSet, read_plan
from farsync.model.execution import WireModel
from farsync.model.json_text import JsonInvalid, read_json
from farsync.model.run import OwnModel
from farsync.model.validation import rejection, validated
from farsync.operations.assess_set import SetToAssess, assess_set
from farsync.runtime.context import Context
from farsync.runtime.observability import logger
from farsync.runtime.request import Answer, Invocation, as_object


class Progress(OwnModel):
    """Which execution of `run_backfill`, and what became of its sets until now."""

    execution_arn: str
    results: tuple[BackfillResult, ...]


class NextStep(WireModel):
    """`run` these sets; or all is over, with the event's data where every set is done, and else with a cause."""

    outcome: Literal["run", "succeeded", "incomplete"]
    request: Mapping[str, object] | None = None
    """What all runs share."""
    items: tuple[PlannedSet, ...] | None = None
    max_concurrency: int | None = None
    data: Mapping[str, object] | None = None
    cause: str | None = None


@named_failures()
def plan_backfill(context: Context, invocation: Invocation) -> Answer:
    """Raises InvalidRequest; and ProviderUnavailable, Throttled or PermissionDenied where AWS does not answer."""
    payload = invocation.payload
    if invocation.trigger == "state_machine" and "executionArn" in payload:
        return Answer(_next_step(context, validated(Progress, payload)))
    if invocation.trigger == "state_machine" and "set" in payload:
        return Answer(assess_set(context, validated(SetToAssess, payload)))
    return Answer(read_plan(payload))


def _request(described: Mapping[str, Any]) -> Mapping[str, object]:
    """As it was sent: what a lenient reader would replace is rejected by name. Raises InvalidRequest."""
    try:
        return as_object(read_json(str(described.get("input"))), "$")
    except JsonInvalid as invalid:
        raise rejection(invalid.flaws) from None


def _next_step(context: Context, progress: Progress) -> NextStep:
    """The request is read from the execution: beside all results it would not fit into one state."""
    described = describe_execution(context, progress.execution_arn)
    plan = read_plan(_request(described))
    begun = {result.index for result in progress.results}
    left = tuple(item for item in plan.items if item.index not in begun)
    not_done = [result for result in progress.results if result.status in ("FAILED", "UNDECIDED")]
    if left and len(not_done) < plan.stop_on_failures:
        return NextStep(
            outcome="run",
            request=plan.request,
            items=left[: plan.group_size],
            max_concurrency=plan.max_concurrency,
        )
    event = backfill_event(
        execution_arn=progress.execution_arn,
        name=str(described["name"]),
        connection=plan.connection,
        job=plan.job,
        labels=plan.labels,
        results=progress.results,
        parameters={item.index: item.parameters for item in plan.items},
        started_at=instant(described["startDate"]),
        ended_at=context.now(),
    )
    emit(context, event)
    logger.info("event handed over", event_type=event.type, event_id=event.id)
    if event.data.status == "FAILED":
        return NextStep(outcome="incomplete", cause=backfill_cause(event))
    return NextStep(outcome="succeeded", data=event_document(event)["data"])
