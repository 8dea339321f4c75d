"""A function's environment, and a transport that never pauses."""

from collections.abc import Iterator

import pytest

from farsync.http_client.client import Transport

ENVIRON = {
    "AWS_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
    "AWS_SESSION_TOKEN": "the-token",
}


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(sleep=lambda _: None)
    yield made
    made.close()
