import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One for all tests of a module, four times as fast as real clouds."""
    sandbox = SandboxProcess(tmp_path_factory.mktemp("sandbox"), "--speed", "4")
    yield sandbox
    sandbox.end(signal.SIGTERM)


@pytest.fixture
def start_sandbox(tmp_path: Path) -> Iterator[Callable[..., SandboxProcess]]:
    """`farsync-sandbox up --json` with more options; whatever the test leaves running is stopped."""
    started: list[SandboxProcess] = []

    def start(*options: str) -> SandboxProcess:
        started.append(SandboxProcess(tmp_path, *options))
        return started[-1]

    yield start
    for sandbox in started:
        if sandbox.process.poll() is None:
            sandbox.end(signal.SIGTERM)
