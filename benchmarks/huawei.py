"""Signing and decoding for DataArts Factory against the provider's own SDK, on the same requests and replies."""

import json
import sys
import timeit
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlencode

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdkdgc.v1 import DgcClient

from farsync.providers.huawei.decoding import decode_instances
from farsync.signing.huawei import HuaweiKeys, sign

SIGNING_LIMIT, DECODING_LIMIT = 0.45, 1 / 3
ROUNDS = 41
SIGNATURES_PER_ROUND = 1000
INSTANCES = 1000

HOST = "dayu-dlf.cn-north-4.myhuaweicloud.com"
PROJECT = "b384b9e9ab9b4ee8994c8633aabc9505"
NOW_SECONDS = 1768464000.0
ACCESS_KEY, SECRET_KEY = "TESTACCESSKEY0000001", "TESTSECRETKEY000000000000000000000000001"
HEADERS = {
    "Content-Type": "application/json",
    "X-Project-Id": PROJECT,
    "workspace": "d1cd7861478748a6925bc02f47c69279",
}
JOB_PATH = f"/v1/{PROJECT}/jobs/daily_load"
LIST_QUERY = [
    ("jobName", "daily_load"),
    ("preciseQuery", "true"),
    ("minPlanTime", "1768435200000"),
    ("maxPlanTime", "1768464000000"),
    ("offset", "0"),
    ("limit", "1000"),
]
START_BODY = b'{"jobParams":[{"name":"biz_date","value":"2026-01-15"}]}'
REQUESTS: dict[str, tuple[str, str, list[tuple[str, str]], bytes]] = {
    "a poll": ("GET", f"{JOB_PATH}/instances/34765", [], b""),
    "a list": ("GET", f"/v1/{PROJECT}/jobs/instances/detail", LIST_QUERY, b""),
    "a start": ("POST", f"{JOB_PATH}/run-immediate", [], START_BODY),
}


def best_seconds(ours: Callable[[], object], theirs: Callable[[], object], number: int) -> tuple[float, float]:
    """Of one call each; the fastest rounds are the least disturbed by what else the machine does."""
    pairs = [(timeit.timeit(ours, number=number), timeit.timeit(theirs, number=number)) for _ in range(ROUNDS)]
    ours_seconds, theirs_seconds = (min(side) / number for side in zip(*pairs, strict=True))
    return ours_seconds, theirs_seconds


def compare_signing() -> list[tuple[float, float]]:
    keys = HuaweiKeys(ACCESS_KEY, SECRET_KEY)
    signer = Signer(BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT))

    def compare(method: str, path: str, query: list[tuple[str, str]], body: bytes) -> tuple[float, float]:
        url = f"https://{HOST}{path}" + (f"?{urlencode(query)}" if query else "")

        def theirs() -> None:
            # The signer changes the request it signs, so that each needs one of its own.
            signer.sign(SdkRequest(method, "https", HOST, path, None, query, dict(HEADERS), body))

        return best_seconds(lambda: sign(method, url, HEADERS, body, keys, NOW_SECONDS), theirs, SIGNATURES_PER_ROUND)

    return [compare(*request) for request in REQUESTS.values()]


def compare_decoding() -> tuple[float, float]:
    text = json.dumps({"total": INSTANCES, "instances": [instance(number) for number in range(INSTANCES)]})
    body = text.encode()
    client = DgcClient()
    reply = SimpleNamespace(text=text, status_code=200, headers={})

    def theirs() -> None:
        assert len(client.deserialize(reply, "ListJobInstancesResponse", None).instances) == INSTANCES

    def ours() -> None:
        assert len(decode_instances(body, "default", "daily_load", 0, INSTANCES).items) == INSTANCES

    return best_seconds(ours, theirs, 1)


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
    is_missed = False
    for name, (ours, theirs) in zip(REQUESTS, compare_signing(), strict=True):
        is_missed = is_missed or ours / theirs > SIGNING_LIMIT
        print(
            f"signing {name} for Huawei  ours={ours * 1e6:.1f}us sdk={theirs * 1e6:.1f}us "
            f"ratio={ours / theirs:.2f} limit={SIGNING_LIMIT:.2f}"
        )
    ours, theirs = compare_decoding()
    is_missed = is_missed or ours / theirs > DECODING_LIMIT
    print(
        f"decoding {INSTANCES:,} instances  ours={ours * 1e3:.1f}ms sdk={theirs * 1e3:.1f}ms "
        f"ratio={ours / theirs:.2f} limit={DECODING_LIMIT:.2f}"
    )
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
