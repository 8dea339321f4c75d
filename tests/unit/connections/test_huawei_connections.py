"""Connections to Huawei Cloud: where they lead, and how a wrong one is told."""

import json

import pytest

from farsync.connections.connection import Connection, parse_connection
from farsync.model.errors import ConnectionInvalid
from farsync.providers.huawei.connection import HuaweiConnection

GOOD = {
    "provider": "huawei",
    "accessKey": "access-value",
    "secretKey": "secret-value",
    "projectId": "b384b9e9ab9b4ee8994c8633aabc9505",
    "region": "cn-north-4",
}


def connection_with(**changes: object) -> Connection:
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return parse_connection("default", json.dumps(fields))


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("cn-north-4", "https://dayu-dlf.cn-north-4.myhuaweicloud.com"),
        ("ap-southeast-3", "https://dayu-dlf.ap-southeast-3.myhuaweicloud.com"),
        ("cn-east-4", "https://dayu.cn-east-4.myhuaweicloud.com"),
    ],
)
def test_a_region_has_its_host(region: str, endpoint: str) -> None:
    assert connection_with(region=region).endpoint == endpoint


@pytest.mark.parametrize("region", [None, "eu-de"])
def test_an_endpoint_of_ones_own_counts_more_than_the_region(region: str | None) -> None:
    endpoint = "https://dayu-dlf.eu-de.otc.t-systems.com"

    assert connection_with(region=region, endpoint=f"{endpoint}/").endpoint == endpoint


def test_accounts_are_reported_apart_by_their_project() -> None:
    assert connection_with().account == GOOD["projectId"]


@pytest.mark.parametrize(
    "changes",
    [
        {"accessKey": "another"},
        {"secretKey": "another"},
        {"securityToken": "another"},
        {"securityToken": None},
        {"region": "cn-north-1"},
    ],
)
def test_what_a_rejection_may_depend_on_makes_other_credentials(changes: dict[str, str | None]) -> None:
    temporary = connection_with(securityToken="token")

    assert connection_with(**{"securityToken": "token", **changes}).credentials != temporary.credentials


def test_what_no_rejection_depends_on_leaves_the_credentials_the_same() -> None:
    changed = connection_with(workspace="d1cd", needsAttentionTimeoutSeconds=60)

    assert changed.credentials == connection_with().credentials


def test_what_may_be_left_out_is_not_there() -> None:
    connection = connection_with()

    assert isinstance(connection, HuaweiConnection)
    assert (connection.workspace, connection.security_token) == (None, None)
    assert connection.needs_attention_timeout_seconds is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"projectId": None}, "projectId"),
        ({"projectId": "hidden/.."}, "projectId"),
        ({"projectId": 7}, "projectId"),
        ({"region": None}, "endpoint"),
        ({"region": "hidden.example.com"}, "region"),
        ({"region": "hidden@example"}, "region"),
        ({"region": ["hidden"]}, "endpoint"),
        ({"endpoint": "http://hidden.example"}, "endpoint"),
        ({"workspace": "hidden hidden"}, "workspace"),
        ({"workspace": ""}, "workspace"),
        ({"securityToken": "hidden hidden"}, "securityToken"),
        ({"secretKey": None}, "secretKey"),
        ({"needsAttentionTimeoutSeconds": "hidden"}, "needsAttentionTimeoutSeconds"),
        ({"runMarker": "logPath"}, "runMarker"),
        ({"name": "hidden"}, "name"),
    ],
)
def test_a_wrong_field_is_named_and_no_value_shown(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ConnectionInvalid) as caught:
        connection_with(**changes)

    assert f"{field}: " in str(caught.value)
    assert not any(value in str(caught.value) for value in ("hidden", "access-value", "secret-value"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("provider", [None, "hidden", "Huawei", "../naver", 7, ["naver"], "__init__"])
def test_a_cloud_that_is_not_there_is_reported_with_those_that_are(provider: object) -> None:
    with pytest.raises(ConnectionInvalid, match=r"provider: (missing; )?give one of huawei, naver\.") as caught:
        connection_with(provider=provider)

    assert "hidden" not in str(caught.value)


def test_secrets_do_not_show_when_a_connection_is_printed_or_dumped() -> None:
    connection = connection_with(securityToken="token-value")

    shown = f"{connection!r} {connection} {connection.model_dump_json()}"
    assert not any(value in shown for value in ("secret-value", "token-value"))
