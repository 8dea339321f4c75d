"""A transport on a clock that only pauses move."""

import threading
from collections.abc import Iterator

import pytest

from farsync.http_client.client import Transport
from tests.unit.http_client.fake_time import FakeTime, make_transport


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def transport(time: FakeTime) -> Iterator[Transport]:
    made = make_transport(time)
    yield made
    made.close()


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()
