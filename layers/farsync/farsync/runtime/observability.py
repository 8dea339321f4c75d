"""One logger and one set of metrics for every function."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from farsync.aws.client import AwsRequestFailed, named
from farsync.model.errors import FarsyncError, Throttled
from farsync.model.execution import Execution

logger = Logger(service="farsync")
metrics = Metrics(namespace=os.environ.get("METRICS_NAMESPACE", "farsync"), service="farsync")

_CONNECTION = re.compile(r"[A-Za-z0-9_-]{1,40}")
_EXECUTION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_RUN_NAME = 80
_LONGEST_JOB = 128


def count(metric: str) -> None:
    """One more of something."""
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=1)


def measure_seconds(metric: str, seconds: float) -> None:
    """A duration."""
    metrics.add_metric(name=metric, unit=MetricUnit.Seconds, value=seconds)


@contextmanager
def log_context(payload: Mapping[str, object] | None, run_name: object = None) -> Iterator[None]:
    """Every log line inside carries run, connection, job and execution; metrics leave when it closes.

    `payload` is None where it could not be read, `run_name` the run that the path of an HTTP call names. Nobody has
    checked either yet: what is no such name, and may hold a secret in the wrong place, is left out.
    """
    asked = payload or {}
    request, run = asked.get("request"), asked.get("run")
    subject = dict(asked)
    for part in (request, run):
        if isinstance(part, Mapping):
            subject.update(part)
    # A name alone may be that of a run, whose connection is not known yet.
    is_default_meant = payload is not None and run_name is None and ("job" in subject or "name" not in subject)
    keys = {
        "run": _if_short(subject.get("name") if isinstance(run, Mapping) else run_name, _LONGEST_RUN_NAME),
        "connection": _if_matching(_CONNECTION, subject.get("connection", "default" if is_default_meant else None)),
        "job": _if_short(subject.get("job"), _LONGEST_JOB),
        "execution_id": _if_matching(_EXECUTION_ID, subject.get("executionId")),
    }
    with logger.append_context_keys(**keys):
        try:
            yield
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()


def _if_matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _if_short(value: object, longest: int) -> str | None:
    """A single line of so many characters at most."""
    return value if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable() else None


def log_rejection(error: FarsyncError) -> None:
    """The provider's own words go to the log and nowhere else; a call that was throttled to its end is counted. A
    failure of AWS is logged by its name, with its remedy.
    """
    said = error.said
    if isinstance(error, AwsRequestFailed):
        error = named(error)
    if isinstance(error, Throttled):
        count("CallsThrottled")
    logger.warning(
        str(error),
        error_name=type(error).__name__,
        provider_http_status=said.http_status if said else None,
        provider_code=said.code if said else None,
        provider_message=said.message if said else None,
        provider_trace_id=said.trace_id if said else None,
    )


def report_unknown_status(execution: Execution) -> None:
    """An unknown word is logged and counted, and never an end."""
    if not execution.is_status_known:
        count("UnknownStatuses")
        logger.warning("status word unknown to farsync", provider_status=execution.provider_status)
