"""Our provider against a Data Flow that rejects, breaks off or goes silent, in both of its dialects."""

import pytest

from farsync.http_client.client import Transport
from farsync.model.errors import (
    AuthenticationFailed,
    FarsyncError,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    ProviderUnavailable,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import ExecutionStatus
from farsync.providers.base import Provider
from sandbox.naver_dataflow import Server
from tests.contract.data_flow import inject, open_as, start, started_count


def test_wrong_keys_are_reported(server: Server, job: str) -> None:
    transport = Transport(sleep=lambda _: None)
    with pytest.raises(AuthenticationFailed):
        open_as(server, transport, "wrong").get_job(job)
    transport.close()


@pytest.mark.parametrize(
    ("fault", "error", "started"),
    [
        ("http_401", AuthenticationFailed, 0),
        ("http_403", PermissionDenied, 0),
        ("not_found", JobNotFound, 0),
        ("bad_state", JobNotRunnable, 0),
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
    provider: Provider, job: str, server: Server, fault: str, error: type[FarsyncError], started: int
) -> None:
    inject(server, "createJobExecution", fault)

    with pytest.raises(FarsyncError) as caught:
        start(provider, job)

    assert type(caught.value) is error
    assert started_count(server) == started


@pytest.mark.parametrize("fault", ["http_504", "http_302", "http_307", "http_520", "http_524"])
def test_a_start_that_nobody_waited_for_has_begun_unconfirmed(
    provider: Provider, job: str, server: Server, fault: str
) -> None:
    inject(server, "createJobExecution", fault, done=True)

    with pytest.raises(StartUnconfirmed):
        start(provider, job)

    assert started_count(server) == 1


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
    ],
)
def test_a_passing_failure_of_a_look_is_not_felt(provider: Provider, job: str, server: Server, fault: str) -> None:
    inject(server, "getJob", fault, times=2)

    assert provider.get_job(job).job == job


def test_a_start_announced_by_hints_is_followed_and_posted_once(provider: Provider, job: str, server: Server) -> None:
    inject(server, "createJobExecution", "early_hints")
    execution = start(provider, job)

    assert provider.get_execution(job, execution.ref.execution_id).ref == execution.ref
    assert started_count(server) == 1


def test_a_reply_about_another_execution_is_not_taken_for_ours(provider: Provider, job: str, server: Server) -> None:
    execution = start(provider, job)
    inject(server, "getJobExecution", "other_execution", times=2)

    assert provider.get_execution(job, execution.ref.execution_id).ref == execution.ref


def test_a_lasting_failure_of_a_look_means_that_the_provider_is_unavailable(
    provider: Provider, job: str, server: Server
) -> None:
    inject(server, "getJob", "http_502_html")

    with pytest.raises(ProviderUnavailable):
        provider.get_job(job)


def test_an_unknown_word_is_no_end(provider: Provider, job: str, server: Server) -> None:
    execution = start(provider, job)
    inject(server, "getJobExecution", "unknown_status")

    seen = provider.get_execution(job, execution.ref.execution_id)

    assert (seen.status, seen.is_status_known) == (ExecutionStatus.RUNNING, False)
