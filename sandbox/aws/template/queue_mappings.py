"""Event source mappings of a template, between queues and functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.aws.template.event_sources import resources_of
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.model import Function, Queue, QueueMapping
from sandbox.aws.template.yaml_document import TemplateError

_KNOWN = frozenset({"EventSourceArn", "FunctionName", "BatchSize", "Enabled", "FunctionResponseTypes", "ScalingConfig"})
_DEFAULT_BATCH = 10
_DEFAULT_VISIBILITY_SECONDS = 30
_REPORT = "ReportBatchItemFailures"


def read_queue_mappings(
    resolver: Resolver, functions: Sequence[Function], queues: Sequence[Queue]
) -> Iterator[QueueMapping]:
    """Raises TemplateError for what AWS would not deploy and what the sandbox does not know."""
    functions_by_name = {function.name: function for function in functions}
    queues_by_name = {queue.name: queue for queue in queues}
    for where, properties in resources_of(resolver, "AWS::Lambda::EventSourceMapping"):
        if unknown := set(properties) - _KNOWN:
            raise TemplateError(f"{where}.{min(unknown)}: the sandbox does not know it")
        arn = str(properties.get("EventSourceArn"))
        queue = queues_by_name.get(arn.rpartition(":")[2])
        if queue is None:
            raise TemplateError(f"{where}.EventSourceArn: {arn} is no queue of this template")
        function = functions_by_name.get(str(properties.get("FunctionName")))
        if function is None:
            raise TemplateError(
                f"{where}.FunctionName: {properties.get('FunctionName')} is no function of this template"
            )
        visibility = int(queue.attributes.get("VisibilityTimeout", _DEFAULT_VISIBILITY_SECONDS))
        if visibility < function.timeout_seconds:
            raise TemplateError(
                f"{where}.EventSourceArn: the visibility time-out of {queue.logical_id} ({visibility} s) is shorter "
                f"than the time-out of {function.logical_id} ({function.timeout_seconds} s)"
            )
        yield QueueMapping(
            name=where,
            queue=queue.name,
            queue_arn=arn,
            function=function.name,
            function_id=function.logical_id,
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
