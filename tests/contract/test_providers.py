"""Our providers at services that were written from the providers' pages, in both of their generations."""

from collections.abc import Callable

import pytest

from farsync.model.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConnectionInvalid,
    ExecutionNotFound,
    FarsyncError,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    PermissionDenied,
    QuotaExceeded,
    StartUnconfirmed,
)
from farsync.model.execution import Execution, ExecutionStatus
from farsync.providers import recent_executions
from farsync.providers.base import Provider
from sandbox.tests.huawei.dataarts_client import failing
from tests.contract.conftest import ServiceMaker
from tests.contract.services import DATAARTS, Service
from tests.support.waiting import eventually

Connect = Callable[..., Provider]


def follow(provider: Provider, execution: Execution) -> Execution:
    """Polls until it has ended."""

    def poll() -> Execution | None:
        polled = provider.get_execution(execution.ref.job, execution.ref.execution_id)
        return polled if polled.status.is_terminal else None

    return eventually(poll, 30)


@pytest.fixture
def job(service: Service) -> str:
    return service.emulator.make_job()


def test_a_job_is_found_by_its_id_among_others_of_a_similar_name(provider: Provider, service: Service) -> None:
    job, other = service.emulator.make_job(name="daily"), service.emulator.make_job(name="daily_2")
    assert {job, other} <= {listed.job for listed in provider.list_jobs().items}
    found = provider.get_job(job)
    assert (found.job, found.name, found.is_runnable) == (job, "daily", True)


def test_a_started_execution_is_followed_to_its_end(provider: Provider, service: Service, job: str) -> None:
    started = service.start(provider, job)
    ended = follow(provider, started)
    assert (started.status, ended.status) == (ExecutionStatus.PENDING, ExecutionStatus.SUCCEEDED)
    assert ended.ended_at is not None
    assert ended.log_paths
    assert [listed.ref for listed in provider.list_executions(job).items] == [started.ref]
    (execution,) = service.emulator.truly_started(job)
    assert execution.parameters == {service.emulator.parameter: "sales"}


def test_a_canceled_execution_ends_and_may_be_canceled_again(provider: Provider, service: Service) -> None:
    job = service.emulator.make_job(run_seconds=600)
    execution = service.start(provider, job)
    provider.cancel(job, execution.ref.execution_id)
    ended = follow(provider, execution)
    provider.cancel(job, execution.ref.execution_id)
    assert ended.status is ExecutionStatus.CANCELED


def test_jobs_of_many_pages_come_once_each(provider: Provider, service: Service) -> None:
    created = {service.emulator.make_job() for _ in range(45)}
    pages = [provider.list_jobs(page=page, limit=20).items for page in range(6)]
    paged = [job.job for page in pages for job in page if job.job in created]
    assert (len(paged), set(paged)) == (45, created)


def test_executions_of_many_pages_come_once_each(provider: Provider, service: Service, job: str) -> None:
    started = {follow(provider, service.start(provider, job)).ref.execution_id for _ in range(5)}
    pages = [provider.list_executions(job, page=page, limit=2).items for page in range(3)]
    paged = [execution.ref.execution_id for page in pages for execution in page]
    assert (len(paged), set(paged)) == (5, started)


def test_unknown_ids_are_not_found(provider: Provider, service: Service, job: str) -> None:
    with pytest.raises(JobNotFound):
        provider.get_job("nosuchjob000")
    with pytest.raises(JobNotFound):
        service.start(provider, "nosuchjob000")
    with pytest.raises(ExecutionNotFound):
        provider.get_execution(job, "999999999999")
    with pytest.raises(ExecutionNotFound):
        provider.cancel(job, "999999999999")


def test_wrong_keys_are_reported(service: Service, connect: Connect) -> None:
    with pytest.raises(AuthenticationFailed):
        connect(service, secretKey="wrong").list_jobs()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("http_403", PermissionDenied),
        ("not_found", JobNotFound),
        ("reject", InvalidRequest),
        ("bad_state", JobNotRunnable),
        ("already_running", AlreadyRunning),
        ("quota_exceeded", QuotaExceeded),
        ("http_500", StartUnconfirmed),
        ("reset_before", StartUnconfirmed),
    ],
)
def test_a_start_that_fails_has_its_name_and_is_posted_once(
    provider: Provider, service: Service, job: str, fault: str, error: type[FarsyncError]
) -> None:
    service.emulator.add_fault(job, "start", fault, times=100)
    with pytest.raises(FarsyncError) as caught:
        service.start(provider, job)
    assert type(caught.value) is error
    assert service.emulator.truly_started(job) == []


