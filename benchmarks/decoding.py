"""Decoding a list of DataArts Factory, against the provider's own SDK."""

import json
import sys
from types import SimpleNamespace

from huaweicloudsdkdgc.v1 import DgcClient

from benchmarks.timing import compare
from farsync.providers.huawei.decoding import decode_instances

LIMIT = 1 / 3
INSTANCES = 1000


def instance(number: int) -> dict[str, object]:
    planned_at = 1768435200000 + 60_000 * number
    return {
        "endTime": planned_at + 18_000,
        "executeTime": 0.3,
        "forceSuccess": False,
        "ignoreSuccess": False,
        "instanceId": 34765 + number,
        "instanceType": 2,
        "jobId": 608627,
        "jobInstanceName": "daily_load",
        "jobName": "daily_load",
        "planTime": planned_at,
        "startTime": planned_at,
        "status": "success",
        "submitTime": 1550910278706,
        "version": 1,
    }


def main() -> int:
    text = json.dumps({"total": INSTANCES, "instances": [instance(number) for number in range(INSTANCES)]})
    body = text.encode()
    client = DgcClient()
    reply = SimpleNamespace(text=text, status_code=200, headers={})

    def theirs() -> None:
        assert len(client.deserialize(reply, "ListJobInstancesResponse", None).instances) == INSTANCES

    def ours() -> None:
        assert len(decode_instances(body, "default", "daily_load", 0, INSTANCES).items) == INSTANCES

    return 0 if compare(ours, theirs, 1).holds(f"decoding {INSTANCES:,} instances, to Huawei's SDK", LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())
