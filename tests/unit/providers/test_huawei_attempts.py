"""DataArts runs an instance again under its id; what tells the attempts apart is when each began."""

import json

import pytest

from farsync.providers.huawei.decoding import decode_instance


@pytest.mark.parametrize(
    ("started", "attempt"),
    [(1768464000001, "1768464000001"), ("1768464000001", "1768464000001"), (0, ""), (None, ""), ("soon", ""), ([], "")],
)
def test_an_attempt_is_named_by_its_beginning(started: object, attempt: str) -> None:
    body = json.dumps({"instanceId": 4711, "status": "success", "startTime": started}).encode()
    assert decode_instance(body, "default", "daily", "4711").attempt == attempt
