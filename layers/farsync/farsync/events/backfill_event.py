"""The event of a backfill that is over. Its JSON Schema is committed under docs/."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from farsync.events.completion_event import CloudEvent, event_source
from farsync.events.event_json import bytes_within_json, event_document, json_text
from farsync.model.execution import Instant, WireModel
from farsync.model.names import backfill_event_id
from farsync.model.run_request import ParameterValue

BACKFILL_SCHEMA: Literal["urn:farsync:schema:backfill-event:1"] = "urn:farsync:schema:backfill-event:1"
RESULTS_SHOWN = 50
LARGEST_RESULTS_BYTES = 100_000
RESULTS_IN_A_CAUSE = 10
"""A cause has 32,768 characters, and labels may take half of them."""

SetStatus = Literal["SUCCEEDED", "DONE_BEFORE", "FAILED", "UNDECIDED", "SKIPPED"]
THE_FIRST: tuple[SetStatus, ...] = ("UNDECIDED", "FAILED", "SKIPPED", "SUCCEEDED", "DONE_BEFORE")
"""In this order results are shown: those first that somebody must do something about."""

Count = Annotated[int, Field(ge=0)]


class BackfillResult(WireModel):
    """What came of one set of parameters."""

    index: Count
    """Its place among the sets, or among the days, from 0."""
    status: SetStatus
    """DONE_BEFORE: a run of an earlier backfill had succeeded. UNDECIDED: how its last run ended is not known, or what
    that has started; it needs a person. SKIPPED: not started after too many failures.
    """
    parameters: Mapping[str, ParameterValue] | None = None
    """Left out of all results where they would fill more than 100,000 characters."""
    run_name: str | None = None
    execution_id: str | None = None
    error: str | None = None
    """The error name that the run ended with."""
    message: str | None = None
    """Why the set was not run, and what to do."""
    candidates: tuple[str, ...] | None = None
    """Of an ambiguous start, executions of which one may be the run's own."""


class BackfillData(WireModel):
    """How many sets came to which end, and up to RESULTS_SHOWN of them: those first that need a person, then those that
    failed, then those skipped.
    """

    connection: str
    job: str
    backfill_name: str
    labels: Mapping[str, str]
    status: Literal["SUCCEEDED", "FAILED"]
    """FAILED where a set failed, is undecided or was skipped."""
    started_at: Instant
    ended_at: Instant
    total: Count
    succeeded: Count
    done_before: Count
    failed: Count
    undecided: Count
    skipped: Count
    results: Annotated[tuple[BackfillResult, ...], Field(max_length=RESULTS_SHOWN)]


class BackfillEvent(CloudEvent):
    """CloudEvents 1.0. One for each execution of run_backfill."""

    type: Literal["io.farsync.backfill.completed"]
    subject: str
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:farsync:schema:backfill-event:1"] = BACKFILL_SCHEMA
    data: BackfillData


def backfill_event(
    *,
    execution_arn: str,
    name: str,
    connection: str,
    job: str,
    labels: Mapping[str, str],
    results: Iterable[BackfillResult],
    parameters: Mapping[int, Mapping[str, object]],
    started_at: datetime,
    ended_at: datetime,
) -> BackfillEvent:
    """`parameters` are those of every set by its index; a set without a result was skipped."""
    known = {result.index: result for result in results}
    every = [known.get(index) or BackfillResult(index=index, status="SKIPPED") for index in parameters]
    every.sort(key=lambda result: THE_FIRST.index(result.status))
    counts = Counter(result.status for result in every)
    data = BackfillData(
        connection=connection,
        job=job,
        backfill_name=name,
        labels=labels,
        status="FAILED" if counts["FAILED"] + counts["UNDECIDED"] + counts["SKIPPED"] else "SUCCEEDED",
        started_at=started_at,
        ended_at=ended_at,
        total=len(every),
        succeeded=counts["SUCCEEDED"],
        done_before=counts["DONE_BEFORE"],
        failed=counts["FAILED"],
        undecided=counts["UNDECIDED"],
        skipped=counts["SKIPPED"],
        results=_shown(every[:RESULTS_SHOWN], parameters),
    )
    return BackfillEvent(
        id=backfill_event_id(execution_arn),
        source=event_source(connection, job),
        type="io.farsync.backfill.completed",
        subject=name,
        time=ended_at,
        data=data,
    )


def _shown(
    results: Iterable[BackfillResult], parameters: Mapping[int, Mapping[str, object]]
) -> tuple[BackfillResult, ...]:
    """With their parameters, as long as these fit."""
    bare = tuple(results)
    whole = tuple(
        BackfillResult.model_validate({**result.model_dump(), "parameters": parameters[result.index]})
        for result in bare
    )
    document = [result.model_dump(mode="json", by_alias=True, exclude_none=True) for result in whole]
    return whole if bytes_within_json(json_text(document)) <= LARGEST_RESULTS_BYTES else bare


def backfill_cause(event: BackfillEvent) -> str:
    """The cause with which a backfill fails: the event's data with its first results, without their parameters."""
    data = event_document(event)["data"]
    first = [{name: value for name, value in result.items() if name != "parameters"} for result in data["results"]]
    return json_text({**data, "results": first[:RESULTS_IN_A_CAUSE]})
