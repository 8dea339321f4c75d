"""Whose secret parameters a run may read, and what is said of one that it does not get."""

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError, InvalidRequest, PermissionDenied, ProviderUnavailable, Throttled
from farsync.runtime.context import Context, fetch_secret

KEYS = {"provider": "naver", "accessKey": "access", "secretKey": "secret"}
KMS_DENIES = "Access to KMS is not allowed"
IAM_DENIES = "User: role is not authorized to perform: secretsmanager:GetSecretValue on resource: KMS-token"


class SecretsManager(AwsCaller):
    """Connections of two teams, and whatever else a test puts there: a text, or why there is none."""

    def __init__(self, **connection_of_team_a: object) -> None:
        self.secrets: dict[str, str | bytes | AwsRequestFailed] = {}
        self.connect("team-a", **connection_of_team_a)
        self.connect("team-b")

    def connect(self, name: str, **more: object) -> None:
        self.secrets[f"farsync/connections/{name}"] = json.dumps({**KEYS, **more})

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert (service, action) == ("secretsmanager", "GetSecretValue")
        missing = AwsRequestFailed("ResourceNotFoundException", "Secrets Manager can't find it.", 400)
        match self.secrets.get(str(payload["SecretId"]), missing):
            case AwsRequestFailed() as failure:
                raise failure
            case bytes():
                return {"SecretBinary": "AAE="}
            case text:
                return {"SecretString": text}

    def environment(self) -> Context:
        return Context(
            clock=lambda: 0.0,
            sleep=lambda _: None,
            random=random.Random(1).random,
            new_token=lambda: "token",
            transport=Transport(),
            aws=self,
            connections=ConnectionStore(lambda secret_id: fetch_secret(self, secret_id), clock=lambda: 0.0),
            variables={},
        )

    def rejected(self, connection: str, name: str) -> FarsyncError:
        with pytest.raises(FarsyncError) as caught:
            self.environment().fetch_parameter(connection, name)
        return caught.value


def test_a_secret_parameter_is_read_from_the_place_of_its_connection() -> None:
    aws = SecretsManager()
    aws.secrets |= {"farsync/parameters/team-a/password": "of a", "farsync/parameters/team-b/password": "of b"}
    read = aws.environment().fetch_parameter

    assert (read("team-a", "password"), read("team-b", "password")) == ("of a", "of b")


@pytest.mark.parametrize(
    "shared", [[], ["*"], ["team*"], ["*-b*"], ["team-c/*"], ["team-b/*/*"], ["*/password/*"]], ids=str
)
def test_team_a_cannot_read_team_bs_secret_by_naming_it(shared: list[str]) -> None:
    aws = SecretsManager(sharedParameters=shared)
    aws.secrets["farsync/parameters/team-b/password"] = "of b"

    error = aws.rejected("team-a", "team-b/password")

    assert isinstance(error, InvalidRequest)
    assert "there is no secret farsync/parameters/team-a/team-b/password" in str(error)


@pytest.mark.parametrize("shared", [["team-b/password"], ["other", "team-b/*"], ["team-b/pass*d"]], ids=str)
def test_a_secret_of_another_team_is_read_where_the_connection_shares_it(shared: list[str]) -> None:
    aws = SecretsManager(sharedParameters=shared)
    aws.secrets["farsync/parameters/team-b/password"] = "of b"

    assert aws.environment().fetch_parameter("team-a", "team-b/password") == "of b"


def test_a_star_shares_every_name_that_stands_below_no_connection() -> None:
    aws = SecretsManager(sharedParameters=["*"])
    aws.secrets["farsync/parameters/password"] = "of all"

    assert aws.environment().fetch_parameter("team-a", "password") == "of all"


def test_letters_in_a_pattern_stand_for_themselves() -> None:
    aws = SecretsManager(sharedParameters=["Token.1"])
    aws.secrets |= {"farsync/parameters/token.1": "shared", "farsync/parameters/Token-1": "shared"}

    assert {type(aws.rejected("team-a", name)) for name in ("token.1", "Token-1")} == {InvalidRequest}


def test_a_shared_name_is_not_looked_for_elsewhere() -> None:
    aws = SecretsManager(sharedParameters=["password"])
    aws.secrets["farsync/parameters/team-a/password"] = "of a"

    assert "there is no secret farsync/parameters/password that" in str(aws.rejected("team-a", "password"))


def test_what_a_connection_begins_to_share_can_be_read_at_once() -> None:
    aws = SecretsManager()
    aws.secrets["farsync/parameters/password"] = "of all"
    environment = aws.environment()
    environment.connections.get("team-a")
    aws.connect("team-a", sharedParameters=["password"])

    assert environment.fetch_parameter("team-a", "password") == "of all"


def test_a_forbidden_secret_reads_as_a_missing_one() -> None:
    aws = SecretsManager(sharedParameters=["token"])
    missing = aws.rejected("team-a", "token")
    aws.secrets["farsync/parameters/token"] = AwsRequestFailed("AccessDeniedException", IAM_DENIES, 400)
    forbidden = aws.rejected("team-a", "token")

    assert (type(forbidden), str(forbidden)) == (type(missing), str(missing))
    assert isinstance(missing, InvalidRequest)
    assert missing.field == "parameters"


@pytest.mark.parametrize(
    ("secret", "remedy"),
    [
        (AwsRequestFailed("InvalidRequestException", "it was marked for deletion.", 400), "for deletion; restore it"),
        (b"\x00\x01", "is binary; store it as text"),
        (AwsRequestFailed("AccessDeniedException", KMS_DENIES, 400), "give its key as the stack's KmsKeyArn"),
        (AwsRequestFailed("AccessDeniedException", "to perform: kms:Decrypt on", 400), "cannot be decrypted"),
        (AwsRequestFailed("DecryptionFailure", "can't decrypt", 400), "give its key as the stack's KmsKeyArn"),
        (AwsRequestFailed("InvalidRequestException", "is managed elsewhere", 400), "is managed elsewhere"),
        (AwsRequestFailed("ValidationException", "too long", 400), "ValidationException: too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_secret_that_no_waiting_makes_readable_is_named_with_its_remedy(
    secret: bytes | AwsRequestFailed, remedy: str
) -> None:
    aws = SecretsManager()
    aws.secrets["farsync/parameters/team-a/token"] = secret

    error = aws.rejected("team-a", "token")

    assert isinstance(error, InvalidRequest)
    assert "the secret farsync/parameters/team-a/token " in str(error)
    assert remedy in str(error)


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (AwsRequestFailed("ThrottlingException", "Rate exceeded", 400), Throttled),
        (AwsRequestFailed("InternalServiceError", "an error occurred", 500), ProviderUnavailable),
        (AwsRequestFailed("ExpiredTokenException", "the token has expired", 400), ProviderUnavailable),
        (AwsRequestFailed("Unreachable", "no route"), ProviderUnavailable),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_a_failure_that_passes_is_not_taken_for_a_wrong_secret(
    failure: AwsRequestFailed, error: type[FarsyncError]
) -> None:
    aws = SecretsManager()
    aws.secrets["farsync/parameters/team-a/token"] = failure

    assert type(aws.rejected("team-a", "token")) is error


def test_a_connection_that_may_not_be_read_is_reported_as_such() -> None:
    aws = SecretsManager()
    aws.secrets["farsync/connections/team-a"] = AwsRequestFailed("AccessDeniedException", IAM_DENIES, 400)

    assert type(aws.rejected("team-a", "token")) is PermissionDenied
