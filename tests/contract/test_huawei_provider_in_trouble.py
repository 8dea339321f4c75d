"""Our provider against a DataArts Factory that rejects, breaks off or goes silent, in both of its generations."""

from collections.abc import Callable

import pytest

from farsync.model.errors import (
    AuthenticationFailed,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    PermissionDenied,
    ProviderUnavailable,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import Execution, ExecutionStatus
from farsync.providers.base import Provider
from sandbox.tests.huawei.dataarts_client import Client


def start(provider: Provider, job: str) -> Execution:
    return provider.start(job, condition=None, parameters={})


def test_wrong_keys_are_reported_with_the_rest_they_need(open_dataarts: Callable[..., Provider]) -> None:
    with pytest.raises(AuthenticationFailed, match="five minutes") as caught:
        open_dataarts(secretKey="wrong").list_jobs()

    assert caught.value.retry_after_seconds == 300


@pytest.mark.parametrize(
    ("fault", "error", "started"),
    [
        ("http_401", AuthenticationFailed, 0),
        ("http_403", PermissionDenied, 0),
        ("not_found", JobNotFound, 0),
        ("reject", InvalidRequest, 0),
        ("http_429", Throttled, 0),
        ("http_500", StartUnconfirmed, 0),
        ("http_502_html", StartUnconfirmed, 0),
        ("http_503", StartUnconfirmed, 0),
        ("http_504", StartUnconfirmed, 0),
        ("reset_before", StartUnconfirmed, 0),
        ("reset_after", StartUnconfirmed, 1),
        ("truncated_json", StartUnconfirmed, 1),
        ("http_302", StartUnconfirmed, 0),
        ("http_307", StartUnconfirmed, 0),
        ("http_408", StartUnconfirmed, 0),
        ("http_520", StartUnconfirmed, 0),
        ("http_524", StartUnconfirmed, 0),
    ],
)
def test_a_start_that_fails_has_its_name_and_is_posted_once(
    dataarts: Provider, dataarts_client: Client, fault: str, error: type[FarsyncError], started: int
) -> None:
    job = dataarts_client.make_job()
    dataarts_client.faults({"operation": "RunOnce", "fault": fault, "times": 100})

    with pytest.raises(FarsyncError) as caught:
        start(dataarts, job)

    assert type(caught.value) is error
    assert len(dataarts_client.ledger()) == started


@pytest.mark.parametrize("fault", ["http_504", "http_302", "http_307", "http_520", "http_524"])
def test_a_start_that_nobody_waited_for_has_begun_unconfirmed(
    dataarts: Provider, dataarts_client: Client, fault: str
) -> None:
    job = dataarts_client.make_job()
    dataarts_client.faults({"operation": "RunOnce", "fault": fault, "done": True})

    with pytest.raises(StartUnconfirmed):
        start(dataarts, job)

    assert len(dataarts_client.ledger()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        "http_302",
        "http_408",
        "http_429",
        "http_500",
        "http_502_html",
        "http_503",
        "http_504",
        "http_520",
        "reset_before",
        "truncated_json",
        "early_hints",
        "other_execution",
    ],
)
def test_a_passing_failure_of_a_look_is_not_felt(dataarts: Provider, dataarts_client: Client, fault: str) -> None:
    job = dataarts_client.make_job()
    execution = start(dataarts, job)
    dataarts_client.faults({"operation": "ShowJobInstance", "fault": fault, "times": 2})

    assert dataarts.get_execution(job, execution.ref.execution_id).ref == execution.ref


def test_a_start_announced_by_hints_is_followed_and_posted_once(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job()
    dataarts_client.faults({"operation": "RunOnce", "fault": "early_hints"})
    execution = start(dataarts, job)

    assert dataarts.get_execution(job, execution.ref.execution_id).ref == execution.ref
    assert len(dataarts_client.ledger()) == 1


def test_a_lasting_failure_of_a_look_means_that_the_provider_is_unavailable(
    dataarts: Provider, dataarts_client: Client
) -> None:
    job = dataarts_client.make_job()
    dataarts_client.faults({"operation": "ShowJobInstance", "fault": "http_502_html", "times": 100})

    with pytest.raises(ProviderUnavailable):
        dataarts.get_execution(job, "1")


def test_an_unknown_word_is_no_end(dataarts: Provider, dataarts_client: Client) -> None:
    job = dataarts_client.make_job()
    execution = start(dataarts, job)
    dataarts_client.faults({"operation": "ShowJobInstance", "fault": "unknown_status", "times": 100})

    seen = dataarts.get_execution(job, execution.ref.execution_id)

    assert (seen.status, seen.is_status_known) == (ExecutionStatus.RUNNING, False)
