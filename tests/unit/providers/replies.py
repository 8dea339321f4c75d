"""Replies of both clouds, as a test needs them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from farsync.model.execution import Execution, NodeResult
from farsync.providers.base import ExecutionPage
from farsync.providers.huawei.decoding import decode_instance, decode_instances

NOW = 1768464000.0
FIXTURES = Path(__file__).parents[2] / "fixtures"
LIST_FIELDS = {"naver": ("list", "count"), "huawei": ("instances", "total")}


def example(cloud: str, name: str, **changes: object) -> bytes:
    """One of the provider's own examples."""
    return json.dumps({**json.loads((FIXTURES / cloud / f"{name}.json").read_text()), **changes}).encode()


def shown_execution(cloud: str, job: str, number: str, word: str | None = None) -> dict[str, Any]:
    if cloud == "naver":
        return {"jobExecutionId": number, "jobId": job, "status": word or "COMPLETED"}
    return {"instanceId": int(number), "jobName": job, "status": word or "success"}


def shown_job(cloud: str, job: str) -> dict[str, Any]:
    if cloud == "naver":
        return {"jobId": job, "name": "a name", "status": "RUNNABLE"}
    return {"name": job, "processType": "BATCH"}


def shown_list(cloud: str, *entries: object) -> dict[str, Any]:
    return dict(zip(LIST_FIELDS[cloud], (entries, len(entries)), strict=True))


def instance_from(**fields: object) -> Execution:
    return decode_instance(json.dumps({"instanceId": 7, "status": "running", **fields}).encode(), "c", "j", "7")


def node_from(**fields: object) -> NodeResult:
    return instance_from(nodes=[{"nodeName": "n", "status": "running", **fields}]).nodes[0]


def list_of(*instances: Mapping[str, object], total: int | None = None) -> ExecutionPage:
    body = json.dumps({"instances": instances, "total": len(instances) if total is None else total})
    return decode_instances(body.encode(), "c", "j", 0, 1000)
