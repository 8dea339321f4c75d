from collections.abc import Iterator, Mapping
from pathlib import Path
from time import tzset

import pytest
import requests

from cli.tests.support.fake_api import FakeStack, served
from cli.tests.support.playing import Open, Time, environment
from farsync_client import Farsync


@pytest.fixture(scope="session")
def _server() -> Iterator[FakeStack]:
    with served() as stack:
        yield stack


@pytest.fixture
def stack(_server: FakeStack) -> FakeStack:
    """As new."""
    url = _server.url
    FakeStack.__init__(_server)
    _server.url = url
    return _server


@pytest.fixture
def environ(stack: FakeStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, str]]:
    """Of a user who may call the stack; botocore reads its part from the process."""
    variables = environment(stack.url, str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    tzset()
    yield variables
    monkeypatch.undo()
    tzset()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def opened(environ: Mapping[str, str], time: Time) -> Open:
    def opened(**variables: str) -> Farsync:
        return Farsync(
            session=requests.Session(),
            environ={**environ, **variables},
            clock=lambda: time.now().timestamp(),
            sleep=time.sleep,
        )

    return opened
