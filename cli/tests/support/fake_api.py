"""The stack's HTTP API by its contract, and CloudFormation beside it, served on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from cli.tests.support import fake_cloudformation, records
from cli.tests.support.fake_cloudformation import ARN
from cli.tests.support.records import Record

DROPPED = "dropped"
"""As an answer: the connection is closed without one."""


class Call(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    body: Record
    headers: dict[str, str]


class Rejected(Exception):
    def __init__(self, status: int, kind: str, detail: str, **more: str) -> None:
        super().__init__(detail)
        self.status = status
        self.content = {"type": kind, "title": "A title.", "status": status, "detail": detail, **more}


class FakeStack:
    """What it knows can be changed; `next_answers` go before its own: (status, content, headers), or DROPPED."""

    def __init__(self) -> None:
        self.runs = records.runs()
        self.jobs = records.jobs()
        self.events = records.events()
        self.calls: list[Call] = []
        self.next_answers: list[tuple[int, Any, dict[str, str]] | str] = []
        self.token: str | None = None
        """Set, it takes this token, and no signatures."""
        self.page_size = 100
        self.secrets: dict[str, str] = {}
        self.dead_letters = 0
        self.backfills: list[Record] = []
        """As they were started."""
        self.backfill_states = records.backfill_states()
        self.schedules: str | None = None
        """The template of the stack farsync-schedules, if there is one."""
        self.alarms: list[Record] = []
        self.functions_at_once = 1000
        self.url = ""

    def answer(self, call: Call) -> tuple[int, Any]:
        match call.method, call.path.strip("/").split("/"):
            case "GET", ["runs"]:
                return 200, self._page("runs", self._listed(call.query), call.query)
            case "GET", ["connections", connection, "runs"]:
                self._jobs(connection)
                return 200, self._page("runs", self._listed({**call.query, "connection": connection}), call.query)
            case "POST", ["connections", connection, "runs"]:
                self._job(connection, call.body["job"])
                return 202, {"name": records.STARTED}
            case "GET", ["runs", name]:
                versions = self._run(name)
                return 200, versions.pop(0) if len(versions) > 1 else versions[0]
            case "POST", ["runs", name, "abort"]:
                shown = self._run(name)[-1]
                if shown["state"] == "RUNNING":
                    return 202, {"name": shown["name"], "state": "STOPPING", "wasOver": False}
                return 202, {"name": shown["name"], "state": shown["state"], "wasOver": True}
            case "POST", ["runs", name, "rerun"]:
                self._run(name)
                return 202, {"name": records.STARTED}
            case "GET", ["runs", name, "logs"]:
                self._run(name)
                lines = records.LOG[-int(call.query["tail"]) :]
                path = "obs://logs/orders/load_orders.log"
                nodes = ["load_orders", "extract"]
                return 200, {"lines": lines, "path": path, "isCut": len(lines) < 2, "nodes": nodes}
            case "GET", ["events"]:
                kinds = call.query.get("type", "").split(",")
                found = [event for event in self.events if kinds == [""] or event["type"][11:] in kinds]
                return 200, self._page("events", found, call.query)
            case "GET", ["connections"]:
                return 200, {"connections": records.CONNECTIONS}
            case "GET", ["connections", connection, "jobs"]:
                found = [job for job in self._jobs(connection) if call.query.get("name", "") in job["name"]]
                first = int(call.query["page"]) * self.page_size
                jobs = found[first : first + self.page_size]
                return 200, {
                    "jobs": jobs,
                    "page": int(call.query["page"]),
                    "limit": self.page_size,
                    "total": len(found),
                }
            case "GET", ["connections", connection, "jobs", job]:
                return 200, self._job(connection, job)
        return 404, {"message": "Not Found"}

    def call_aws(self, target: str, body: Record) -> tuple[int, Record]:
        """CloudWatch, Secrets Manager, SQS and Step Functions."""
        action, name = target.rpartition(".")[2], str(body.get("Name") or body.get("SecretId"))
        if action == "StartExecution":
            self.backfills.append(body)
            return 200, {"executionArn": f"{ARN}:execution:farsync-run_backfill:{body['name']}"}
        if action == "DescribeExecution":
            return 200, self.backfill_states.pop(0)
        if action == "DescribeAlarms":
            return 200, {"MetricAlarms": self.alarms}
        if action == "GetQueueAttributes":
            return 200, {"Attributes": {"ApproximateNumberOfMessages": str(self.dead_letters)}}
        if (action == "CreateSecret") == (name in self.secrets):
            kind = "ResourceExistsException" if action == "CreateSecret" else "ResourceNotFoundException"
            return 400, {"__type": kind, "Message": "Secrets Manager's own sentence."}
        if action == "GetSecretValue":
            return 200, {"SecretString": self.secrets[name]}
        self.secrets[name] = body["SecretString"]
        return 200, {"Name": name}

    def rejection_of_caller(self, authorization: str, path: str) -> tuple[int, Any] | None:
        if self.token:
            return None if authorization == f"Bearer {self.token}" else (401, {"message": "Unauthorized"})
        service = "execute-api" if path != "/" else "cloudformation"
        is_signed = authorization.startswith("AWS4-HMAC-SHA256 Credential=") and f"/{service}/" in authorization
        return None if is_signed else (403, {"message": "Forbidden"})

    def _listed(self, query: dict[str, str]) -> list[Record]:
        states = query.get("state", "").split(",")
        listed = [records.item(versions[-1]) for name, versions in self.runs.items() if name != records.STARTED]
        return [
            run
            for run in listed
            if (states == [""] or run["state"] in states)
            and query.get("connection", run["connection"]) == run["connection"]
            and query.get("job", run["job"]) == run["job"]
        ]

    def _page(self, name: str, found: list[Record], query: dict[str, str]) -> Record:
        first, size = int(query.get("nextToken", 0)), min(self.page_size, int(query["limit"]))
        more = {"nextToken": str(first + size)} if first + size < len(found) else {}
        return {name: found[first : first + size], **more}

    def _run(self, name: str) -> list[Record]:
        found = [known for known in self.runs if known == name or known.rpartition("-")[2].startswith(name)]
        if len(found) > 1 and len(name) >= 6:
            raise Rejected(400, "InvalidRequest", f"name: {name} begins {' and '.join(found)}", field="name")
        if not found or len(name) < 6:
            raise Rejected(404, "RunNotFound", f"There is no run {name}.")
        return self.runs[found[0]]

    def _jobs(self, connection: str) -> list[Record]:
        if connection not in self.jobs:
            raise Rejected(404, "ConnectionNotFound", f"There is no secret for the connection {connection}.")
        return self.jobs[connection]

    def _job(self, connection: str, name: str) -> Record:
        for job in self._jobs(connection):
            if name in (job["job"], job["name"]):
                return job
        raise Rejected(404, "JobNotFound", f"The provider knows no job {name}.")


@contextmanager
def served() -> Iterator[FakeStack]:
    stack = FakeStack()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _serve(self) -> None:
            split = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            rejection = stack.rejection_of_caller(self.headers.get("authorization", ""), split.path)
            if target := self.headers.get("x-amz-target"):
                status, content = stack.call_aws(target, json.loads(text))
                self._send(status, json.dumps(content).encode(), {"content-type": "application/x-amz-json-1.1"})
                return
            if split.path.endswith("/invocations"):
                self._send(*records.plan_backfill(json.loads(text)))
                return
            if split.path.endswith("/account-settings"):
                limit = {"AccountLimit": {"ConcurrentExecutions": stack.functions_at_once}}
                self._send(200, json.dumps(limit).encode(), {"content-type": "application/json"})
                return
            if split.path == "/":
                status, xml = fake_cloudformation.answer(stack, dict(parse_qsl(text)))
                self._send(status, xml.encode(), {"content-type": "text/xml"})
                return
            query = dict(parse_qsl(split.query))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, unquote(split.path), query, json.loads(text or "{}"), headers)
            stack.calls.append(call)
            if stack.next_answers:
                prepared = stack.next_answers.pop(0)
                if isinstance(prepared, str):
                    self.close_connection = True
                    return
                status, content, more = prepared
            else:
                more = {}
                try:
                    status, content = rejection or stack.answer(call)
                except Rejected as rejected:
                    status, content = rejected.status, rejected.content
                    more = {"content-type": "application/problem+json"}
            self._send(status, json.dumps(content).encode(), {"content-type": "application/json", **more})

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stack.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stack
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
