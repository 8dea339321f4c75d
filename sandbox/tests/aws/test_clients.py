"""The clients with which state machines call services."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from sandbox.aws.moto_patches import clients

MEET_WITHIN_SECONDS = 0.3


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The clients that are made; whoever makes one waits for another who does."""
    made: list[object] = []
    together = threading.Barrier(2)

    def make(*_: object, **__: object) -> object:
        made.append(object())
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(MEET_WITHIN_SECONDS)
        return made[-1]

    monkeypatch.setattr(boto3, "client", make)
    clients._make_client.cache_clear()
    yield made
    clients._make_client.cache_clear()


def test_tasks_that_begin_together_share_one_client(making: list[object]) -> None:
    with ThreadPoolExecutor(4) as tasks:
        used = list(tasks.map(lambda _: clients.integration_client("r", "sqs", "http://127.0.0.1:9"), range(4)))
    assert used == making * 4
