"""Calls of AWS' APIs as raw JSON: thousands of histories are read, and boto3 would parse every time in them."""

import threading
from collections.abc import Iterator
from typing import Any

import requests
from requests_aws4auth import AWS4Auth

LARGEST_PAGE = 1000


class CallRefused(Exception):
    """The text is AWS' reply."""


class AwsCalls:
    """Safe to use from several threads."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._endpoint = described["endpoint"]
        self._sessions = threading.local()
        self._auth = AWS4Auth(described["accessKeyId"], described["secretAccessKey"], described["region"], "states")

    def states(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"AWSStepFunctions.{action}", "Content-Type": "application/x-amz-json-1.0"}
        reply = self._session().post(self._endpoint, json=body, headers=headers, auth=self._auth, timeout=60)
        if not reply.ok:
            raise CallRefused(reply.text)
        answer: dict[str, Any] = reply.json()
        return answer

    def describe(self, execution_arn: str) -> dict[str, Any] | None:
        """None where there is no such execution."""
        try:
            return self.states("DescribeExecution", {"executionArn": execution_arn})
        except CallRefused as refused:
            if "ExecutionDoesNotExist" not in str(refused):
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
