"""Calls of AWS' APIs as raw JSON: thousands of histories are read, and boto3 would parse every time in them.

The faults of the play hit these calls too. Who drives it has patience.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

import requests
from requests_aws4auth import AWS4Auth

LARGEST_PAGE = 1000
PATIENCE_SECONDS = 120.0
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

    def describe(self, execution_arn: str) -> dict[str, Any] | None:
        """None where there is no such execution."""
        try:
            return self.states("DescribeExecution", {"executionArn": execution_arn})
        except CallRejected as rejected:
            if "ExecutionDoesNotExist" not in str(rejected):
                raise
            return None

    def newest_events(self, execution_arn: str) -> list[dict[str, Any]]:
        """At most 40, newest first; none where there is no such execution."""
        asked = {"executionArn": execution_arn, "reverseOrder": True, "maxResults": 40}
        if self.describe(execution_arn) is None:
            return []
        events: list[dict[str, Any]] = self.states("GetExecutionHistory", asked)["events"]
        return events

    def executions(self, machine_arn: str, status: str | None = None) -> Iterator[dict[str, Any]]:
        asked = {"stateMachineArn": machine_arn, **({"statusFilter": status} if status else {})}
        yield from self._pages("ListExecutions", asked, "executions")

    def history(self, arn: str) -> list[dict[str, Any]]:
        return list(self._pages("GetExecutionHistory", {"executionArn": arn}, "events"))

    def _call(self, service: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"{PREFIXES[service]}.{action}", "Content-Type": "application/x-amz-json-1.0"}
        give_up_at = time.monotonic() + PATIENCE_SECONDS
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

    def _pages(self, action: str, asked: dict[str, Any], items: str) -> Iterator[dict[str, Any]]:
        token: str | None = None
        while True:
            page = self.states(action, {**asked, "maxResults": LARGEST_PAGE, **({"nextToken": token} if token else {})})
            yield from page[items]
            token = page.get("nextToken")
            if not token:
                return
