"""Signing a request against the bare HMAC and Base64 of the same message."""

import base64
import hashlib
import hmac
import statistics
import sys
import timeit

from farsync.signing.naver import NaverKeys, sign

LIMIT = 1.50
ROUNDS = 31
SIGNATURES_PER_ROUND = 5000

METHOD = "GET"
TARGET = "/api/v1/jobs/5Yns7JgRt25f/executions/mY3275GiRXkm"
NOW_MILLISECONDS = 1742523174000
KEYS = NaverKeys("ncp_iam_TESTACCESSKEY0001", "ncp_iam_TESTSECRETKEY000000000000001")
MESSAGE = f"{METHOD} {TARGET}\n{NOW_MILLISECONDS}\n{KEYS.access_key}".encode()
SECRET = KEYS.secret_key.encode()


def ours() -> None:
    sign(METHOD, TARGET, KEYS, NOW_MILLISECONDS)


def bare() -> None:
    base64.b64encode(hmac.new(SECRET, MESSAGE, hashlib.sha256).digest())


def main() -> int:
    pairs = [
        (
            timeit.timeit(ours, number=SIGNATURES_PER_ROUND),
            timeit.timeit(bare, number=SIGNATURES_PER_ROUND),
        )
        for _ in range(ROUNDS)
    ]
    ratio = statistics.median(ours_seconds / bare_seconds for ours_seconds, bare_seconds in pairs)
    ours_us, bare_us = (statistics.median(side) / SIGNATURES_PER_ROUND * 1e6 for side in zip(*pairs, strict=True))
    print(f"signing a request  ours={ours_us:.2f}us bare={bare_us:.2f}us ratio={ratio:.2f} limit={LIMIT:.2f}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
