"""Two readers of one service, ours and Huawei's own SDK: they must see the same in every field of ours."""

import time
from collections.abc import Mapping
from typing import Any

import pytest
from huaweicloudsdkdgc import v1 as dgc
from pydantic import BaseModel

from farsync.model.execution import Execution, Job, NodeResult
from farsync.providers.base import Provider
from sandbox.tests.huawei.dataarts_client import ENDED, Client, failing, node, sql
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
from tests.contract.services import DATAARTS, Service
from tests.contract.test_huawei_sdk_against_sandbox import connect as connect_sdk

in_each_generation = pytest.mark.parametrize("service", DATAARTS.values(), ids=DATAARTS, indirect=True, scope="module")

JOB = "每日-load.v1"


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    client: Client = service.client
    return client


@pytest.fixture(scope="module")
def sdk(service: Service) -> dgc.DgcClient:
    return connect_sdk(service)


@pytest.fixture(scope="module")
def instances(client: Client) -> dict[str, str]:
    """Instances of one job, by what became of them; it had other nodes each time."""
    read = sql("INSERT OVERWRITE totals SELECT city FROM sales", "read", "first")

    def run(*nodes: Mapping[str, Any]) -> int:
        description = {"name": JOB, "nodes": nodes, "schedule": {"type": "EXECUTE_ONCE"}, "processType": "BATCH"}
        client.ok("PUT", f"/jobs/{JOB}", description)
        instance_id = client.start(JOB)
        client.wait_for(JOB, instance_id, *ENDED)
        return instance_id

    client.make_job(name=JOB)
    forced = run(failing("bad", failPolicy="SUSPEND"))
    client.set_status_by_hand(forced, "forceSuccess")
    client.wait_for(JOB, forced, "success", "forceSuccess")
    made = {
        "forced": forced,
        "ignored": run(failing("bad", failPolicy="IGNORE")),
        "succeeded": run(node("first"), read),
        "failed": run(node("first"), read, failing("last", "read")),
        "suspended": run(failing("bad", failPolicy="SUSPEND")),
    }
    return {title: str(instance_id) for title, instance_id in made.items()}


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


@in_each_generation
def test_they_agree_on_every_job_of_the_list(provider: Provider, sdk: dgc.DgcClient, client: Client) -> None:
    client.make_job(name="hourly")
    client.run(name="nightly")
    theirs = sdk.list_jobs(dgc.ListJobsRequest(limit=100))
    ours = provider.list_jobs()
    assert len(ours.items) == ours.total == theirs.total >= 2
    for job, their in zip(ours.items, theirs.jobs, strict=True):
        assert_same(job, their, OF_A_LISTED_JOB)
    has_run = next(their for their in theirs.jobs if their.name == "nightly")
    assert all(read(has_run) for read in OF_A_LISTED_JOB.values())


@in_each_generation
def test_they_agree_on_every_field_of_a_job_by_itself(provider: Provider, sdk: dgc.DgcClient, client: Client) -> None:
    name = "每日-load.v2"
    client.make_job(name=f"{name}2")
    client.make_job(name=name, basicConfig={"instanceTimeout": 90}, description="Loads the day.")
    (listed,) = (job for job in sdk.list_jobs(dgc.ListJobsRequest(limit=100)).jobs if job.name == name)
    viewed = sdk.show_job(dgc.ShowJobRequest(job_name=name))
    ours = provider.get_job(name)
    assert_same(ours, listed, OF_A_LISTED_JOB)
    assert_same(ours, viewed, OF_A_VIEWED_JOB)
    assert all(read(viewed) for read in OF_A_VIEWED_JOB.values())


@in_each_generation
def test_they_agree_on_a_job_that_the_list_does_not_show(
    provider: Provider, sdk: dgc.DgcClient, client: Client
) -> None:
    """As a real-time job."""
    client.make_job(name="stream", processType="REAL_TIME", basicConfig={"instanceTimeout": 90}, description="Streams.")
    viewed = sdk.show_job(dgc.ShowJobRequest(job_name="stream"))
    assert_same(provider.get_job("stream"), viewed, OF_A_JOB_ON_ITS_OWN_PAGE_ALONE)


@in_each_generation
@pytest.mark.parametrize("how", ["succeeded", "failed", "forced", "ignored", "suspended"])
def test_they_agree_on_every_field_of_an_instance_and_its_nodes(
    provider: Provider, sdk: dgc.DgcClient, instances: dict[str, str], how: str
) -> None:
    instance_id = instances[how]
    ours = provider.get_execution(JOB, instance_id)
    theirs = sdk.show_job_instance(dgc.ShowJobInstanceRequest(job_name=JOB, instance_id=int(instance_id)))
    assert ours.ref.execution_id == instance_id == str(theirs.instance_id)
    assert_same(ours, theirs, OF_A_VIEWED_INSTANCE)
    assert len(ours.nodes) == theirs.total
    for our, their in zip(ours.nodes, failed_first(theirs.nodes), strict=True):
        assert_same(our, their, OF_A_NODE)


@in_each_generation
def test_the_nodes_on_which_they_agree_show_everything(sdk: dgc.DgcClient, instances: dict[str, str]) -> None:
    request = dgc.ShowJobInstanceRequest(job_name=JOB, instance_id=int(instances["succeeded"]))
    (node,) = (node for node in sdk.show_job_instance(request).nodes if node.node_name == "read")
    assert {name for name, read in OF_A_NODE.items() if not read(node)} == {"retries"}
    assert node.retry_times == 0


@in_each_generation
def test_they_agree_on_every_field_of_every_instance_of_the_list(
    provider: Provider, sdk: dgc.DgcClient, instances: dict[str, str]
) -> None:
    now = round(time.time() * 1000)
    theirs = sdk.list_job_instances(
        dgc.ListJobInstancesRequest(job_name=JOB, min_plan_time=now - 3_600_000, max_plan_time=now + 60_000)
    )
    ours = provider.list_executions(JOB)
    assert {our.ref.execution_id for our in ours.items} == set(instances.values())
    assert ours.total == theirs.total
    for our, their in zip(ours.items, theirs.instances, strict=True):
        assert our.ref.execution_id == str(their.instance_id)
        assert_same(our, their, OF_A_LISTED_INSTANCE)
    assert {our.success_kind for our in ours.items} == {"forced", "failure_ignored", None}
    assert any(their.error_message for their in theirs.instances)
