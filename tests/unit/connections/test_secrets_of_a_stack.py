"""Where a stack's secrets stand."""

import pytest

from farsync.connections.connection import parse_connection
from farsync.connections.store import ConnectionStore
from farsync.runtime.context import lambda_context

SECRET = '{"provider": "naver", "accessKey": "access", "secretKey": "secret"}'


def test_two_stacks_of_an_account_read_connections_and_parameters_of_their_own() -> None:
    fetched: list[str] = []

    def fetch(secret_id: str) -> str:
        fetched.append(secret_id)
        return SECRET

    for prefix in ("production", "staging"):
        store = ConnectionStore(fetch, lambda: 0, secrets_prefix=prefix)
        fetched.append(store.parameter_secret(store.get("default"), "password"))

    assert fetched == [
        "production/connections/default",
        "production/parameters/default/password",
        "staging/connections/default",
        "staging/parameters/default/password",
    ]


@pytest.mark.parametrize(("variables", "prefix"), [({"SECRETS_PREFIX": "staging"}, "staging"), ({}, "farsync")])
def test_a_function_reads_secrets_of_its_stack(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], prefix: str
) -> None:
    monkeypatch.delenv("SECRETS_PREFIX", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    store = lambda_context().connections

    assert store.parameter_secret(parse_connection("a", SECRET), "b") == f"{prefix}/parameters/a/b"
