import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from farsync.telemetry import logger

# How long one example takes is a matter of the machine, which others may keep busy.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

LogLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log_lines() -> Iterator[LogLines]:
    """What the functions have logged so far, a dictionary a line."""
    stream = io.StringIO()
    handler = logger.registered_handler
    assert hasattr(handler, "setStream")
    before = handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)
