"""Calls of AWS' APIs as raw JSON, and executions as the sandbox shows them, which takes no faults from the functions.

The faults of the play hit calls of the APIs too. Who drives it tries again.
"""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import requests
from requests_aws4auth import AWS4Auth

GIVE_UP_AFTER_SECONDS = 120.0
PAUSE_SECONDS = 0.25
PREFIXES = {"states": "AWSStepFunctions", "sqs": "AmazonSQS"}


class CallRejected(Exception):
    """The text is AWS' reply."""


class AwsCalls:
    """Safe to use from several threads."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._endpoint = described["endpoint"]
        self._sessions = threading.local()
        self._auths = {
            service: AWS4Auth(described["accessKeyId"], described["secretAccessKey"], described["region"], service)
            for service in PREFIXES
        }

    def states(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises CallRejected."""
        return self._call("states", action, body)

    def sqs(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises CallRejected."""
        return self._call("sqs", action, body)

    def start(self, machine_arn: str, name: str, machine_input: str) -> None:
        """An execution of this name; that it is there already is what a repeated call wants."""
        try:
            self.states("StartExecution", {"stateMachineArn": machine_arn, "name": name, "input": machine_input})
        except CallRejected as rejected:
            if "ExecutionAlreadyExists" not in str(rejected):
                raise

    def show(self, execution_arn: str, newest_events: int = 0) -> dict[str, Any] | None:
        """Name, status, stopDate, redriveCount and events, the oldest first; None where there is no such execution."""
        reply = self._show(execution_arn, events=newest_events)
        if reply.status_code == 404:
            return None
        shown: dict[str, Any] = reply.json()
        return shown

    def newest_events(self, execution_arn: str) -> list[dict[str, Any]]:
        """At most 40, newest first; none where there is no such execution."""
        shown = self.show(execution_arn, 40)
        return shown["events"][::-1] if shown else []

    def running(self, machine_arn: str) -> set[str]:
        """Names."""
        lines = self._show(machine_arn, status="RUNNING", events=0).text.splitlines()
        return {json.loads(line)["name"] for line in lines}

    def executions(self, machine_arn: str) -> Iterator[bytes]:
        """All, with their events, a line each."""
        reply = self._show(machine_arn)
        assert reply.ok, reply.text
        yield from reply.content.splitlines()

    def _show(self, arn: str, **query: object) -> requests.Response:
        url = f"{self._endpoint}/_sandbox/executions/{arn}"
        return self._session().get(url, params={name: str(value) for name, value in query.items()}, timeout=300)

    def _call(self, service: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"{PREFIXES[service]}.{action}", "Content-Type": "application/x-amz-json-1.0"}
        give_up_at = time.monotonic() + GIVE_UP_AFTER_SECONDS
        while True:
            try:
                auth = self._auths[service]
                reply = self._session().post(self._endpoint, json=body, headers=headers, auth=auth, timeout=60)
                if reply.ok:
                    answer: dict[str, Any] = reply.json() if reply.content else {}
                    return answer
                text, may_pass = reply.text, reply.status_code >= 500 or "ThrottlingException" in reply.text
            except requests.ConnectionError as dropped:
                text, may_pass = str(dropped), True
            if not may_pass or time.monotonic() > give_up_at:
                raise CallRejected(text)
            time.sleep(PAUSE_SECONDS)

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "of_this_thread"):
            self._sessions.of_this_thread = requests.Session()
        session: requests.Session = self._sessions.of_this_thread
        return session
