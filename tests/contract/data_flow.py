"""A Data Flow on loopback, and our provider to it."""

import json
import time
from typing import Any

import requests

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.model.execution import Execution
from farsync.providers import open_provider
from farsync.providers.base import Provider
from sandbox.naver_dataflow import Server
from sandbox.tests.naver.data_flow_client import CONDITION, Client


def open_as(server: Server, transport: Transport, secret_key: str) -> Provider:
    secret = {
        "provider": "naver",
        "endpoint": server.endpoint,
        "accessKey": server.keys.access_key,
        "secretKey": secret_key,
    }
    return open_provider(parse_connection("default", json.dumps(secret)), transport, time.time)


def create_job(server: Server, name: str, **fields: Any) -> str:
    kind = {"type": "VISUAL"} if server.settings.dialect == "G2" else {}
    client = Client(server)
    created = client.ok("POST", "/api/v1/jobs", {"name": name, "nodes": [], **kind, **fields})
    return str(created["jobId"])


def inject(server: Server, operation: str, fault: str, times: int = 100, *, done: bool = False) -> None:
    rules = [{"operation": operation, "fault": fault, "times": times, "done": done}]
    requests.put(f"{server.endpoint}/_sandbox/faults", json=rules, timeout=5).raise_for_status()


def started_count(server: Server) -> int:
    return len(requests.get(f"{server.endpoint}/_sandbox/ledger", timeout=5).json())


def start(provider: Provider, job: str) -> Execution:
    return provider.start(job, condition=CONDITION, parameters={"$table_name": "sales"})


def follow(provider: Provider, execution: Execution) -> Execution:
    give_up_at = time.monotonic() + 30
    while not execution.status.is_terminal:
        assert time.monotonic() < give_up_at, f"still {execution.provider_status}"
        time.sleep(0.02)
        execution = provider.get_execution(execution.ref.job, execution.ref.execution_id)
    return execution
