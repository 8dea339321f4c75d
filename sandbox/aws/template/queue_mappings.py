"""Event source mappings: SQS events of a template's functions.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-sqs.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.aws.template.event_sources import events_of
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.model import Function, Queue, QueueMapping
from sandbox.aws.template.yaml_document import TemplateError

_KNOWN = frozenset({"Queue", "BatchSize", "Enabled", "FunctionResponseTypes", "ScalingConfig"})
_DEFAULT_BATCH = 10
_DEFAULT_VISIBILITY_SECONDS = 30
_REPORT = "ReportBatchItemFailures"


def read_queue_mappings(
    resolver: Resolver, functions: Sequence[Function], queues: Sequence[Queue]
) -> Iterator[QueueMapping]:
    """Raises TemplateError for what AWS would not deploy and what the sandbox does not know."""
    functions_by_id = {function.logical_id: function for function in functions}
    queues_by_name = {queue.name: queue for queue in queues}
    for owner, source, properties in events_of(resolver, "SQS"):
        where = f"{owner}.Events.{source}"
        if unknown := set(properties) - _KNOWN:
            raise TemplateError(f"{where}.{min(unknown)}: the sandbox does not know it")
        arn = str(properties.get("Queue"))
        queue = queues_by_name.get(arn.rpartition(":")[2])
        if queue is None:
            raise TemplateError(f"{where}.Queue: {arn} is no queue of this template")
        function = functions_by_id[owner]
        visibility = int(queue.attributes.get("VisibilityTimeout", _DEFAULT_VISIBILITY_SECONDS))
        if visibility < function.timeout_seconds:
            raise TemplateError(
                f"{where}.Queue: the visibility time-out of {queue.logical_id} ({visibility} s) is shorter than "
                f"the time-out of {owner} ({function.timeout_seconds} s)"
            )
        yield QueueMapping(
            name=f"{owner}{source}",
            queue=queue.name,
            queue_arn=arn,
            function=function.name,
            function_id=owner,
            batch_size=int(properties.get("BatchSize", _DEFAULT_BATCH)),
            reports_failures=_REPORT in properties.get("FunctionResponseTypes", []),
            maximum_concurrency=_maximum_concurrency(properties, where),
            is_enabled=str(properties.get("Enabled", True)).lower() == "true",
        )


def _maximum_concurrency(properties: Mapping[str, Any], where: str) -> int | None:
    given = (properties.get("ScalingConfig") or {}).get("MaximumConcurrency")
    if given is None:
        return None
    try:
        maximum = int(given)
    except (TypeError, ValueError):
        maximum = 0
    if not 2 <= maximum <= 1000:
        raise TemplateError(f"{where}.ScalingConfig.MaximumConcurrency: {given} is not from 2 to 1000")
    return maximum
