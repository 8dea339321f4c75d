"""A dump small enough to write by hand: two healthy runs, an aborted one, and a foreign execution."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEYS = {"naver accessKey": "AKNAVER", "naver secretKey": "SKNAVER", "parameter of t3": "hush-3"}
RUNS_ENDED_AT = datetime(2026, 1, 1, 11, tzinfo=UTC)
HASHES = {token: f"{number:024x}-{number:024x}-{number:024x}" for number, token in enumerate(("t1", "t2", "t3"), 1)}


class SmallDump:
    """Change what you like, then `write`. Run t1 succeeded on naver, t2 failed on huawei, t3 was aborted on naver."""

    def __init__(self) -> None:
        self.runs = [_run("t1", "n"), _run("t2", "h"), {**_run("t3", "n"), "value": "hush-3", "abortedAt": "later"}]
        self.naver = [
            _naver("N1", "t1", "COMPLETED"),
            _naver("N3", "hush-3", "CANCELED"),
            _naver("NF", "f1", "RUNNING"),
        ]
        self.naver[1]["cancelRequestedAt"] = "later"
        self.huawei = [{"instanceId": 2, "jobName": "h", "jobParams": {"table_name": "t2"}, "status": "fail"}]
        self.queue = [
            event("t1", "execution.succeeded", "N1", "COMPLETED"),
            event("t2", "execution.failed", "2", "fail", "ExecutionFailed"),
            event("t3", "execution.canceled", "N3", "CANCELED", "ExecutionCanceled"),
        ]
        self.run_job = [
            ended("t1", "SUCCEEDED", None, "N1"),
            ended("t2", "FAILED", "ExecutionFailed", "2"),
            ended("t3", "ABORTED", "Chaos", None),
        ]
        self.emitted_besides: list[dict[str, Any]] = []
        """Executions of emit_event that sent nothing which is on the queue."""
        self.requests: dict[str, dict[str, int]] = {"cancelJobExecution": {"N3": 1}}
        """Of Data Flow: by operation and execution."""
        self.run_backfill: list[dict[str, Any]] = []
        self.deeds: list[dict[str, Any]] = []
        self.is_watched = False
        self.messages: dict[str, Any] = {"left": {"poll": 0, "close": 0}, "deadLetters": {}}
        self.log = self.other_log = "all is well\n"
        """Of close_run, and of a function that may raise."""

    def write(self, folder: Path) -> Path:
        jobs = [_job("n", "naver"), _job("h", "huawei")]
        plan = {
            "seed": 1,
            "elapsedSeconds": 9.5,
            "isWatched": self.is_watched,
            "readAt": "2026-01-01T12:00:00+00:00",
            "jobs": jobs,
            "runs": self.runs,
            "deeds": self.deeds,
        }
        for name, content in (
            ("plan", plan),
            ("secrets", KEYS),
            ("ledger-naver", self.naver),
            ("ledger-huawei", self.huawei),
            ("requests-naver", self.requests),
            ("requests-huawei", {}),
            ("queue", self.queue),
            ("messages", self.messages),
        ):
            (folder / f"{name}.json").write_text(json.dumps(content))
        emit_event = [*map(emitted, self.queue), *self.emitted_besides]
        for machine, executions in (
            ("run_job", self.run_job),
            ("emit_event", emit_event),
            ("run_backfill", self.run_backfill),
        ):
            lines = "".join(json.dumps(execution) + "\n" for execution in executions)
            (folder / f"executions-{machine}.jsonl").write_text(lines)
        (folder / "logs").mkdir()
        (folder / "logs" / "CloseRunFunction.log").write_text(self.log)
        (folder / "logs" / "FindExecutionFunction.log").write_text(self.other_log)
        return folder


def event(
    token: str, kind: str, execution_id: str | None = None, word: str | None = None, error: str | None = None
) -> dict[str, Any]:
    data = {
        "runName": HASHES[token],
        "executionId": execution_id,
        "providerStatus": word,
        "labels": {"token": token},
        "error": {"name": error, "message": "."} if error else None,
    }
    told = {key: value for key, value in data.items() if value}
    return {"id": f"{token} {kind} {execution_id}", "type": f"io.farsync.{kind}", "data": told}


def foreign_end() -> dict[str, Any]:
    """Of NF, told by the watch of its job."""
    data = {"executionId": "NF", "providerStatus": "COMPLETED", "labels": {}}
    return {"id": "foreign", "type": "io.farsync.execution.succeeded", "data": data}


def emitted(event: dict[str, Any]) -> dict[str, Any]:
    """The execution of emit_event that sent it."""
    return {"name": event["id"], "status": "SUCCEEDED", "events": []}


def ended(token: str, status: str, error: str | None, claimed: str | None) -> dict[str, Any]:
    run = {"deadlineAt": "2026-01-01T00:00:00Z", **({"executionId": claimed} if claimed else {})}
    """A run."""
    output = json.dumps({"Payload": {"run": run, "candidates": [{"executionId": "N9"}]}})
    return {
        "name": HASHES[token],
        "status": status,
        "stopDate": RUNS_ENDED_AT.timestamp(),
        "events": [
            {"timestamp": 0.0, "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Start"}},
            {"timestamp": 1.0, "type": "TaskSucceeded", "taskSucceededEventDetails": {"output": output}},
            {"timestamp": 2.0, "type": "ExecutionFailed", "executionFailedEventDetails": {"error": error}},
        ],
    }


def _run(token: str, job: str) -> dict[str, Any]:
    return {
        "name": HASHES[token],
        "token": token,
        "job": job,
        "value": token,
        "way": "direct",
        "label": None,
        "timeout_seconds": 3600,
        "cancels_on_abort": True,
        "startedAt": "now",
        "abortedAt": None,
        "redrives": 0,
    }


def _job(key: str, cloud: str) -> dict[str, Any]:
    return {"key": key, "cloud": cloud, "connection": cloud, "job": key, "pace": "short"}


def _naver(execution_id: str, value: str, word: str) -> dict[str, Any]:
    return {"jobExecutionId": execution_id, "jobId": "n", "parameters": {"$table_name": value}, "status": word}
