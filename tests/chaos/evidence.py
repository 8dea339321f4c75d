"""A dump, read into one vocabulary: what the providers, the queues and the state machines say."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field

from tests.chaos.histories import claimed_executions, details_of, first_input, walk
from tests.chaos.runs import Job, Run

OUTCOMES = {
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "success": "succeeded",
    "fail": "failed",
    "manual-stop": "canceled",
}
"""An execution's last word at its provider; any other word means that it has not ended."""
BACKFILL = "io.farsync.backfill.completed"
NO_COMPLETION = frozenset({"io.farsync.execution.needs_attention", BACKFILL})
CANCELS = ("cancelJobExecution", "StopJobInstance")


class Execution(BaseModel):
    """Truly started, by its provider's own log."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    cloud: str
    execution_id: str = Field(validation_alias=AliasChoices("jobExecutionId", "instanceId"))
    job: str = Field(validation_alias=AliasChoices("jobId", "jobName"))
    parameters: dict[str, str] = Field(validation_alias=AliasChoices("parameters", "jobParams"))
    word: str = Field(validation_alias="status")
    cancelled_at: str | None = Field(None, validation_alias=AliasChoices("cancelRequestedAt", "stopRequestedAt"))
    """When a cancel took effect."""
    cancels_received: int
    """How many calls that cancel it arrived, whatever they were answered."""
    started_at: datetime | None = Field(None, validation_alias="startedAt")
    ended_at: datetime | None = Field(None, validation_alias="endedAt")

    @property
    def value(self) -> str | None:
        """Of the parameter that each run has for itself."""
        return self.parameters.get("$table_name") or self.parameters.get("table_name")

    @property
    def outcome(self) -> str | None:
        return OUTCOMES.get(self.word)


class Event(BaseModel):
    """A completion event from the queue."""

    id: str
    type: str
    run_name: str | None = Field(None, validation_alias=AliasPath("data", "runName"))
    execution_id: str | None = Field(None, validation_alias=AliasPath("data", "executionId"))
    provider_word: str | None = Field(None, validation_alias=AliasPath("data", "providerStatus"))
    error: str | None = Field(None, validation_alias=AliasPath("data", "error", "name"))
    message: str = Field("", validation_alias=AliasPath("data", "error", "message"))
    candidates: Sequence[dict[str, Any]] = Field((), validation_alias=AliasPath("data", "candidates"))
    cancel_confirmed: bool | None = Field(None, validation_alias=AliasPath("data", "cancelConfirmed"))
    token: str | None = Field(None, validation_alias=AliasPath("data", "labels", "token"))
    """Of the run, as its labels have it."""

    @property
    def outcome(self) -> str:
        """The last word of its type: succeeded, failed, canceled, timed_out, unobservable."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def is_about_an_execution(self) -> bool:
        return self.type.startswith("io.farsync.execution.")

    @property
    def candidate_ids(self) -> set[str]:
        return {candidate["executionId"] for candidate in self.candidates}


@dataclass(frozen=True)
class Walk:
    """An execution of a state machine, as far as it came."""

    machine: str
    name: str
    status: str
    error: str | None
    claimed: frozenset[str]
    """The provider's executions that its run variable ever named."""
    steps: tuple[str, ...]
    """States entered and errors met, in order, each with the seconds since its start."""
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    elapsed_seconds: float
    runs: tuple[Run, ...]
    executions: tuple[Execution, ...]
    events: tuple[Event, ...]
    walks: tuple[Walk, ...]
    secrets: Mapping[str, str]
    notices: frozenset[str]
    """Ids of events on the queue that are no completion."""
    backfill_events: int
    left: Mapping[str, int]
    """How many messages are left on the queues of work."""
    dead_letters: Mapping[str, list[str]]
    deeds: tuple[Mapping[str, Any], ...]
    outputs: tuple[Path, ...] = field(repr=False)
    """The files in which no secret may stand."""


def read_evidence(folder: Path) -> Evidence:
    play, messages, events = (_read(folder / f"{name}.json") for name in ("play", "messages", "queue"))
    histories = sorted(folder.glob("executions-*.jsonl"))
    logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
    return Evidence(
        elapsed_seconds=play["elapsedSeconds"],
        runs=tuple(_read_runs(folder)),
        executions=tuple(entry for path in sorted(folder.glob("started-*.json")) for entry in _read_started(path)),
        events=tuple(Event.model_validate(event) for event in events if event["type"] not in NO_COMPLETION),
        walks=tuple(walk for path in histories for walk in _read_walks(path)),
        secrets=_read(folder / "secrets.json"),
        notices=frozenset(event["id"] for event in events if event["type"] in NO_COMPLETION),
        backfill_events=sum(event["type"] == BACKFILL for event in events),
        left=messages["left"],
        dead_letters=messages["deadLetters"],
        deeds=tuple(play["deeds"]),
        outputs=(folder / "queue.json", folder / "messages.json", *histories, *logs),
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text())


def _read_lines(path: Path) -> Iterator[Any]:
    with path.open() as lines:
        yield from map(json.loads, lines)


def _read_runs(folder: Path) -> Iterator[Run]:
    """A backfill names its runs: they are known by the parameter that each has for itself. Those that it never came to
    are left out.
    """
    names = {
        value: shown["name"]
        for shown in _read_lines(folder / "executions-run_job.jsonl")
        for value in first_input(shown["events"]).get("parameters", {}).values()
        if isinstance(value, str)
    }
    for entry in _read(folder / "runs.json"):
        name = entry["name"] or names.get(entry["value"])
        if name or entry["way"] != "backfill":
            del entry["value"], entry["abort"]
            yield Run(**{**entry, "name": name, "job": Job(**entry["job"])})


def _read_started(path: Path) -> Iterator[Execution]:
    requests = _read(path.with_name(path.name.replace("started-", "requests-")))
    cancels = Counter[str]()
    for operation in CANCELS:
        cancels.update(requests.get(operation, {}))
    for entry in _read(path):
        execution_id = str(entry.get("jobExecutionId") or entry["instanceId"])
        more = {"cloud": path.stem.removeprefix("started-"), "cancels_received": cancels[execution_id]}
        yield Execution.model_validate({**entry, **more})


def _read_walks(path: Path) -> Iterator[Walk]:
    machine = path.stem.removeprefix("executions-")
    for shown in _read_lines(path):
        events = shown["events"]
        yield Walk(
            machine=machine,
            name=shown["name"],
            status=shown["status"],
            error=details_of(events[-1]).get("error") if events else None,
            claimed=frozenset(claimed_executions(events)) if machine == "run_job" else frozenset(),
            steps=tuple(walk(events)) if machine == "run_job" else (),
            began_at=datetime.fromtimestamp(shown["startDate"], UTC) if shown.get("startDate") else None,
            ended_at=datetime.fromtimestamp(shown["stopDate"], UTC) if shown.get("stopDate") else None,
        )
