"""Connections: what a secret may hold, how a wrong one is told, how long it is kept."""

import json

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.connections.connection import Connection, parse_connection
from farsync.connections.store import ConnectionStore
from farsync.model.errors import (
    AuthenticationFailed,
    ConnectionInvalid,
    ConnectionNotFound,
    InvalidRequest,
)
from tests.unit.connections.asking import ask

GOOD = {"provider": "naver", "accessKey": "access-value", "secretKey": "secret-value"}


def secret(**changes: object) -> str:
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not None})


def test_a_secret_needs_no_more_than_provider_and_keys() -> None:
    connection = parse_connection("default", secret())

    assert connection.endpoint == "https://dataflow.apigw.ntruss.com"
    assert connection.access_key.get_secret_value() == "access-value"
    assert connection.secret_key.get_secret_value() == "secret-value"
    assert connection.needs_attention_timeout_seconds is None


@pytest.mark.parametrize(
    ("endpoint", "kept"),
    [
        ("https://dataflow.apigw.gov-ntruss.com/", "https://dataflow.apigw.gov-ntruss.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_endpoint_is_https_or_loopback_and_loses_its_last_slash(endpoint: str, kept: str) -> None:
    assert parse_connection("default", secret(endpoint=endpoint)).endpoint == kept


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"provider": None}, "provider"),
        ({"provider": "hidden"}, "provider"),
        ({"accessKey": None}, "accessKey"),
        ({"accessKey": "hidden\n"}, "accessKey"),
        ({"accessKey": ""}, "accessKey"),
        ({"secretKey": None}, "secretKey"),
        ({"secretKey": "hidden value"}, "secretKey"),
        ({"secretKey": {"hidden": "hidden"}}, "secretKey"),
        ({"endpoint": "http://hidden.example"}, "endpoint"),
        ({"endpoint": "https://hidden:hidden@example.test"}, "endpoint"),
        ({"endpoint": "https://example.test?hidden"}, "endpoint"),
        ({"endpoint": "https://example.test:hidden"}, "endpoint"),
        ({"endpoint": "ftp://hidden"}, "endpoint"),
        ({"endpoint": "https://[hidden"}, "endpoint"),
        ({"endpoint": 7}, "endpoint"),
        ({"runMarker": "hidden"}, "runMarker"),
        ({"needsAttentionTimeoutSeconds": 0}, "needsAttentionTimeoutSeconds"),
        ({"projectId": "hidden"}, "projectId"),
        ({"sharedParameters": "hidden"}, "sharedParameters"),
        ({"sharedParameters": ["hidden hidden"]}, "sharedParameters"),
        ({"sharedParameters": ["/hidden"]}, "sharedParameters"),
        ({"sharedParameters": ["hidden//*"]}, "sharedParameters"),
        ({"sharedParameters": ["h" * 401]}, "sharedParameters"),
        ({"sharedParameters": ["hidden[a]"]}, "sharedParameters"),
        ({"sharedParameters": ["a"] * 51}, "sharedParameters"),
        ({"watchedFailureReasons": "hidden"}, "watchedFailureReasons"),
        ({"watchedFailureReasons": 1}, "watchedFailureReasons"),
        ({"password": "hidden"}, "password"),
        ({"secret_key": "hidden"}, "secret_key"),
        ({"name": "hidden"}, "name"),
    ],
)
def test_a_wrong_field_is_named_and_no_value_shown(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ConnectionInvalid) as caught:
        parse_connection("default", secret(**changes))

    assert f"{field}: " in str(caught.value)
    assert not any(value in str(caught.value) for value in ("hidden", "access-value", "secret-value"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "text", ["", "access-value", "[]", '{"accessKey": "secret-value"', '"secret-value"', "[" * 100_000]
)
def test_a_secret_that_is_no_json_object_is_reported_without_quoting_it(text: str) -> None:
    with pytest.raises(ConnectionInvalid, match="JSON object") as caught:
        parse_connection("default", text)

    assert "-value" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_slip_in_the_json_of_a_secret_is_reported_by_its_place_only() -> None:
    with pytest.raises(ConnectionInvalid, match="it is no JSON at line 2, column 15") as caught:
        parse_connection("default", '{\n "accessKey": secret-value}')

    assert "secret-value" not in str(caught.value)


def test_a_byte_order_mark_before_a_secret_is_passed_over() -> None:
    assert parse_connection("default", f"\ufeff{secret()}") == parse_connection("default", secret())


def test_a_field_that_is_wrong_many_times_is_reported_once() -> None:
    with pytest.raises(ConnectionInvalid) as caught:
        parse_connection("default", secret(sharedParameters=["a b", "c d"]))

    assert str(caught.value).count("sharedParameters") == 1


def test_keys_do_not_show_when_a_connection_is_printed_or_dumped() -> None:
    connection = parse_connection("default", secret())

    assert "-value" not in f"{connection!r} {connection} {connection.model_dump_json()}"


class Secrets:
    """Secrets Manager, as far as a store sees it."""

    def __init__(self, **texts: str) -> None:
        self.texts = {f"farsync/connections/{name}": text for name, text in texts.items()}
        self.fetched: list[str] = []
        self.now = 0.0

    def fetch(self, secret_id: str) -> str:
        self.fetched.append(secret_id)
        if secret_id not in self.texts:
            raise AwsRequestFailed("ResourceNotFoundException", "Secrets Manager can't find it", 400)
        return self.texts[secret_id]

    def store(self) -> ConnectionStore:
        return ConnectionStore(self.fetch, lambda: self.now, max_age_seconds=300)


def test_a_connection_is_fetched_once_and_again_when_it_has_aged() -> None:
    secrets = Secrets(default=secret())
    store = secrets.store()
    store.get("default")
    secrets.now = 299
    store.get("default")
    assert len(secrets.fetched) == 1

    secrets.now = 300
    store.get("default")

    assert len(secrets.fetched) == 2


def test_a_connection_without_a_secret_is_not_found() -> None:
    with pytest.raises(ConnectionNotFound, match="farsync/connections/other"):
        Secrets(default=secret()).store().get("other")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a" * 41, "작업", "a\n", "a b"])
def test_a_name_that_cannot_be_one_is_rejected_before_aws_is_asked(name: str) -> None:
    secrets = Secrets()

    with pytest.raises(InvalidRequest) as caught:
        secrets.store().get(name)

    assert (caught.value.field, secrets.fetched) == ("connection", [])


def test_a_rotated_key_does_not_stay_cached() -> None:
    secrets = Secrets(default=secret(secretKey="old"))
    store = secrets.store()
    store.get("default")
    secrets.texts["farsync/connections/default"] = secret(secretKey="new")

    def act(connection: Connection) -> str:
        if connection.secret_key.get_secret_value() != "new":
            raise AuthenticationFailed("rejected")
        return "done"

    assert ask(store, act) == "done"
    assert len(secrets.fetched) == 2


def test_keys_that_stay_rejected_are_tried_twice_and_no_more() -> None:
    secrets = Secrets(default=secret())
    tries: list[Connection] = []

    def act(connection: Connection) -> None:
        tries.append(connection)
        raise AuthenticationFailed("rejected")

    with pytest.raises(AuthenticationFailed):
        ask(secrets.store(), act)

    assert (len(tries), len(secrets.fetched)) == (2, 2)
