"""Whose secret parameters a run may read, and what is said of one that it does not get."""

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.runtime.context import Context, fetch_secret

KEYS = {"provider": "naver", "accessKey": "access", "secretKey": "secret"}
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


@pytest.mark.parametrize(
    ("shared", "name"),
    [
        (["team-b/password"], "team-b/password"),
        (["other", "team-b/*"], "team-b/password"),
        (["team-b/pass*d"], "team-b/password"),
        (["*"], "password"),
    ],
    ids=str,
)
def test_a_secret_that_the_connection_shares_is_read_beside_its_own(shared: list[str], name: str) -> None:
    aws = SecretsManager(sharedParameters=shared)
    aws.secrets[f"farsync/parameters/{name}"] = "shared"

    assert aws.environment().fetch_parameter("team-a", name) == "shared"


@pytest.mark.parametrize(
    ("shared", "name", "secret_id"),
    [
        ("Token.1", "token.1", "team-a/token.1"),
        ("Token.1", "Token-1", "team-a/Token-1"),
        ("password", "password", "password"),
    ],
    ids=["case", "dot", "shared"],
)
def test_letters_of_a_pattern_stand_for_themselves_and_share_one_place(shared: str, name: str, secret_id: str) -> None:
    aws = SecretsManager(sharedParameters=[shared])
    places = {f"farsync/parameters/{folder}{name}" for folder in ("", "team-a/")}
    aws.secrets |= dict.fromkeys(places - {f"farsync/parameters/{secret_id}"}, "elsewhere")

    assert f"there is no secret farsync/parameters/{secret_id} that" in str(aws.rejected("team-a", name))


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


def test_a_binary_secret_is_named_with_its_remedy() -> None:
    aws = SecretsManager()
    aws.secrets["farsync/parameters/team-a/token"] = b"\x00\x01"

    assert "the secret farsync/parameters/team-a/token is binary; store it as text" in str(
        aws.rejected("team-a", "token")
    )
