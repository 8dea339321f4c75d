"""How long a connection is kept, and what becomes of keys that its provider rejects."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.connections.connection import Connection
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import (
    AuthenticationFailed,
    ConnectionNotFound,
    FarsyncError,
    InvalidRequest,
    PermissionDenied,
)
from farsync.runtime.connected_provider import ConnectedProvider

LOCK_SECONDS = 300.0


class Gate(ConnectedProvider):
    """Lets one secret key through, and the connection's secret, which may change."""

    def __init__(
        self, error: type[FarsyncError] = AuthenticationFailed, lock_seconds: float | None = LOCK_SECONDS
    ) -> None:
        self.error = error
        self.lock_seconds = lock_seconds
        self.key = "old"
        self.now = 0.0
        self.keys_seen: list[str] = []
        self.secrets_fetched: list[str] = []
        self.store = ConnectionStore(self._fetch, lambda: self.now, max_age_seconds=300)

    def ask(self) -> str:
        super().__init__(self.store, Transport(), "default")
        return str(self.get_execution("a-job", "an-execution"))

    def rejected(self) -> FarsyncError:
        with pytest.raises(self.error) as caught:
            self.ask()
        return caught.value

    def _open(self, connection: Connection) -> Any:
        return SimpleNamespace(get_execution=lambda *_: self._answer(connection.secret_key.get_secret_value()))

    def _answer(self, key: str) -> str:
        self.keys_seen.append(key)
        if key != "right":
            raise self.error("rejected", retry_after_seconds=self.lock_seconds)
        return "done"

    def _fetch(self, secret_id: str) -> str:
        self.secrets_fetched.append(secret_id)
        if secret_id != "farsync/connections/default":
            raise AwsRequestFailed("ResourceNotFoundException", "Secrets Manager can't find it", 400)
        return json.dumps({"provider": "naver", "accessKey": "access", "secretKey": self.key})


def test_a_connection_is_fetched_once_and_again_when_it_has_aged() -> None:
    gate = Gate()
    for now, times in ((0, 1), (299, 1), (300, 2)):
        gate.now = now
        gate.store.get("default")
        assert len(gate.secrets_fetched) == times


def test_a_connection_without_a_secret_is_not_found() -> None:
    with pytest.raises(ConnectionNotFound, match="farsync/connections/other"):
        Gate().store.get("other")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a" * 41, "작업", "a\n", "a b"])
def test_a_name_that_cannot_be_one_is_rejected_before_aws_is_asked(name: str) -> None:
    gate = Gate()
    with pytest.raises(InvalidRequest) as caught:
        gate.store.get(name)
    assert (caught.value.field, gate.secrets_fetched) == ("connection", [])


@pytest.mark.parametrize(
    ("error", "lock_seconds"),
    [(AuthenticationFailed, None), (AuthenticationFailed, LOCK_SECONDS), (PermissionDenied, None)],
    ids=["rejected", "locked", "not allowed"],
)
def test_keys_that_were_changed_meanwhile_are_tried_once(error: type[FarsyncError], lock_seconds: float | None) -> None:
    gate = Gate(error, lock_seconds)
    gate.store.get("default")
    gate.key = "right"
    assert gate.ask() == "done"
    assert gate.keys_seen == ["old", "right"]


@pytest.mark.parametrize(
    ("error", "lock_seconds", "keys"),
    [
        (AuthenticationFailed, None, ["old", "old"]),
        (AuthenticationFailed, LOCK_SECONDS, ["old"]),
        (PermissionDenied, None, ["old"]),
    ],
    ids=["rejected", "locked", "not allowed"],
)
def test_keys_that_have_not_changed_are_tried_again_only_without_a_lock(
    error: type[FarsyncError], lock_seconds: float | None, keys: list[str]
) -> None:
    gate = Gate(error, lock_seconds)
    gate.rejected()
    assert (gate.keys_seen, len(gate.secrets_fetched)) == (keys, 2)


def test_changed_keys_that_are_wrong_too_are_not_tried_again() -> None:
    gate = Gate()
    gate.store.get("default")
    gate.key = "other"
    for _ in range(3):
        gate.rejected()
    assert gate.keys_seen == ["old", "other"]


@pytest.mark.parametrize(("waited_seconds", "tries"), [(0, 1), (299, 1), (300, 2)])
def test_rejected_keys_rest_until_the_lock_is_over(waited_seconds: float, tries: int) -> None:
    gate = Gate()
    gate.rejected()
    gate.now = waited_seconds
    gate.rejected()
    assert len(gate.keys_seen) == tries


def test_a_rest_says_how_long_it_is() -> None:
    gate = Gate()
    gate.rejected()
    gate.now = 100
    error = gate.rejected()
    assert "tried again in 200 s" in str(error)
    assert error.retry_after_seconds == LOCK_SECONDS - 100


def test_new_keys_end_the_rest() -> None:
    gate = Gate()
    gate.rejected()
    gate.key = "right"
    assert gate.ask() == "done"


def test_keys_that_are_not_allowed_need_no_rest() -> None:
    gate = Gate(PermissionDenied, None)
    gate.rejected()
    gate.rejected()
    assert gate.keys_seen == ["old", "old"]


def test_every_connection_has_a_clock_of_its_own() -> None:
    store = Gate().store
    store.provider_clock("default").set(3600)
    assert (store.provider_clock("default")(), store.provider_clock("other")()) == (3600, 0)
