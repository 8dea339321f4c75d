"""Two readers of one service, ours and Huawei's own SDK: they must see the same in every field of ours."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from huaweicloudsdkdgc import v1 as dgc
from pydantic import BaseModel

from farsync.model.execution import Execution, Job, NodeResult
from farsync.providers.base import Provider
from sandbox.huawei_dataarts import Server
from sandbox.tests.huawei.dataarts_client import Client, failing, node, sql
from tests.contract.huawei_fields_by_sdk import (
    COMPARED_OTHERWISE,
    OF_A_JOB_ON_ITS_OWN_PAGE_ALONE,
    OF_A_LISTED_INSTANCE,
    OF_A_LISTED_JOB,
    OF_A_NODE,
    OF_A_VIEWED_INSTANCE,
    OF_A_VIEWED_JOB,
    OF_DATA_FLOW_ALONE,
    assert_same,
    failed_first,
)
from tests.contract.test_huawei_provider import follow, start
from tests.contract.test_huawei_sdk_against_sandbox import connect

JOB = "每日-load.v1"


@pytest.fixture
def sdk(dataarts_server: Server) -> dgc.DgcClient:
    return connect(dataarts_server)


@pytest.fixture
def instances(dataarts: Provider, dataarts_client: Client) -> dict[str, Execution]:
    """Instances of one job, by what became of them; it had other nodes each time."""
    table = dataarts_client.server.settings.buckets_folder / "lake" / "sales"
    table.mkdir(parents=True)
    (table / "a.csv").write_text("city\nSeoul\nBusan\n")
    read = sql("INSERT OVERWRITE totals SELECT city FROM sales", "read", "first")

    def run(*nodes: Mapping[str, Any], is_over: Callable[[Execution], bool]) -> Execution:
        description = {"name": JOB, "nodes": nodes, "schedule": {"type": "EXECUTE_ONCE"}, "processType": "BATCH"}
        dataarts_client.ok("PUT", f"/jobs/{JOB}", description)
        return follow(dataarts, start(dataarts, JOB), is_over)

    def has_ended(seen: Execution) -> bool:
        return seen.status.is_terminal

    dataarts_client.make_job(name=JOB)
    forced = run(failing("bad", failPolicy="SUSPEND"), is_over=lambda seen: seen.needs_attention)
    dataarts_client.person(int(forced.ref.execution_id), "forceSuccess")
    return {
        "forced": follow(dataarts, forced),
        "ignored": run(failing("bad", failPolicy="IGNORE"), is_over=has_ended),
        "succeeded": run(node("first"), read, is_over=has_ended),
        "failed": run(node("first"), read, failing("last", "read"), is_over=has_ended),
        "suspended": run(failing("bad", failPolicy="SUSPEND"), is_over=lambda seen: seen.needs_attention),
    }


@pytest.mark.parametrize(
    ("model", "compared"),
    [
        (Job, {*OF_A_LISTED_JOB, *OF_A_VIEWED_JOB}),
        (Execution, {*OF_A_LISTED_INSTANCE, *OF_A_VIEWED_INSTANCE, *COMPARED_OTHERWISE}),
        (NodeResult, {*OF_A_NODE}),
    ],
    ids=["job", "execution", "node"],
)
def test_every_field_of_ours_is_compared(model: type[BaseModel], compared: set[str]) -> None:
    assert set(model.model_fields) - compared <= OF_DATA_FLOW_ALONE


def test_they_agree_on_every_job_of_the_list(dataarts: Provider, sdk: dgc.DgcClient, dataarts_client: Client) -> None:
    for name in ("hourly", "weekly"):
        dataarts_client.make_job(name=name)
    dataarts_client.run(name=JOB)

    theirs = sdk.list_jobs(dgc.ListJobsRequest(limit=100))
    ours = dataarts.list_jobs()

    assert (len(ours.items), ours.total) == (3, theirs.total)
    for job, their in zip(ours.items, theirs.jobs, strict=True):
        assert_same(job, their, OF_A_LISTED_JOB)
    has_run = next(their for their in theirs.jobs if their.name == JOB)
    assert all(tell(has_run) for tell in OF_A_LISTED_JOB.values())


def test_they_agree_on_every_field_of_a_job_by_itself(
    dataarts: Provider, sdk: dgc.DgcClient, dataarts_client: Client
) -> None:
    dataarts_client.make_job(name=JOB, basicConfig={"instanceTimeout": 90}, description="Loads the day.")

    listed = sdk.list_jobs(dgc.ListJobsRequest(limit=100)).jobs[0]
    viewed = sdk.show_job(dgc.ShowJobRequest(job_name=JOB))
    ours = dataarts.get_job(JOB)

    assert_same(ours, listed, OF_A_LISTED_JOB)
    assert_same(ours, viewed, OF_A_VIEWED_JOB)
    assert all(tell(viewed) for tell in OF_A_VIEWED_JOB.values())


def test_they_agree_on_a_job_that_the_list_does_not_show(
    dataarts: Provider, sdk: dgc.DgcClient, dataarts_client: Client
) -> None:
    """As a real-time job."""
    dataarts_client.make_job(
        name=JOB, processType="REAL_TIME", basicConfig={"instanceTimeout": 90}, description="Streams."
    )

    viewed = sdk.show_job(dgc.ShowJobRequest(job_name=JOB))

    assert_same(dataarts.get_job(JOB), viewed, OF_A_JOB_ON_ITS_OWN_PAGE_ALONE)


def test_they_agree_on_which_instance_a_start_began(
    dataarts: Provider, sdk: dgc.DgcClient, dataarts_client: Client
) -> None:
    dataarts_client.make_job(name=JOB)

    by_us = start(dataarts, JOB).ref.execution_id
    by_them = str(sdk.run_once(dgc.RunOnceRequest(job_name=JOB)).instance_id)

    assert [str(entry["instanceId"]) for entry in dataarts_client.ledger()] == [by_us, by_them]


@pytest.mark.parametrize("how", ["succeeded", "failed", "forced", "ignored", "suspended"])
def test_they_agree_on_every_field_of_an_instance_and_its_nodes(
    dataarts: Provider, sdk: dgc.DgcClient, instances: dict[str, Execution], how: str
) -> None:
    ref = instances[how].ref

    ours = dataarts.get_execution(JOB, ref.execution_id)
    theirs = sdk.show_job_instance(dgc.ShowJobInstanceRequest(job_name=JOB, instance_id=int(ref.execution_id)))

    assert (ours.ref, ref.execution_id) == (ref, str(theirs.instance_id))
    assert_same(ours, theirs, OF_A_VIEWED_INSTANCE)
    assert len(ours.nodes) == theirs.total
    for one, their in zip(ours.nodes, failed_first(theirs.nodes), strict=True):
        assert_same(one, their, OF_A_NODE)


def test_the_nodes_on_which_they_agree_tell_everything(sdk: dgc.DgcClient, instances: dict[str, Execution]) -> None:
    instance_id = int(instances["succeeded"].ref.execution_id)

    shown = sdk.show_job_instance(dgc.ShowJobInstanceRequest(job_name=JOB, instance_id=instance_id))

    read = next(one for one in shown.nodes if one.node_name == "read")
    assert {name for name, tell in OF_A_NODE.items() if not tell(read)} == {"retries"}
    assert read.retry_times == 0


def test_they_agree_on_every_field_of_every_instance_of_the_list(
    dataarts: Provider, sdk: dgc.DgcClient, instances: dict[str, Execution]
) -> None:
    now = round(time.time() * 1000)
    theirs = sdk.list_job_instances(
        dgc.ListJobInstancesRequest(job_name=JOB, min_plan_time=now - 3_600_000, max_plan_time=now + 60_000)
    )
    ours = dataarts.list_executions(JOB)

    assert {one.ref.execution_id for one in ours.items} == {one.ref.execution_id for one in instances.values()}
    assert ours.total == theirs.total
    for one, their in zip(ours.items, theirs.instances, strict=True):
        assert one.ref.execution_id == str(their.instance_id)
        assert_same(one, their, OF_A_LISTED_INSTANCE)
    assert {one.success_kind for one in ours.items} == {"forced", "failure_ignored", None}
    assert any(one.error_message for one in theirs.instances)
