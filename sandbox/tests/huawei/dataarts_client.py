"""A DataArts client of a few lines, which signs as the provider's pages say and knows nothing of farsync."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import requests

from sandbox.huawei_dataarts import Server
from sandbox.tests.emulator_client import EmulatorClient, poll

ServerMaker = Callable[..., Server]
ENDED = ("success", "fail", "manual-stop", "running-exception", "forceSuccess", "ignoreSuccess")


def signed_headers(
    method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, keys: tuple[str, str]
) -> dict[str, str]:
    """The headers with `Authorization`; `path` and `query` are percent-encoded, the query is sorted."""
    names = sorted(name.lower() for name in headers)
    values = {name.lower(): value for name, value in headers.items()}
    lines = "".join(f"{name}:{values[name].strip()}\n" for name in names)
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join([method, f"{path}/", query, lines, ";".join(names), digest])
    to_sign = f"SDK-HMAC-SHA256\n{values['x-sdk-date']}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(keys[1].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"SDK-HMAC-SHA256 Access={keys[0]}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return {**headers, "Authorization": authorization}


@dataclass
class Client(EmulatorClient):
    """Signed calls to one server; `headers` are added to each and signed."""

    server: Server
    headers: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    secret_key: str | None = None
    timeout_seconds: float = 10
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: object = None, **query: object) -> requests.Response:
        """`path` begins after the project id and is not encoded yet."""
        full_path = f"/v1/{self.server.account.project_id}{quote(path)}"
        encoded_query = urlencode(sorted(query.items()), quote_via=quote)
        content = b"" if body is None else json.dumps(body).encode()
        headers = {
            "Host": self.server.endpoint.removeprefix("http://"),
            "Content-Type": "application/json",
            "X-Sdk-Date": datetime.fromtimestamp(self.clock(), UTC).strftime("%Y%m%dT%H%M%SZ"),
            **self.headers,
        }
        keys = self.server.account.keys
        secret_key = self.secret_key or keys.secret_key
        signed = signed_headers(method, full_path, encoded_query, headers, content, (keys.access_key, secret_key))
        url = f"{self.server.endpoint}{full_path}{'?' if encoded_query else ''}{encoded_query}"
        return self.session.request(
            method, url, headers=signed, data=content or None, timeout=self.timeout_seconds, allow_redirects=False
        )

    def ok(self, method: str, path: str, body: object = None, **query: object) -> Any:
        reply = self.call(method, path, body, **query)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def set_status_by_hand(self, instance_id: int, status: str) -> requests.Response:
        return self.control("PUT", f"instances/{instance_id}", {"status": status})

    def make_job(self, *nodes: dict[str, Any], name: str = "job_1", **fields: object) -> str:
        self.ok("POST", "/jobs", job(*nodes, name=name, **fields))
        return name

    def start(self, name: str, **params: str) -> int:
        body = {"jobParams": [{"name": key, "value": value} for key, value in params.items()]} if params else None
        instance_id: int = self.ok("POST", f"/jobs/{name}/run-immediate", body)["instanceId"]
        return instance_id

    def instance(self, name: str, instance_id: int) -> Any:
        return self.ok("GET", f"/jobs/{name}/instances/{instance_id}")

    def wait_for(self, name: str, instance_id: int, *statuses: str) -> Any:
        return poll(lambda: self.instance(name, instance_id), lambda shown: shown["status"] in statuses)

    def run(self, *nodes: dict[str, Any], start_params: Mapping[str, str] | None = None, **fields: Any) -> Any:
        """Runs a new job of these nodes to its end; the instance as the service shows it then."""
        name = self.make_job(*nodes, **fields)
        return self.wait_for(name, self.start(name, **(start_params or {})), *ENDED)

    def list_instances(self, **query: object) -> Any:
        return self.ok("GET", "/jobs/instances/detail", None, **query)

    def log(self, shown: dict[str, Any], node_name: str) -> str:
        path = next(record["logPath"] for record in shown["nodes"] if record["nodeName"] == node_name)
        file: Path = self.server.settings.buckets_folder / path.removeprefix("obs://")
        return file.read_text()


def job(*nodes: dict[str, Any], name: str = "job_1", **fields: object) -> dict[str, object]:
    return {
        "name": name,
        "nodes": list(nodes) or [node()],
        "schedule": {"type": "EXECUTE_ONCE"},
        "processType": "BATCH",
        **fields,
    }


def node(name: str = "dummy", *before: str, node_type: str = "Dummy", **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": node_type,
        "location": {"x": "-45.5", "y": "-134.5"},
        "properties": [],
        "preNodeName": list(before),
        **fields,
    }


def sql(statement: str, name: str = "sql", *before: str, node_type: str = "DLI SQL", **fields: Any) -> dict[str, Any]:
    properties = [{"name": "statement", "value": statement}]
    return {**node(name, *before, node_type=node_type), "properties": properties, **fields}


def failing(name: str = "bad", *before: str, **fields: Any) -> dict[str, Any]:
    """A node that cannot run."""
    return node(name, *before, node_type="Shell", **fields)


def statuses(shown: dict[str, Any]) -> dict[str, str]:
    """Of the nodes, by name."""
    return {record["nodeName"]: record["status"] for record in shown["nodes"]}
