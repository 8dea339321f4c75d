"""Listing 100,000 jobs through the provider against fetching the same pages with bare requests and json.loads."""

import json
import subprocess
import sys
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import requests

from farsync import imports_are_done
from farsync.connections.connection import Connection, parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider

LIMIT = 1.30
MEMORY_LIMIT = 1.30
PAGE_SIZE = 1000
PAGES = 100
ROUNDS = 15


@contextmanager
def paged_jobs_server() -> Iterator[str]:
    script = Path(__file__).with_name("paged_jobs_server.py")
    command = [sys.executable, str(script), str(PAGES * PAGE_SIZE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def connection_to(endpoint: str) -> Connection:
    secret = {"provider": "naver", "endpoint": endpoint, "accessKey": "access", "secretKey": "secret"}
    return parse_connection("benchmark", json.dumps(secret))


def list_with_ours(endpoint: str, pages: int = PAGES) -> None:
    transport = Transport()
    jobs = open_provider(connection_to(endpoint), transport, time.time).iterate_jobs(limit=PAGE_SIZE)
    if pages == PAGES:
        assert sum(1 for _ in jobs) == PAGES * PAGE_SIZE
    else:
        deque(islice(jobs, pages * PAGE_SIZE), maxlen=0)
    transport.close()


def list_with_bare_requests(endpoint: str) -> None:
    with requests.Session() as session:
        count = 0
        for page in range(PAGES):
            reply = session.get(f"{endpoint}/api/v1/jobs", params={"page": page, "limit": PAGE_SIZE}, timeout=10)
            for _ in json.loads(reply.content)["list"]:
                count += 1
        assert count == PAGES * PAGE_SIZE


def seconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def peak_megabytes(action: Callable[[], None]) -> float:
    tracemalloc.start()
    action()
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak_bytes / 2**20


def main() -> int:
    imports_are_done()
    with paged_jobs_server() as endpoint:
        list_with_ours(endpoint)
        list_with_bare_requests(endpoint)
        pairs = [
            (seconds(lambda: list_with_ours(endpoint)), seconds(lambda: list_with_bare_requests(endpoint)))
            for _ in range(ROUNDS)
        ]
        at_10_pages = peak_megabytes(lambda: list_with_ours(endpoint, 10))
        at_100_pages = peak_megabytes(lambda: list_with_ours(endpoint))
    # The fastest rounds are the least disturbed by what else the machine does.
    ours, bare = (min(side) for side in zip(*pairs, strict=True))
    ratio = ours / bare
    growth = at_100_pages / at_10_pages
    print(f"listing 100,000 jobs  ours={ours:.2f}s bare={bare:.2f}s ratio={ratio:.2f} limit={LIMIT:.2f}")
    print(
        f"listing, peak memory  10 pages={at_10_pages:.2f}MB 100 pages={at_100_pages:.2f}MB "
        f"ratio={growth:.2f} limit={MEMORY_LIMIT:.2f}"
    )
    return 0 if ratio <= LIMIT and growth <= MEMORY_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
