"""The event of a backfill that is over. The state machine composes it; its JSON Schema is committed under docs/."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from farsync.execution import Instant, WireModel
from farsync.run_request import ParameterValue

BACKFILL_SCHEMA: Literal["urn:farsync:schema:backfill-event:1"] = "urn:farsync:schema:backfill-event:1"
RESULTS_TOLD = 50

Count = Annotated[int, Field(ge=0)]


class BackfillResult(WireModel):
    """What came of one set of parameters."""

    index: Count
    """Its place among the sets, or among the days, from 0."""
    status: Literal["SUCCEEDED", "DONE_BEFORE", "FAILED", "SKIPPED"]
    """DONE_BEFORE: a run of an earlier backfill had succeeded. SKIPPED: not started after too many failures."""
    parameters: Mapping[str, ParameterValue] | None = None
    """Left out of all results where they would fill more than 100,000 characters."""
    run_name: str | None = None
    execution_id: str | None = None
    error: str | None = None
    """The error name that the run ended with."""


class BackfillData(WireModel):
    """How many sets came to which end, and up to RESULTS_TOLD of them: those that failed first, then those skipped."""

    connection: str
    job: str
    backfill_name: str
    labels: Mapping[str, str]
    status: Literal["SUCCEEDED", "FAILED"]
    """FAILED where a set failed or was skipped."""
    started_at: Instant
    ended_at: Instant
    total: Count
    succeeded: Count
    done_before: Count
    failed: Count
    skipped: Count
    results: Annotated[tuple[BackfillResult, ...], Field(max_length=RESULTS_TOLD)]


class BackfillEvent(WireModel):
    """CloudEvents 1.0. One for each execution of run_backfill."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Literal["io.farsync.backfill.completed"]
    subject: str
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:farsync:schema:backfill-event:1"] = BACKFILL_SCHEMA
    data: BackfillData
