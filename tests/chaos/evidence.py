"""A dump, read into one vocabulary: what the providers, the queues and the state machines say."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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


class Walk:
    """An execution of a state machine, as far as it came."""

    def __init__(self, machine: str, shown: Mapping[str, Any]) -> None:
        events = shown["events"]
        self.machine, self.name, self.status = machine, str(shown["name"]), str(shown["status"])
        self.error: str | None = details_of(events[-1]).get("error") if events else None
        self.began_at, self.ended_at = (_read_moment(shown.get(member)) for member in ("startDate", "stopDate"))
        self.claimed = set(claimed_executions(events)) if machine == "run_job" else set()
        """The provider's executions that its run variable ever named."""
        self.steps = tuple(walk(events)) if machine == "run_job" else ()
        """States entered and errors met, in order, each with the seconds since its start."""


class Evidence:
    """All that the files of a dump say."""

    def __init__(self, folder: Path) -> None:
        play, messages, queue = (_read(folder / f"{name}.json") for name in ("play", "messages", "queue"))
        histories = sorted(folder.glob("executions-*.jsonl"))
        logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
        self.elapsed_seconds: float = play["elapsedSeconds"]
        self.deeds: list[dict[str, Any]] = play["deeds"]
        self.runs = list(_read_runs(folder))
        self.executions = [entry for path in sorted(folder.glob("started-*.json")) for entry in _read_started(path)]
        self.walks = [
            Walk(path.stem.removeprefix("executions-"), shown) for path in histories for shown in _read_lines(path)
        ]
        self.events = [Event.model_validate(event) for event in queue if event["type"] not in NO_COMPLETION]
        self.notices = {event["id"] for event in queue if event["type"] in NO_COMPLETION}
        """Ids of events on the queue that are no completion."""
        self.backfill_events = sum(event["type"] == BACKFILL for event in queue)
        self.left: dict[str, int] = messages["left"]
        """How many messages are left on the queues of work."""
        self.dead_letters: dict[str, list[str]] = messages["deadLetters"]
        self.secrets: dict[str, str] = _read(folder / "secrets.json")
        self.outputs = [folder / "queue.json", folder / "messages.json", *histories, *logs]
        """The files in which no secret may stand."""


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


def _read_moment(epoch_seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(epoch_seconds, UTC) if epoch_seconds else None
