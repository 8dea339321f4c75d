"""Our provider against a DataArts Factory that was written from the provider's pages, in both of its generations."""

import time
from collections.abc import Callable

import pytest

from farsync.model.errors import ConnectionInvalid, ExecutionNotFound, JobNotFound, JobNotRunnable
from farsync.model.execution import Execution, ExecutionStatus
from farsync.providers.base import Provider
from sandbox.tests.huawei.dataarts_client import Client, failing, node, sql


def start(provider: Provider, job: str, **parameters: str) -> Execution:
    return provider.start(job, condition=None, parameters=parameters)


def follow(
    provider: Provider,
    execution: Execution,
    is_done: Callable[[Execution], bool] = lambda seen: seen.status.is_terminal,
) -> Execution:
    give_up_at = time.monotonic() + 30
    while not is_done(execution):
        assert time.monotonic() < give_up_at, f"still {execution.provider_status}"
        time.sleep(0.02)
        execution = provider.get_execution(execution.ref.job, execution.ref.execution_id)
    return execution


def test_a_job_is_found_in_the_list_and_by_its_name(dataarts: Provider, dataarts_client: Client) -> None:
    dataarts_client.make_job(name="每日-load.v1", basicConfig={"instanceTimeout": 90})
    dataarts_client.make_job(name="每日-load.v12")

    assert {job.job for job in dataarts.list_jobs().items} == {"每日-load.v1", "每日-load.v12"}
    found = dataarts.get_job("每日-load.v1")
    assert (found.job, found.status, found.timeout_minutes, found.is_runnable) == ("每日-load.v1", "STOPPED", 90, True)


def test_a_started_instance_is_followed_to_its_end(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job(node("first"), sql("SELECT 1 AS one", "second", "first"))
    started = start(dataarts, job, biz_date="2026-01-15")
    ended = follow(dataarts, started)

    assert started.status is ExecutionStatus.PENDING
    assert (ended.status, ended.provider_status) == (ExecutionStatus.SUCCEEDED, "success")
    assert ended.started_at is not None
    assert ended.duration_seconds is not None
    assert {one.name: one.status for one in ended.nodes} == {"first": "SUCCEEDED", "second": "SUCCEEDED"}
    assert ended.log_paths
    listed = dataarts.list_executions(job).items
    assert [(one.ref, one.is_manual) for one in listed] == [(started.ref, True)]
    assert [entry["jobParams"] for entry in dataarts_client.ledger()] == [{"biz_date": "2026-01-15"}]


def test_a_failed_instance_says_the_node_and_the_reason(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job(node("first"), failing("second", "first"))
    ended = follow(dataarts, start(dataarts, job))

    assert ended.status is ExecutionStatus.FAILED
    assert ended.failed_node is not None
    assert (ended.failed_node.name, ended.failed_node.provider_status) == ("second", "fail")
    assert "Shell" in str(ended.failure_reason)


def test_a_failure_that_the_job_ignores_is_a_success_of_its_kind(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job(failing("only", failPolicy="IGNORE"))
    ended = follow(dataarts, start(dataarts, job))

    assert (ended.status, ended.success_kind) == (ExecutionStatus.SUCCEEDED, "failure_ignored")


def test_a_suspended_instance_needs_attention_until_a_person_forces_its_success(
    dataarts: Provider, dataarts_client: Client
) -> None:
    job = dataarts_client.make_job(failing("only", failPolicy="SUSPEND"))
    suspended = follow(dataarts, start(dataarts, job), lambda seen: seen.needs_attention)
    assert (suspended.provider_status, suspended.status) == ("running-exception", ExecutionStatus.RUNNING)

    dataarts_client.person(int(suspended.ref.execution_id), "forceSuccess")

    ended = follow(dataarts, suspended)
    assert (ended.status, ended.success_kind) == (ExecutionStatus.SUCCEEDED, "forced")


def test_every_word_of_the_vocabulary_is_known(dataarts: Provider, dataarts_client: Client) -> None:
    later = (
        ["freeze", "waiting-confirm", "skip-by-depend"] if dataarts_client.server.settings.status_words == 12 else []
    )
    for word in ["pause", "running-exception", "fail", "manual-stop", "success", *later]:
        job = dataarts_client.make_job(name=f"job_{word}")
        assert dataarts_client.control("PUT", "pace", {"jobName": job, "runSeconds": 600}).ok
        execution = start(dataarts, job)
        dataarts_client.person(int(execution.ref.execution_id), word)

        seen = dataarts.get_execution(job, execution.ref.execution_id)

        assert (seen.provider_status, seen.is_status_known) == (word, True)


def test_a_cancelled_instance_ends_and_may_be_cancelled_again(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job()
    assert dataarts_client.control("PUT", "pace", {"jobName": job, "runSeconds": 600}).ok
    execution = start(dataarts, job)
    dataarts.cancel(job, execution.ref.execution_id)
    ended = follow(dataarts, execution)
    dataarts.cancel(job, execution.ref.execution_id)

    assert (ended.status, ended.provider_status) == (ExecutionStatus.CANCELED, "manual-stop")


def test_jobs_of_many_pages_come_once_each(dataarts: Provider, dataarts_client: Client) -> None:
    created = {dataarts_client.make_job(name=f"job_{number}") for number in range(45)}

    paged = [job.job for page in range(3) for job in dataarts.list_jobs(page=page, limit=20).items]

    assert (len(paged), set(paged)) == (45, created)


def test_instances_of_many_pages_come_once_each(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job()
    started = {start(dataarts, job).ref.execution_id for _ in range(7)}

    paged = [
        one.ref.execution_id for page in range(3) for one in dataarts.list_executions(job, page=page, limit=3).items
    ]

    assert (len(paged), set(paged)) == (7, started)


def test_unknown_names_are_not_found(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job()
    with pytest.raises(JobNotFound):
        dataarts.get_job("no_such_job")
    with pytest.raises(JobNotFound):
        start(dataarts, "no_such_job")
    with pytest.raises(ExecutionNotFound):
        dataarts.get_execution(job, "999999")
    with pytest.raises(ExecutionNotFound):
        dataarts.cancel(job, "999999")
    assert dataarts.list_executions("no_such_job").items == ()


def test_a_real_time_job_cannot_be_run(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job(processType="REAL_TIME")

    found = dataarts.get_job(job)
    assert (found.is_runnable, found.obstacle) == (
        False,
        "it is a real-time job, which has no end to wait for; name a batch job",
    )
    with pytest.raises(JobNotRunnable):
        start(dataarts, job)


def test_a_workspace_that_is_not_there_is_the_connections_matter(open_dataarts: Callable[..., Provider]) -> None:
    with pytest.raises(ConnectionInvalid, match="workspace"):
        open_dataarts(workspace="0" * 32).list_jobs()
