"""Runs for lists of runs: some in Step Functions, some in the log of events."""

import json
from typing import Any

from farsync.model.names import run_name
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.runs_client import RunsClient

HOUR = 3600.0


class Listed:
    """Runs by short names, which stand in their intents; all began within the last hours."""

    def __init__(self, client: RunsClient) -> None:
        self.client, self.aws = client, client.aws
        self.now = client.aws.clock()
        self.names: dict[str, str] = {}

    def run(
        self,
        short: str,
        job: str = "a",
        *,
        connection: str = "default",
        ago: float = HOUR,
        ended_ago: float | None = None,
        status: str = "RUNNING",
        by_hand: bool = False,
        **more: Any,
    ) -> str:
        name = short if by_hand else run_name(connection, job, short)
        self.names[name] = short
        request = json.dumps({"connection": connection, "job": job, "labels": {"n": short}})
        stopped = None if ended_ago is None else self.now - ended_ago
        self.aws.runs[name] = Run(name, request, self.now - ago, status=status, stopped_at=stopped, **more)
        return name

    def ended(
        self,
        short: str,
        event: str = "execution.succeeded",
        *,
        job: str = "a",
        connection: str = "default",
        ago: float = HOUR,
        **data: Any,
    ) -> str:
        """A run whose event is out; Step Functions is asked for none of these that succeeded."""
        name = run_name(connection, job, short)
        self.names[name] = short
        self.aws.record(self.now - ago, event, name, connection=connection, job=job, **data)
        return name

    def list(self, query: str = "") -> list[tuple[str, str]]:
        """Short names and states, of all pages."""
        listed, token = list[tuple[str, str]](), ""
        while True:
            sign = "&" if query else "?"
            body = self.client.list(f"{query}{sign}nextToken={token}" if token else query).body
            listed += [(self.names[run["name"]], run["state"]) for run in body["runs"]]
            token = body.get("nextToken", "")
            if not token:
                return listed
