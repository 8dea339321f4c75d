"""Reads a dump: what the vendors, the queue and the state machines say, in one vocabulary."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CLOSES = ("run_job", "close_run")
OUTCOME_OF_WORD = {
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "success": "succeeded",
    "fail": "failed",
    "manual-stop": "canceled",
}
"""An execution's last word at its vendor; any other word means that it has not ended."""
NO_COMPLETION = "io.farsync.execution.needs_attention"


@dataclass(frozen=True)
class Executed:
    """An execution truly started, from a vendor's ledger."""

    cloud: str
    execution_id: str
    value: str | None
    """Of the parameter that each run has for itself."""
    word: str
    was_cancel_asked: bool

    @property
    def outcome(self) -> str | None:
        return OUTCOME_OF_WORD.get(self.word)


@dataclass(frozen=True)
class Told:
    """A completion event from the queue."""

    event_id: str
    type: str
    run_name: str | None
    execution_id: str | None
    vendor_word: str | None
    error: str | None
    candidates: frozenset[str]

    @property
    def outcome(self) -> str:
        """The last word of its type: succeeded, failed, canceled, timed_out, unobservable."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def is_about_an_execution(self) -> bool:
        return self.type.startswith("io.farsync.execution.")


@dataclass(frozen=True)
class Closed:
    """An execution of a state machine, or what is there of it."""

    machine: str
    name: str
    status: str
    error: str | None
    claimed: frozenset[str]
    """The executions that its run variable ever named."""
    walk: tuple[str, ...]
    """States entered and errors met, in order, each with the seconds since its start."""


@dataclass(frozen=True)
class Run:
    """A planned run and what was done to it."""

    name: str | None
    token: str
    cloud: str
    connection: str
    job: str
    pace: str
    value: str
    timeout_seconds: int
    cancels_on_abort: bool
    started_at: str
    aborted_at: str | None

    @property
    def may_be_cancelled(self) -> bool:
        return self.cancels_on_abort and (self.aborted_at is not None or self.has_deadline)

    @property
    def has_deadline(self) -> bool:
        """Whether it is made to pass its deadline; the others have an hour."""
        return self.timeout_seconds < 600


@dataclass(frozen=True)
class Evidence:
    seed: int
    elapsed_seconds: float
    runs: tuple[Run, ...]
    executed: tuple[Executed, ...]
    told: tuple[Told, ...]
    closed: tuple[Closed, ...]
    secrets: Mapping[str, str]
    deeds: tuple[Mapping[str, Any], ...] = ()
    outputs: tuple[Path, ...] = field(default=(), repr=False)
    """The files in which no secret may stand."""


def read_evidence(folder: Path) -> Evidence:
    plan = _read(folder / "plan.json")
    executions = sorted(folder.glob("executions-*.jsonl"))
    logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
    return Evidence(
        seed=plan["seed"],
        elapsed_seconds=plan["elapsedSeconds"],
        runs=tuple(_runs(plan)),
        executed=tuple(entry for path in sorted(folder.glob("ledger-*.json")) for entry in _ledger(path)),
        told=tuple(_told(event) for event in _read(folder / "queue.json") if event["type"] != NO_COMPLETION),
        closed=tuple(one for path in executions for one in _closed(path)),
        secrets=_read(folder / "secrets.json"),
        deeds=tuple(plan["deeds"]),
        outputs=(folder / "queue.json", *executions, *logs),
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text())


def _runs(plan: Any) -> Iterator[Run]:
    jobs = {job["key"]: job for job in plan["jobs"]}
    for run in plan["runs"]:
        job = jobs[run["job"]]
        yield Run(
            name=run["name"],
            token=run["token"],
            cloud=job["cloud"],
            connection=job["connection"],
            job=job["job"],
            pace=job["pace"],
            value=run["value"],
            timeout_seconds=run["timeout_seconds"],
            cancels_on_abort=run["cancels_on_abort"],
            started_at=run["startedAt"],
            aborted_at=run["abortedAt"],
        )


def _ledger(path: Path) -> Iterator[Executed]:
    for entry in _read(path):
        parameters = entry.get("parameters") or entry.get("jobParams") or {}
        yield Executed(
            cloud=path.stem.removeprefix("ledger-"),
            execution_id=str(entry.get("jobExecutionId") or entry["instanceId"]),
            value=parameters.get("$table_name") or parameters.get("table_name"),
            word=entry["status"],
            was_cancel_asked=bool(entry.get("cancelRequestedAt") or entry.get("stopRequestedAt")),
        )


def _told(event: Any) -> Told:
    data = event["data"]
    return Told(
        event_id=event["id"],
        type=event["type"],
        run_name=data.get("runName"),
        execution_id=data.get("executionId"),
        vendor_word=data.get("vendorStatus"),
        error=data["error"]["name"] if data.get("error") else None,
        candidates=frozenset(candidate["executionId"] for candidate in data.get("candidates") or ()),
    )


def _closed(path: Path) -> Iterator[Closed]:
    machine = path.stem.removeprefix("executions-")
    with path.open() as lines:
        for line in lines:
            told = json.loads(line)
            events = told["events"]
            yield Closed(
                machine=machine,
                name=told["name"],
                status=told["status"],
                error=_details(events[-1]).get("error") if events else None,
                claimed=frozenset(_claimed(events)) if machine in CLOSES else frozenset(),
                walk=tuple(_walk(events)) if machine in CLOSES else (),
            )


def _claimed(events: list[Any]) -> Iterator[str]:
    for event in events:
        details = event.get("taskScheduledEventDetails") or event.get("taskSucceededEventDetails") or {}
        for key in ("parameters", "output"):
            if "executionId" in details.get(key, ""):
                yield from _run_variables(json.loads(details[key]))


def _run_variables(value: Any) -> Iterator[str]:
    """The run variable is known by its deadline; candidates and executions have none."""
    if isinstance(value, dict):
        if "deadlineAt" in value and value.get("executionId"):
            yield str(value["executionId"])
        for inner in value.values():
            yield from _run_variables(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _run_variables(inner)


def _walk(events: list[Any]) -> Iterator[str]:
    begun = events[0]["timestamp"] if events else 0
    for event in events:
        seconds = round(event["timestamp"] - begun, 1)
        details = _details(event)
        if event["type"].endswith("StateEntered"):
            yield f"{seconds} {details['name']}"
        elif details.get("error"):
            yield f"{seconds} !{details['error']}"


def _details(event: Any) -> Mapping[str, Any]:
    return next((event[key] for key in event if key.endswith("EventDetails")), {})


def by_run(told: tuple[Told, ...]) -> Mapping[str | None, list[Told]]:
    sorted_out: defaultdict[str | None, list[Told]] = defaultdict(list)
    for event in told:
        sorted_out[event.run_name].append(event)
    return sorted_out
