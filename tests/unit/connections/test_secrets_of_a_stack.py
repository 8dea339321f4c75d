"""Where a stack's secrets stand, and what is said of a connection's that cannot be read."""

import pytest

from farsync.aws.client import AwsRequestFailed
from farsync.connections.connection import parse_connection
from farsync.connections.secrets import unreadable_connection, unreadable_parameter
from farsync.connections.store import ConnectionStore
from farsync.model.errors import (
    ConnectionInvalid,
    ConnectionNotFound,
    FarsyncError,
    InvalidRequest,
    PermissionDenied,
    ProviderUnavailable,
    Throttled,
)
from farsync.runtime.context import lambda_context

SECRET = '{"provider": "naver", "accessKey": "access", "secretKey": "secret"}'


@pytest.mark.parametrize(
    ("code", "message", "error", "words"),
    [
        ("InvalidRequestException", "marked for deletion.", ConnectionNotFound, "is marked for deletion; restore it"),
        ("InvalidRequestException", "is managed elsewhere", ConnectionInvalid, "is managed elsewhere"),
        ("BinarySecret", "no text", ConnectionInvalid, "is binary; store it as text"),
        ("AccessDeniedException", "Access to KMS is not allowed", ConnectionInvalid, "as the stack's KmsKeyArn"),
        ("AccessDeniedException", "to perform: kms:Decrypt on", ConnectionInvalid, "cannot be decrypted"),
        ("DecryptionFailure", "can't decrypt", ConnectionInvalid, "as the stack's KmsKeyArn"),
        ("ValidationException", "too long", ConnectionInvalid, "ValidationException: too long"),
        ("ThrottlingException", "Rate exceeded", Throttled, "AWS throttles"),
        ("InternalServiceError", "no", ProviderUnavailable, "AWS did not answer"),
        ("ExpiredTokenException", "the token has expired", ProviderUnavailable, "AWS did not answer"),
    ],
)
def test_an_unreadable_secret_is_named_with_its_remedy_unless_waiting_may_help(
    code: str, message: str, error: type[FarsyncError], words: str
) -> None:
    failure = AwsRequestFailed(code, message, 400)
    connection, parameter = unreadable_connection("a", "an-id", failure), unreadable_parameter("an-id", failure)
    is_lasting = error in (ConnectionInvalid, ConnectionNotFound)
    assert (type(connection), type(parameter)) == (error, InvalidRequest if is_lasting else error)
    for rejected in (connection, parameter):
        assert words in str(rejected)
        assert ("the secret an-id " in str(rejected)) is is_lasting


def test_a_forbidden_connection_is_not_taken_for_a_missing_one() -> None:
    def forbid(_: str) -> str:
        raise AwsRequestFailed("AccessDeniedException", "no", 400)

    with pytest.raises(PermissionDenied, match="AccessDeniedException"):
        ConnectionStore(forbid, lambda: 0).get("default")


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
