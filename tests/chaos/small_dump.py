"""A dump small enough to write by hand: two healthy runs, an aborted one, and a foreign execution."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.chaos.runs import Job, Run

KEYS = {"naver accessKey": "AKNAVER", "naver secretKey": "SKNAVER", "parameter of t3": "hush-3t"}
ENDED_AT = datetime(2026, 1, 1, 11, tzinfo=UTC)
"""When all runs did."""
NAMES = {token: f"{number:024x}-{number:024x}-{number:024x}" for number, token in enumerate(("t1", "t2", "t3"), 1)}


def moment(seconds: float) -> str:
    """So many seconds after the end of the runs."""
    return (ENDED_AT + timedelta(seconds=seconds)).isoformat()


class SmallDump:
    """Run t1 succeeded on naver, t2 failed on huawei, t3 was aborted on naver. Every method returns the dump itself."""

    def __init__(self) -> None:
        self.contents: dict[str, Any] = {
            "play": {"elapsedSeconds": 9.5, "deeds": []},
            "secrets": KEYS,
            "started-naver": [],
            "started-huawei": [{"instanceId": 2, "jobName": "h", "jobParams": {"table_name": "t2"}, "status": "fail"}],
            "requests-naver": {"cancelJobExecution": {"N3": 1}},
            "requests-huawei": {},
            "messages": {"left": {"poll": 0, "close": 0}, "deadLetters": {}},
        }
        self.logs = {"CloseRunFunction": "all is well\n", "FindExecutionFunction": "all is well\n"}
        naver, huawei = Job("n", "naver", "naver", "short", 1, 1, "n"), Job("h", "huawei", "huawei", "short", 1, 1, "h")
        self.runs = {
            "t1": Run("t1", naver, name=NAMES["t1"]),
            "t2": Run("t2", huawei, name=NAMES["t2"]),
            "t3": Run("t3", naver, name=NAMES["t3"], has_secret=True, aborted_at="later"),
        }
        self.events: list[dict[str, Any]] = []
        self.machines: dict[str, dict[str, Any]] = {"run_job": {}, "emit_event": {}, "run_backfill": {}}
        self.execution("N1", "t1", "COMPLETED").execution("N3", "hush-3t", "CANCELED", cancelRequestedAt="later")
        self.execution("NF", "f1", "RUNNING")
        self.event("t1", "execution.succeeded", "N1", "COMPLETED").end("t1", "SUCCEEDED", None, "N1")
        self.event("t2", "execution.failed", "2", "fail", "ExecutionFailed").end("t2", "FAILED", "ExecutionFailed", "2")
        self.event("t3", "execution.canceled", "N3", "CANCELED", "ExecutionCanceled").end("t3", "ABORTED", "Chaos")

    def execution(self, execution_id: str, value: str, word: str, **more: object) -> "SmallDump":
        """At Data Flow, in the place of the last with that id."""
        others = [known for known in self.contents["started-naver"] if known["jobExecutionId"] != execution_id]
        known = {"jobExecutionId": execution_id, "jobId": "n", "parameters": {"$table_name": value}, "status": word}
        self.contents["started-naver"] = [*others, {**known, **more}]
        return self

    def event(
        self,
        token: str,
        kind: str,
        execution_id: str | None = None,
        word: str | None = None,
        error: str | None = None,
        *,
        instead: bool = False,
        **more: object,
    ) -> "SmallDump":
        """One more, or one in the place of those of that run."""
        data = {
            "runName": NAMES.get(token),
            "executionId": execution_id,
            "providerStatus": word,
            "labels": {"token": token},
            "error": {"name": error, "message": more.pop("message", ".")} if error else None,
            **more,
        }
        given = {field: value for field, value in data.items() if value is not None}
        event: dict[str, Any] = {"id": f"{token} {kind} {execution_id}", "type": f"io.farsync.{kind}", "data": given}
        others = [other for other in self.events if not instead or other["data"].get("runName") != NAMES[token]]
        self.events = [*others, event]
        return self

    def end(self, token: str, status: str, error: str | None = None, claimed: str | None = None) -> "SmallDump":
        """Of the run."""
        run = {"deadlineAt": "2026-01-01T00:00:00Z", **({"executionId": claimed} if claimed else {})}
        output = json.dumps({"Payload": {"run": run, "candidates": [{"executionId": "N9"}]}})
        given = json.dumps({"parameters": {"$table_name": token}})
        events = [
            {"timestamp": 0.0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": given}},
            {"timestamp": 0.0, "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Start"}},
            {"timestamp": 1.0, "type": "TaskSucceeded", "taskSucceededEventDetails": {"output": output}},
            {"timestamp": 2.0, "type": "ExecutionFailed", "executionFailedEventDetails": {"error": error}},
        ]
        at = ENDED_AT.timestamp()
        return self.walk("run_job", NAMES[token], status, startDate=at, stopDate=at, events=events)

    def walk(self, machine: str, name: str, status: str = "SUCCEEDED", **more: object) -> "SmallDump":
        self.machines[machine][name] = {"name": name, "status": status, "events": [], **more}
        return self

    def change(self, content: str, **changes: object) -> "SmallDump":
        self.contents[content] |= changes
        return self

    def change_run(self, token: str, **changes: object) -> "SmallDump":
        vars(self.runs[token]).update(changes)
        return self

    def log(self, function: str, line: str) -> "SmallDump":
        self.logs[function] += f"{line}\n"
        return self

    def write(self, folder: Path) -> Path:
        runs = [{**asdict(run), "value": run.value} for run in self.runs.values()]
        for name, content in {**self.contents, "runs": runs, "queue": self.events}.items():
            (folder / f"{name}.json").write_text(json.dumps(content))
        for event in self.events:
            self.walk("emit_event", event["id"])
        for machine, walks in self.machines.items():
            lines = "".join(json.dumps(walk) + "\n" for walk in walks.values())
            (folder / f"executions-{machine}.jsonl").write_text(lines)
        (folder / "logs").mkdir()
        for function, text in self.logs.items():
            (folder / "logs" / f"{function}.log").write_text(text)
        return folder
