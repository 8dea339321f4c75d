"""A connection to DataArts Factory and its replies, as a test needs them."""

import json
from pathlib import Path

from farsync.model.execution import Execution, NodeResult
from farsync.providers.base import ExecutionPage
from farsync.providers.huawei.decoding import decode_instance, decode_instances

PROJECT = "b384b9e9ab9b4ee8994c8633aabc9505"
SECRET = {"provider": "huawei", "projectId": PROJECT, "accessKey": "access", "secretKey": "secret"}
NOW = 1768464000.0
FIXTURES = Path(__file__).parents[2] / "fixtures" / "huawei"


def fixture(name: str, **changes: object) -> bytes:
    """One of the provider's own examples."""
    return json.dumps({**json.loads((FIXTURES / f"{name}.json").read_text()), **changes}).encode()


def instance_from(**fields: object) -> Execution:
    return decode_instance(json.dumps({"instanceId": 7, "status": "running", **fields}).encode(), "c", "j", "7")


def node_from(**fields: object) -> NodeResult:
    return instance_from(nodes=[{"nodeName": "n", "status": "running", **fields}]).nodes[0]


def list_of(*instances: dict[str, object], total: int | None = None) -> ExecutionPage:
    body = json.dumps({"instances": instances, "total": len(instances) if total is None else total})
    return decode_instances(body.encode(), "c", "j", 0, 1000)
