"""What becomes of keys that a provider rejects, when it locks a key that goes on trying."""

import json

import pytest

from farsync.connections.connection import Connection
from farsync.connections.store import ConnectionStore
from farsync.model.errors import AuthenticationFailed, PermissionDenied
from tests.unit.connections.asking import ask

LOCK_SECONDS = 300.0


class LockingProvider:
    """Accepts one secret key, and locks every other."""

    def __init__(self, right_key: str) -> None:
        self.right_key = right_key
        self.secret_key = "old"
        self.now = 0.0
        self.keys_seen: list[str] = []
        self.store = ConnectionStore(self._fetch_secret, lambda: self.now, max_age_seconds=300)

    def ask(self) -> str:
        return str(ask(self.store, self._act))

    def _act(self, connection: Connection) -> str:
        key = connection.secret_key.get_secret_value()
        self.keys_seen.append(key)
        if key != self.right_key:
            raise AuthenticationFailed("rejected", retry_after_seconds=LOCK_SECONDS)
        return "done"

    def _fetch_secret(self, _: str) -> str:
        return json.dumps({"provider": "naver", "accessKey": "access", "secretKey": self.secret_key})


def test_the_same_keys_are_not_tried_twice() -> None:
    emulator = LockingProvider("new")

    with pytest.raises(AuthenticationFailed):
        emulator.ask()

    assert emulator.keys_seen == ["old"]


def test_keys_that_were_changed_meanwhile_are_tried_once() -> None:
    emulator = LockingProvider("new")
    emulator.store.get("default")
    emulator.secret_key = "new"

    assert emulator.ask() == "done"
    assert emulator.keys_seen == ["old", "new"]


def test_changed_keys_that_are_wrong_too_are_not_tried_again() -> None:
    emulator = LockingProvider("new")
    emulator.store.get("default")
    emulator.secret_key = "other"

    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            emulator.ask()

    assert emulator.keys_seen == ["old", "other"]


@pytest.mark.parametrize(("waited_seconds", "tries"), [(0, 1), (299, 1), (300, 2)])
def test_rejected_keys_rest_until_the_lock_is_over(waited_seconds: float, tries: int) -> None:
    emulator = LockingProvider("new")
    with pytest.raises(AuthenticationFailed):
        emulator.ask()
    emulator.now = waited_seconds

    with pytest.raises(AuthenticationFailed):
        emulator.ask()

    assert len(emulator.keys_seen) == tries


def test_who_has_to_wait_is_reported_how_long() -> None:
    emulator = LockingProvider("new")
    with pytest.raises(AuthenticationFailed):
        emulator.ask()
    emulator.now = 100

    with pytest.raises(AuthenticationFailed, match="tried again in 200 s") as caught:
        emulator.ask()

    assert caught.value.retry_after_seconds == LOCK_SECONDS - 100


def test_new_keys_end_the_rest() -> None:
    emulator = LockingProvider("new")
    with pytest.raises(AuthenticationFailed):
        emulator.ask()
    emulator.secret_key = "new"

    assert emulator.ask() == "done"


class StrictProvider:
    """Knows all keys, and lets one alone do what is asked."""

    def __init__(self) -> None:
        self.secret = {"provider": "naver", "accessKey": "access", "secretKey": "old"}
        self.keys_seen: list[str] = []
        self.secrets_fetched = 0
        self.store = ConnectionStore(self._fetch_secret, lambda: 0.0)

    def ask(self) -> str:
        return str(ask(self.store, self._act))

    def _act(self, connection: Connection) -> str:
        self.keys_seen.append(connection.secret_key.get_secret_value())
        if self.keys_seen[-1] != "allowed":
            raise PermissionDenied("not allowed")
        return "done"

    def _fetch_secret(self, _: str) -> str:
        self.secrets_fetched += 1
        return json.dumps(self.secret)


def test_keys_that_are_not_allowed_are_followed_by_those_that_the_secret_holds_by_now() -> None:
    emulator = StrictProvider()
    emulator.store.get("default")
    emulator.secret["secretKey"] = "allowed"

    assert emulator.ask() == "done"
    assert emulator.keys_seen == ["old", "allowed"]


def test_keys_that_are_not_allowed_and_have_not_changed_are_not_tried_again() -> None:
    emulator = StrictProvider()

    with pytest.raises(PermissionDenied):
        emulator.ask()

    assert emulator.keys_seen == ["old"]
    assert emulator.secrets_fetched == 2


def test_keys_that_are_not_allowed_need_no_rest() -> None:
    emulator = StrictProvider()
    for _ in range(2):
        with pytest.raises(PermissionDenied):
            emulator.ask()

    assert emulator.keys_seen == ["old", "old"]


def test_every_connection_has_a_clock_of_its_own() -> None:
    store = StrictProvider().store
    store.provider_clock("default").set(3600)

    assert store.provider_clock("default")() == 3600
    assert store.provider_clock("other")() == 0
