"""The provider's own time, as a page of executions brings it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import WireServer, reply, wire_server
from tests.unit.providers.huawei_replies import NOW
from tests.unit.providers.huawei_replies import SECRET as HUAWEI

NAVER = {"provider": "naver", "accessKey": "access", "secretKey": "secret"}
EMPTY = {"naver": b'{"list": []}', "huawei": b'{"instances": [], "total": 0}'}
OUR_TIME = datetime.fromtimestamp(NOW, UTC)


@pytest.fixture(params=[NAVER, HUAWEI], ids=["naver", "huawei"])
def secret(request: pytest.FixtureRequest) -> dict[str, str]:
    content: dict[str, str] = request.param
    return content


def provider_for(server: WireServer, secret: dict[str, str]) -> Provider:
    connection = parse_connection("default", json.dumps({**secret, "endpoint": server.endpoint}))
    return open_provider(connection, Transport(sleep=lambda _: None), lambda: NOW)


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def test_a_page_of_executions_says_the_providers_time(secret: dict[str, str]) -> None:
    providers_time = OUR_TIME + timedelta(seconds=100)
    with wire_server(reply(200, EMPTY[secret["provider"]], Date=http_date(providers_time))) as server:
        page = provider_for(server, secret).list_executions("daily")

    assert page.served_at == providers_time


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}, {"Date": http_date(OUR_TIME), "Age": "3"}])
def test_a_page_that_does_not_say_it_has_none(secret: dict[str, str], headers: dict[str, str]) -> None:
    with wire_server(reply(200, EMPTY[secret["provider"]], **headers)) as server:
        page = provider_for(server, secret).list_executions("daily")

    assert page.served_at is None


@pytest.mark.parametrize(("ahead", "requests"), [(-31, 2), (-29, 1), (29, 1), (31, 2), (600, 2)])
def test_dataarts_is_asked_again_where_its_time_lies_far_from_the_one_listed_by(
    open_huawei: Callable[..., Provider], ahead: int, requests: int
) -> None:
    providers_time = OUR_TIME + timedelta(minutes=ahead)
    with wire_server(reply(200, EMPTY["huawei"], Date=http_date(providers_time))) as server:
        open_huawei(server).list_executions("daily")

    assert len(server.requests) == requests
