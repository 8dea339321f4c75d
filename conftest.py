import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from farsync.runtime.observability import logger

# How long one example takes is a matter of the machine, which others may keep busy.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

IN_A_SANDBOX = re.compile(r"\[((?:naver|huawei)-[^-\]]+)")
"""The dialect of the shared sandbox, as the id of a test begins with it."""
LONG = ("test_fault_matrix", "test_closing", "test_burst", "test_following", "test_redriving", "test_sweeping")
"""Modules that are worth a sandbox of their own; a sweep also reads the history of each run that failed in it."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: nothing is waited for at the end."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if "sandbox" not in getattr(item, "fixturenames", ()):
        return 2 if "/unit/" in item.nodeid else 1
    return 0


class BySandbox(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """A worker takes a module of tests, or all tests of one sandbox: to start a sandbox costs seconds."""

    def _split_scope(self, nodeid: str) -> str:
        module = str(super()._split_scope(nodeid))
        dialect = IN_A_SANDBOX.search(nodeid)
        if dialect is None or not nodeid.startswith("tests/state_machines/"):
            return module
        return f"{module} {dialect[1]}" if module.removesuffix(".py").endswith(LONG) else dialect[1]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySandbox:
    return BySandbox(config, log)
