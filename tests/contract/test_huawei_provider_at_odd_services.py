"""Our provider at a DataArts Factory that knows less than the pages say, or is slow where nobody should wait."""

import time
from collections.abc import Callable

import pytest

from farsync.model.errors import ConnectionInvalid
from farsync.model.execution import ExecutionStatus
from farsync.providers import recent_executions
from farsync.providers.base import Provider
from sandbox.huawei_dataarts import Server
from sandbox.tests.huawei.dataarts_client import Client, failing
from tests.contract.test_huawei_provider import start

Maker = Callable[..., Server]
Connect = Callable[..., Provider]

either_offset = pytest.mark.parametrize("offset_unit", ["page", "record"])


@pytest.fixture
def crowded(make_dataarts: Maker, connect_to: Connect, offset_unit: str) -> tuple[Provider, set[str]]:
    """A list that brings along the instances of every job with a longer name, and the ids of those of `daily`: the
    oldest three and one in the middle of the others.
    """
    server = make_dataarts(has_precise_query=False, offset_unit=offset_unit)
    client = Client(server)
    for name in ("daily", "daily_2"):
        client.make_job(name=name)
    order = ["daily"] * 3 + ["daily_2"] * 9 + ["daily"] + ["daily_2"] * 25
    started = [(name, str(client.start(name))) for name in order]
    return connect_to(server), {instance_id for name, instance_id in started if name == "daily"}


@either_offset
def test_every_page_of_a_list_with_other_jobs_in_it_is_read(crowded: tuple[Provider, set[str]]) -> None:
    provider, own = crowded

    paged = [
        one.ref.execution_id
        for page in range(13)
        for one in provider.list_executions("daily", page=page, limit=3).items
    ]

    assert (len(paged), set(paged)) == (len(own), own)


@either_offset
def test_the_executions_of_a_job_are_found_behind_pages_of_others(
    crowded: tuple[Provider, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, own = crowded
    monkeypatch.setattr(recent_executions, "PAGE_LIMIT", 5)

    found = recent_executions.executions_since(provider, "daily", None).executions
    newest = recent_executions.newest_page(provider, "daily").executions

    assert {one.ref.execution_id for one in found} == own
    assert [one.ref.execution_id for one in newest] == [max(own, key=int)]


def test_the_host_of_v2_is_a_matter_of_the_connections_endpoint(make_dataarts: Maker, connect_to: Connect) -> None:
    provider = connect_to(make_dataarts(provider_host="dayu"))

    with pytest.raises(ConnectionInvalid, match="endpoint"):
        start(provider, "daily")


@pytest.mark.parametrize("fault", [{"fault": "slow", "seconds": 30}, {"fault": "http_429", "retryAfter": 5}])
def test_the_news_of_a_failure_does_not_wait_for_its_reason(
    make_dataarts: Maker, connect_to: Connect, fault: dict[str, object]
) -> None:
    client = Client(make_dataarts())
    failed = client.run(failing())
    client.faults({"operation": "ListJobInstances", "times": 50, **fault})
    began = time.monotonic()

    execution = connect_to(client.server).get_execution("job_1", str(failed["instanceId"]))

    assert (execution.status, execution.failure_reason) == (ExecutionStatus.FAILED, None)
    assert time.monotonic() - began < 5
    assert sum(rule["times"] for rule in client.control("GET", "faults").json()) == 49
