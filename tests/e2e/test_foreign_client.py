"""A client that knows the sandbox's JSON line and the provider's pages, and nothing of this project."""

import base64
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.sandbox_process import SandboxProcess, wait_for

RUN_SETTINGS = {
    "numWorker": 2,
    "timeout": 10,
    "nrn": "nrn:PUB:IAM::2000000000001:Role/dataflow",
    "scriptPath": "dataflow-logs/scripts/",
    "logPath": "dataflow-logs/spark/",
}


class ForeignClient:
    """https://api.ncloud-docs.com/docs/en/analytics-dataflow"""

    def __init__(self, naver: dict[str, str]) -> None:
        self._naver = naver

    def call(self, method: str, path: str, body: object = None) -> requests.Response:
        timestamp = str(int(time.time() * 1000))
        message = f"{method} {path}\n{timestamp}\n{self._naver['accessKey']}"
        key = self._naver["secretKey"].encode()
        headers = {
            "x-ncp-apigw-timestamp": timestamp,
            "x-ncp-iam-access-key": self._naver["accessKey"],
            "x-ncp-apigw-signature-v2": base64.b64encode(
                hmac.new(key, message.encode(), hashlib.sha256).digest()
            ).decode(),
        }
        return requests.request(method, self._naver["endpoint"] + path, headers=headers, json=body, timeout=30)

    def answer(self, method: str, path: str, body: object = None) -> Any:
        reply = self.call(method, path, body)
        assert reply.ok, reply.text
        return reply.json()


@pytest.fixture(scope="module")
def client(sandbox: SandboxProcess) -> ForeignClient:
    return ForeignClient(sandbox.described["naver"])


@pytest.fixture(scope="module")
def bucket(sandbox: SandboxProcess) -> Path:
    folder = Path(sandbox.described["naver"]["bucketsDir"]) / "shop"
    (folder / "orders").mkdir(parents=True)
    (folder / "orders" / "may.csv").write_text("city,amount\nSeoul,10\nBusan,5\nSeoul,32\n")
    return folder


@pytest.fixture(scope="module")
def job_id(client: ForeignClient, bucket: Path) -> str:
    job = client.answer("POST", "/api/v1/jobs", {"name": "orders_by_city", "nodes": nodes()})
    return str(job["jobId"])


def test_it_lists_the_job_that_it_created(client: ForeignClient, job_id: str) -> None:
    page = client.answer("GET", "/api/v1/jobs?page=0&limit=10")

    assert [(job["jobId"], job["name"], job["status"]) for job in page["list"]] == [
        (job_id, "orders_by_city", "RUNNABLE")
    ]


def test_it_runs_the_job_and_follows_it_to_its_output(client: ForeignClient, job_id: str, bucket: Path) -> None:
    started = start(client, job_id)
    assert started["status"] == "READY"

    seen = []

    def has_ended() -> bool:
        seen.append(execution(client, started)["status"])
        return seen[-1] not in ("READY", "RUNNING")

    assert wait_for(has_ended, within_seconds=30)
    assert list(dict.fromkeys(seen)) == ["READY", "RUNNING", "COMPLETED"]
    (output,) = (bucket / "totals").glob("*.csv")
    assert sorted(output.read_text().split()) == ["Seoul,42", "city,total"]


def test_it_cancels_an_execution(client: ForeignClient, job_id: str) -> None:
    started = start(client, job_id)

    path = f"/api/v1/jobs/{job_id}/executions/{started['jobExecutionId']}/cancel"
    assert client.answer("POST", path) is True

    assert wait_for(lambda: execution(client, started)["status"] == "CANCELED", within_seconds=30)


def test_a_wrong_secret_is_rejected_by_the_gateway(sandbox: SandboxProcess) -> None:
    rejected = ForeignClient({**sandbox.described["naver"], "secretKey": "wrong"}).call("GET", "/api/v1/jobs")

    assert rejected.status_code == 401
    assert rejected.json()["error"]["errorCode"] == "200"


def start(client: ForeignClient, job_id: str) -> dict[str, Any]:
    body = {"jobCondition": RUN_SETTINGS, "parameters": {"$minimum": "8"}}
    started: dict[str, Any] = client.answer("POST", f"/api/v1/jobs/{job_id}/executions", body)
    return started


def execution(client: ForeignClient, started: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1/jobs/{started['jobId']}/executions/{started['jobExecutionId']}"
    shown: dict[str, Any] = client.answer("GET", path)
    return shown


def nodes() -> list[dict[str, Any]]:
    place = {"regionNo": "1", "bucketName": "shop", "dataType": "CSV"}
    orders = [{"name": "city", "type": "string"}, {"name": "amount", "type": "bigint"}]
    totals = [{"name": "city", "type": "string"}, {"name": "total", "type": "bigint"}]
    return [
        {
            "id": 1,
            "name": "orders",
            "type": "SOURCE_OBS",
            "parentNodeIds": [],
            "prefix": "orders",
            "fieldList": orders,
            **place,
        },
        {
            "id": 2,
            "name": "large_ones",
            "type": "TRANSFORM_FILTER",
            "parentNodeIds": [1],
            "filterType": "AND",
            "filterConditionList": [{"name": "amount", "operator": "GTE", "value": "$minimum"}],
        },
        {
            "id": 3,
            "name": "by_city",
            "type": "TRANSFORM_AGGREGATE",
            "parentNodeIds": [2],
            "groupByList": ["city"],
            "aggregateFieldList": [{"name": "amount", "ResultName": "total", "function": "SUM"}],
        },
        {
            "id": 4,
            "name": "totals",
            "type": "TARGET_OBS",
            "parentNodeIds": [3],
            "prefix": "totals",
            "updateType": "OVERWRITE",
            "fieldList": totals,
            **place,
        },
    ]
