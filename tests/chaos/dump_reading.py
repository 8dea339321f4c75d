"""Reads a dump into evidence."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.evidence import Ended, Evidence, Executed, Run, Told

BACKFILL = "io.farsync.backfill.completed"
NO_COMPLETION = frozenset({"io.farsync.execution.needs_attention", BACKFILL})
CANCELS = ("cancelJobExecution", "StopJobInstance")


def read_evidence(folder: Path) -> Evidence:
    plan = _read(folder / "plan.json")
    messages = _read(folder / "messages.json")
    events = _read(folder / "queue.json")
    executions = sorted(folder.glob("executions-*.jsonl"))
    ended = tuple(one for path in executions for one in _ended(path))
    logs = sorted(path for path in (folder / "logs").rglob("*") if path.is_file())
    return Evidence(
        seed=plan["seed"],
        elapsed_seconds=plan["elapsedSeconds"],
        runs=tuple(_runs(plan, _names_by_value(folder))),
        executed=tuple(entry for path in sorted(folder.glob("ledger-*.json")) for entry in _ledger(path)),
        told=tuple(_told(event) for event in events if event["type"] not in NO_COMPLETION),
        ended=ended,
        secrets=_read(folder / "secrets.json"),
        notices=frozenset(event["id"] for event in events if event["type"] in NO_COMPLETION),
        backfills_told=sum(event["type"] == BACKFILL for event in events),
        is_watched=plan["isWatched"],
        read_at=datetime.fromisoformat(plan["readAt"]),
        left=messages["left"],
        dead_letters={queue: tuple(bodies) for queue, bodies in messages["deadLetters"].items()},
        deeds=tuple(plan["deeds"]),
        outputs=(folder / "queue.json", folder / "messages.json", *executions, *logs),
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text())


def _names_by_value(folder: Path) -> Mapping[str, str]:
    """Of the runs that a backfill named: by the parameter that each has for itself."""
    names = dict[str, str]()
    with (folder / "executions-run_job.jsonl").open() as lines:
        for line in lines:
            told = json.loads(line)
            if not told["events"] or "executionStartedEventDetails" not in told["events"][0]:
                continue
            parameters = json.loads(told["events"][0]["executionStartedEventDetails"]["input"]).get("parameters", {})
            names.update((value, told["name"]) for value in parameters.values() if isinstance(value, str))
    return names


def _runs(plan: Any, names: Mapping[str, str]) -> Iterator[Run]:
    """Without those of a backfill that never came to them."""
    jobs = {job["key"]: job for job in plan["jobs"]}
    for run in plan["runs"]:
        job = jobs[run["job"]]
        name = run["name"] or names.get(run["value"])
        if name is None and run["way"] == "backfill":
            continue
        yield Run(
            name=name,
            token=run["token"],
            cloud=job["cloud"],
            connection=job["connection"],
            job=job["job"],
            pace=job["pace"],
            value=run["value"],
            label=run["label"] or run["token"],
            timeout_seconds=run["timeout_seconds"],
            cancels_on_abort=run["cancels_on_abort"],
            started_at=run["startedAt"],
            aborted_at=run["abortedAt"],
            redrives=run["redrives"],
        )


def _ledger(path: Path) -> Iterator[Executed]:
    asked = _read(path.with_name(path.name.replace("ledger-", "requests-")))
    for entry in _read(path):
        parameters = entry.get("parameters") or entry.get("jobParams") or {}
        execution_id = str(entry.get("jobExecutionId") or entry["instanceId"])
        yield Executed(
            cloud=path.stem.removeprefix("ledger-"),
            execution_id=execution_id,
            value=parameters.get("$table_name") or parameters.get("table_name"),
            word=entry["status"],
            was_cancel_asked=bool(entry.get("cancelRequestedAt") or entry.get("stopRequestedAt")),
            cancels_received=sum(asked.get(operation, {}).get(execution_id, 0) for operation in CANCELS),
            ended_at=_moment(entry.get("endedAt")),
            job=str(entry.get("jobId") or entry["jobName"]),
            started_at=_moment(entry.get("startedAt")),
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _told(event: Any) -> Told:
    data = event["data"]
    error = data.get("error") or {}
    return Told(
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


def _ended(path: Path) -> Iterator[Ended]:
    machine = path.stem.removeprefix("executions-")
    is_of_runs = machine == "run_job"
    with path.open() as lines:
        for line in lines:
            told = json.loads(line)
            events = told["events"]
            yield Ended(
                machine=machine,
                name=told["name"],
                status=told["status"],
                error=_details(events[-1]).get("error") if events else None,
                claimed=frozenset(_claimed(events)) if is_of_runs else frozenset(),
                walk=tuple(_walk(events)) if is_of_runs else (),
                began_at=datetime.fromtimestamp(told["startDate"], UTC) if told.get("startDate") else None,
                ended_at=datetime.fromtimestamp(told["stopDate"], UTC) if told.get("stopDate") else None,
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
