"""Two readers of one service: our provider, and the vendor's own SDK. They must see the same."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from huaweicloudsdkdgc import v1 as dgc

from farsync.execution import Execution
from farsync.providers.protocol import Provider
from sandbox.huawei_dataarts import Server
from tests.contract.test_huawei_provider import follow, start
from tests.contract.test_huawei_sdk_against_sandbox import connect
from tests.unit.sandbox_huawei.dataarts_client import Client, failing, node, sql


@pytest.fixture
def sdk(dataarts_server: Server) -> dgc.DgcClient:
    return connect(dataarts_server)


@pytest.fixture
def ended(dataarts: Provider, dataarts_client: Client) -> Execution:
    """Of a job with one node that passes and one that fails."""
    job = dataarts_client.make_job(node("first"), sql("SELECT 1 AS one", "second", "first"), failing("third", "second"))
    return follow(dataarts, start(dataarts, job, biz_date="2026-01-15"))


def instant(epoch_milliseconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(epoch_milliseconds) / 1000, UTC) if epoch_milliseconds else None


def test_they_agree_on_every_job_of_the_list(dataarts: Provider, sdk: dgc.DgcClient, dataarts_client: Client) -> None:
    for name in ("每日-load.v1", "hourly", "weekly"):
        dataarts_client.make_job(name=name)
    theirs = sdk.list_jobs(dgc.ListJobsRequest(limit=100)).jobs
    ours = dataarts.list_jobs().items
    assert len(ours) == 3
    assert [(job.name, job.status, job.created_at) for job in ours] == [
        (job.name, job.status, instant(job.create_time)) for job in theirs
    ]


def test_they_agree_on_every_field_of_an_instance(dataarts: Provider, sdk: dgc.DgcClient, ended: Execution) -> None:
    shown = sdk.show_job_instance(
        dgc.ShowJobInstanceRequest(job_name=ended.ref.job, instance_id=int(ended.ref.execution_id))
    )
    assert (ended.ref.execution_id, ended.job_name) == (str(shown.instance_id), shown.job_name)
    assert ended.vendor_status == shown.status
    assert (ended.created_at, ended.started_at, ended.ended_at) == (
        instant(shown.plan_time),
        instant(shown.start_time),
        instant(shown.end_time),
    )
    assert {one.name for one in ended.nodes} == {"first", "second", "third"}
    theirs = {one.node_name: one for one in shown.nodes}
    for one in ended.nodes:
        their = theirs[one.name]
        assert (one.type, one.vendor_status, one.retries) == (their.type, their.status, their.retry_times)
        assert (one.started_at, one.ended_at) == (instant(their.start_time), instant(their.end_time))
        assert (one.input_rows, one.log_path) == (their.input_row_count, their.log_path)


def test_they_agree_on_every_instance_of_the_list(dataarts: Provider, sdk: dgc.DgcClient, ended: Execution) -> None:
    again = follow(dataarts, start(dataarts, ended.ref.job))
    now = round(time.time() * 1000)
    theirs = sdk.list_job_instances(
        dgc.ListJobInstancesRequest(job_name=ended.ref.job, min_plan_time=now - 3_600_000, max_plan_time=now + 60_000)
    ).instances
    ours = dataarts.list_executions(ended.ref.job).items
    assert {one.ref.execution_id for one in ours} == {ended.ref.execution_id, again.ref.execution_id}
    assert [(one.ref.execution_id, one.vendor_status, one.started_at, one.ended_at) for one in ours] == [
        (str(one.instance_id), one.status, instant(one.start_time), instant(one.end_time)) for one in theirs
    ]
