"""A client that knows the sandbox's JSON line and the provider's pages, and nothing of this project."""

import base64
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.sandbox_process import SandboxProcess
from tests.support.waiting import eventually

RUN_SETTINGS = {
    "numWorker": 2,
    "timeout": 10,
    "nrn": "nrn:PUB:IAM::2000000000001:Role/dataflow",
    "scriptPath": "dataflow-logs/scripts/",
    "logPath": "dataflow-logs/spark/",
}
PLACE = {"regionNo": "1", "bucketName": "shop", "dataType": "CSV"}
FIELDS = [{"name": "city", "type": "string"}, {"name": "amount", "type": "bigint"}]
NODES = [
    {"id": 1, "name": "orders", "type": "SOURCE_OBS", "parentNodeIds": [], "prefix": "orders"}
    | {"fieldList": FIELDS, **PLACE},
    {"id": 2, "name": "large_ones", "type": "TRANSFORM_FILTER", "parentNodeIds": [1], "filterType": "AND"}
    | {"filterConditionList": [{"name": "amount", "operator": "GTE", "value": "$minimum"}]},
    {"id": 3, "name": "copy", "type": "TARGET_OBS", "parentNodeIds": [2], "prefix": "large", "updateType": "OVERWRITE"}
    | {"fieldList": FIELDS, **PLACE},
]


class ForeignClient:
    """https://api.ncloud-docs.com/docs/en/analytics-dataflow"""

    def __init__(self, naver: dict[str, str]) -> None:
        self._naver = naver
        self.job = str(self.call("POST", "/api/v1/jobs", {"name": "large_orders", "nodes": NODES})["jobId"])

    def call(self, method: str, path: str, body: object = None) -> Any:
        timestamp = str(int(time.time() * 1000))
        message = f"{method} {path}\n{timestamp}\n{self._naver['accessKey']}"
        digest = hmac.new(self._naver["secretKey"].encode(), message.encode(), hashlib.sha256).digest()
        headers = {
            "x-ncp-apigw-timestamp": timestamp,
            "x-ncp-iam-access-key": self._naver["accessKey"],
            "x-ncp-apigw-signature-v2": base64.b64encode(digest).decode(),
        }
        reply = requests.request(method, self._naver["endpoint"] + path, headers=headers, json=body, timeout=30)
        assert reply.ok, reply.text
        return reply.json()

    def start(self) -> str:
        body = {"jobCondition": RUN_SETTINGS, "parameters": {"$minimum": "8"}}
        return str(self.call("POST", f"/api/v1/jobs/{self.job}/executions", body)["jobExecutionId"])

    def status(self, execution_id: str) -> str:
        return str(self.call("GET", f"/api/v1/jobs/{self.job}/executions/{execution_id}")["status"])


@pytest.fixture(scope="module")
def client(sandbox: SandboxProcess) -> ForeignClient:
    return ForeignClient(sandbox.described["naver"])


def test_it_runs_the_job_and_follows_it_to_its_output(sandbox: SandboxProcess, client: ForeignClient) -> None:
    bucket = Path(sandbox.described["naver"]["bucketsDir"]) / "shop"
    (bucket / "orders").mkdir(parents=True)
    (bucket / "orders" / "may.csv").write_text("city,amount\nSeoul,10\nBusan,5\nSeoul,32\n")
    assert client.job in [job["jobId"] for job in client.call("GET", "/api/v1/jobs?page=0&limit=10")["list"]]
    execution_id, statuses = client.start(), list[str]()

    def has_ended() -> bool:
        statuses.append(client.status(execution_id))
        return statuses[-1] not in ("READY", "RUNNING")

    eventually(has_ended, 30)
    assert list(dict.fromkeys(statuses)) == ["READY", "RUNNING", "COMPLETED"]
    (output,) = (bucket / "large").glob("*.csv")
    assert sorted(output.read_text().split()) == ["Seoul,10", "Seoul,32", "city,amount"]


def test_it_cancels_an_execution(client: ForeignClient) -> None:
    execution_id = client.start()
    assert client.call("POST", f"/api/v1/jobs/{client.job}/executions/{execution_id}/cancel") is True
    eventually(lambda: client.status(execution_id) == "CANCELED", 30)