@pytest.mark.parametrize("fault", ["reset_after", "truncated_json", "http_302", "http_504", "http_524"])
def test_a_start_whose_answer_does_not_say_so_has_begun_unconfirmed(
    provider: Provider, service: Service, job: str, fault: str
) -> None:
    done = {"done": True} if fault.startswith("http") else {}
    service.emulator.add_fault(job, "start", fault, times=100, **done)
    with pytest.raises(StartUnconfirmed):
        service.start(provider, job)
    assert len(service.emulator.truly_started(job)) == 1


def test_a_start_announced_by_hints_is_followed_and_posted_once(provider: Provider, service: Service, job: str) -> None:
    service.emulator.add_fault(job, "start", "early_hints")
    execution = service.start(provider, job)
    assert provider.get_execution(job, execution.ref.execution_id).ref == execution.ref
    assert len(service.emulator.truly_started(job)) == 1


@pytest.mark.parametrize(
    "fault",
    ["http_408", "http_502_html", "reset_before", "truncated_json", "early_hints", "other_execution"],
)
def test_a_passing_failure_of_a_poll_is_not_felt(provider: Provider, service: Service, job: str, fault: str) -> None:
    execution = service.start(provider, job)
    service.emulator.add_fault(job, "poll", fault, times=2)
    assert provider.get_execution(job, execution.ref.execution_id).ref == execution.ref


@pytest.mark.parametrize("service", DATAARTS.values(), ids=DATAARTS, indirect=True)
def test_an_unknown_workspace_is_the_connections_matter(service: Service, connect: Connect) -> None:
    with pytest.raises(ConnectionInvalid, match="workspace"):
        connect(service, workspace="0" * 32).list_jobs()


@pytest.mark.parametrize("offset_unit", ["page", "record"])
def test_the_executions_of_a_job_are_found_in_a_list_that_brings_those_of_others(
    make_service: ServiceMaker, connect: Connect, monkeypatch: pytest.MonkeyPatch, offset_unit: str
) -> None:
    """A service that knows no precise query lists every job with a longer name too."""
    service = make_service("huawei", has_precise_query=False, offset_unit=offset_unit, run_seconds=0, queue_seconds=0)
    for name in ("daily", "daily_2"):
        service.emulator.make_job(name=name)
    order = ["daily"] * 2 + ["daily_2"] * 4 + ["daily"] + ["daily_2"] * 8
    started = [(name, str(service.client.start(name))) for name in order]
    own = {execution_id for name, execution_id in started if name == "daily"}
    provider = connect(service)
    pages = [provider.list_executions("daily", page=page, limit=3).items for page in range(5)]
    assert sorted(execution.ref.execution_id for page in pages for execution in page) == sorted(own)

    monkeypatch.setattr(recent_executions, "PAGE_LIMIT", 5)
    found = recent_executions.executions_since(provider, "daily", None).executions
    newest = recent_executions.newest_page(provider, "daily").executions
    assert {execution.ref.execution_id for execution in found} == own
    assert [execution.ref.execution_id for execution in newest] == [max(own, key=int)]


def test_the_host_of_v2_is_a_matter_of_the_connections_endpoint(make_service: ServiceMaker, connect: Connect) -> None:
    service = make_service("huawei", provider_host="dayu")
    with pytest.raises(ConnectionInvalid, match="endpoint"):
        service.start(connect(service), "daily")


@pytest.mark.parametrize("fault", [{"fault": "slow", "seconds": 30}, {"fault": "http_429", "retryAfter": 5}])
def test_a_failure_is_reported_before_a_reason_that_the_service_is_slow_to_give(
    make_service: ServiceMaker, connect: Connect, fault: dict[str, object]
) -> None:
    service = make_service("huawei")
    failed = service.client.run(failing())
    service.client.faults({"operation": "ListJobInstances", "times": 50, **fault})
    execution = connect(service).get_execution("job_1", str(failed["instanceId"]))
    assert (execution.status, execution.failure_reason) == (ExecutionStatus.FAILED, None)
    assert sum(rule["times"] for rule in service.client.control("GET", "faults").json()) == 49
