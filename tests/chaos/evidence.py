"""A dump, read into one vocabulary: what the providers, the queues and the state machines say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.runs import Job, Run
from tests.chaos.walks import claimed_executions, details_of, first_input, walk

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


@dataclass(frozen=True)
class Execution:
    """Truly started, by its provider's own log."""

    cloud: str
    execution_id: str
    job: str
    value: str | None
    """Of the parameter that each run has for itself."""
    word: str
    was_cancel_asked: bool
    """Whether a cancel took effect."""
    cancels_received: int
    """How many calls that cancel it arrived, whatever they were answered."""
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def outcome(self) -> str | None:
        return OUTCOMES.get(self.word)


@dataclass(frozen=True)
class Event:
    """A completion event from the queue."""

    event_id: str
    type: str
    run_name: str | None
    execution_id: str | None
    provider_word: str | None
    error: str | None
    message: str
    candidates: frozenset[str]
    is_cancel_confirmed: bool | None
    """None where it says nothing of a cancel."""
    token: str | None
    """Of the run, as its labels have it."""

    @property
    def outcome(self) -> str:
        """The last word of its type: succeeded, failed, canceled, timed_out, unobservable."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def is_about_an_execution(self) -> bool:
        return self.type.startswith("io.farsync.execution.")


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

    @property
    def is_watched(self) -> bool:
        """Whether the ends of foreign executions are events too."""
        return any(deed["deed"] == "watch" for deed in self.deeds)


def read_evidence(folder: Path) -> Evidence:
    play, messages, events = (_read(folder / f"{name}.json") for name in ("play", "messages", "queue"))
    histories = sorted(folder.glob("executions-*.jsonl"))
    logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
    return Evidence(
        elapsed_seconds=play["elapsedSeconds"],
        runs=tuple(_read_runs(folder)),
        executions=tuple(entry for path in sorted(folder.glob("started-*.json")) for entry in _read_started(path)),
        events=tuple(_read_event(event) for event in events if event["type"] not in NO_COMPLETION),
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
    for entry in _read(path):
        parameters = entry.get("parameters") or entry.get("jobParams") or {}
        execution_id = str(entry.get("jobExecutionId") or entry["instanceId"])
        yield Execution(
            cloud=path.stem.removeprefix("started-"),
            execution_id=execution_id,
            job=str(entry.get("jobId") or entry["jobName"]),
            value=parameters.get("$table_name") or parameters.get("table_name"),
            word=entry["status"],
            was_cancel_asked=bool(entry.get("cancelRequestedAt") or entry.get("stopRequestedAt")),
            cancels_received=sum(requests.get(operation, {}).get(execution_id, 0) for operation in CANCELS),
            started_at=_read_moment(entry.get("startedAt")),
            ended_at=_read_moment(entry.get("endedAt")),
        )


def _read_moment(value: str | float | None) -> datetime | None:
    if not value:
        return None
    return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)


def _read_event(event: Any) -> Event:
    data = event["data"]
    error = data.get("error") or {}
    return Event(
        event_id=event["id"],
        type=event["type"],
        run_name=data.get("runName"),
        execution_id=data.get("executionId"),
        provider_word=data.get("providerStatus"),
        error=error.get("name"),
        message=error.get("message", ""),
        candidates=frozenset(candidate["executionId"] for candidate in data.get("candidates") or ()),
        is_cancel_confirmed=data.get("cancelConfirmed"),
        token=(data.get("labels") or {}).get("token"),
    )


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
            began_at=_read_moment(shown.get("startDate")),
            ended_at=_read_moment(shown.get("stopDate")),
        )
