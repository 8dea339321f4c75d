"""Signing a request for either provider, against the bare HMAC of the same message and against the provider's SDK."""

import base64
import hashlib
import hmac
import sys
from urllib.parse import urlencode

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from benchmarks.timing import Comparison, compare
from farsync.signing import huawei, naver

NAVER_LIMIT, HUAWEI_LIMIT = 1.50, 0.45
SIGNATURES_PER_ROUND = 1000

NAVER_METHOD, NAVER_TARGET = "GET", "/api/v1/jobs/5Yns7JgRt25f/executions/mY3275GiRXkm"
NAVER_MILLISECONDS = 1742523174000
NAVER_KEYS = naver.NaverKeys("ncp_iam_TESTACCESSKEY0001", "ncp_iam_TESTSECRETKEY000000000000000001")
MESSAGE = f"{NAVER_METHOD} {NAVER_TARGET}\n{NAVER_MILLISECONDS}\n{NAVER_KEYS.access_key}".encode()
SECRET = NAVER_KEYS.secret_key.encode()

HOST = "dayu-dlf.cn-north-4.myhuaweicloud.com"
PROJECT = "b384b9e9ab9b4ee8994c8633aabc9505"
HUAWEI_SECONDS = 1768464000.0
HUAWEI_KEYS = huawei.HuaweiKeys("TESTACCESSKEY0000001", "TESTSECRETKEY000000000000000000000000001")
HEADERS = {
    "Content-Type": "application/json",
    "X-Project-Id": PROJECT,
    "workspace": "d1cd7861478748a6925bc02f47c69279",
}
JOBS = f"/v1/{PROJECT}/jobs"
LIST_QUERY = {
    "jobName": "daily_load",
    "preciseQuery": "true",
    "minPlanTime": "1768435200000",
    "maxPlanTime": "1768464000000",
    "offset": "0",
    "limit": "1000",
}
START_BODY = b'{"jobParams":[{"name":"biz_date","value":"2026-01-15"}]}'
REQUESTS: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "a poll": ("GET", f"{JOBS}/daily_load/instances/34765", {}, b""),
    "a list": ("GET", f"{JOBS}/instances/detail", LIST_QUERY, b""),
    "a start": ("POST", f"{JOBS}/daily_load/run-immediate", {}, START_BODY),
}


def compare_naver() -> Comparison:
    return compare(
        lambda: naver.sign(NAVER_METHOD, NAVER_TARGET, NAVER_KEYS, NAVER_MILLISECONDS),
        lambda: base64.b64encode(hmac.new(SECRET, MESSAGE, hashlib.sha256).digest()),
        SIGNATURES_PER_ROUND,
    )


def compare_huawei(method: str, path: str, query: dict[str, str], body: bytes) -> Comparison:
    signer = Signer(BasicCredentials(HUAWEI_KEYS.access_key, HUAWEI_KEYS.secret_key, PROJECT))
    url = f"https://{HOST}{path}" + (f"?{urlencode(query)}" if query else "")

    def theirs() -> None:
        # The signer changes the request it signs, so that each needs one of its own.
        signer.sign(SdkRequest(method, "https", HOST, path, None, [*query.items()], dict(HEADERS), body))

    return compare(
        lambda: huawei.sign(method, url, HEADERS, body, HUAWEI_KEYS, HUAWEI_SECONDS), theirs, SIGNATURES_PER_ROUND
    )


def main() -> int:
    results = [compare_naver().holds("signing a request for NAVER, to a bare HMAC", NAVER_LIMIT)]
    for name, request in REQUESTS.items():
        results.append(compare_huawei(*request).holds(f"signing {name} for Huawei, to its SDK", HUAWEI_LIMIT))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
