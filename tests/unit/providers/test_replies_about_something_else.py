"""A reply that belongs to another question is no answer: it is asked for again, on a new connection."""

import pytest

from farsync.model.errors import ConnectionInvalid, FarsyncError, ProviderUnavailable, StartUnconfirmed
from farsync.model.execution import ExecutionStatus
from tests.unit.http_client.wire_server import reply, with_a_late_one
from tests.unit.providers.conftest import Serve, ok
from tests.unit.providers.replies import LIST_FIELDS, shown_execution, shown_job, shown_list

REJECTED = reply(400, b'{"errorType": "bad-state", "error_code": "DLF.3051"}')
ELSEWHERE = "https://elsewhere.example.com/"


def in_its_words(cloud: str, listing: dict[str, object]) -> dict[str, object]:
    names = dict(zip(("items", "total"), LIST_FIELDS[cloud], strict=True))
    return {names[name]: value for name, value in listing.items()}


@pytest.mark.parametrize(("job", "number"), [("daily", "8"), ("hourly", "7"), ("hourly", "8")])
def test_the_end_of_another_execution_is_not_ours(serve_cloud: Serve, cloud: str, job: str, number: str) -> None:
    ours = shown_execution(cloud, "daily", "7", "running")
    provider, server = serve_cloud(ok(shown_execution(cloud, job, number)), ok(ours))
    execution = provider.get_execution("daily", "7")
    assert (execution.ref.execution_id, execution.status) == ("7", ExecutionStatus.RUNNING)
    assert server.connections_opened == 2


def test_answers_that_stay_about_another_execution_are_no_answer(serve_cloud: Serve, cloud: str) -> None:
    provider, _ = serve_cloud(ok(shown_execution(cloud, "daily", "8")))
    with pytest.raises(ProviderUnavailable, match="about another job or execution"):
        provider.get_execution("daily", "7")


def test_an_answer_that_names_neither_job_nor_more_than_its_id_is_taken(serve_cloud: Serve, cloud: str) -> None:
    shown = shown_execution(cloud, "daily", "7")
    provider, _ = serve_cloud(ok({name: shown[name] for name in shown.keys() - {"jobId", "jobName"}}))
    assert provider.get_execution("daily", "7").status is ExecutionStatus.SUCCEEDED


def test_the_name_of_a_data_flow_job_is_not_held_against_its_id(serve_naver: Serve) -> None:
    provider, _ = serve_naver(ok({**shown_execution("naver", "daily", "7"), "jobName": "The daily job"}))
    assert provider.get_execution("daily", "7").job_name == "The daily job"


def test_another_job_is_not_taken_for_ours(serve_cloud: Serve, cloud: str) -> None:
    empty = [ok({"jobs": [], "total": 0})] if cloud == "huawei" else []
    provider, _ = serve_cloud(*empty, ok(shown_job(cloud, "hourly")), ok(shown_job(cloud, "daily")))
    assert provider.get_job("daily").job == "daily"


def test_a_start_answered_for_another_job_may_have_begun_ours(serve_cloud: Serve, cloud: str) -> None:
    provider, server = serve_cloud(ok(shown_execution(cloud, "hourly", "7")))
    with pytest.raises(StartUnconfirmed, match="about another job or execution"):
        provider.start("daily", condition=None, parameters={})
    assert len(server.requests) == 1


def test_a_rejected_cancel_is_no_success_because_another_execution_is_over(serve_cloud: Serve, cloud: str) -> None:
    provider, _ = serve_cloud(REJECTED, ok(shown_execution(cloud, "daily", "8")))
    with pytest.raises(ProviderUnavailable):
        provider.cancel("daily", "7")


@pytest.mark.parametrize("status", [302, 421, 503])
def test_after_a_cancel_without_an_answer_the_next_poll_takes_another_connection(
    serve_cloud: Serve, cloud: str, status: int
) -> None:
    ours, ended = (shown_execution(cloud, "daily", "7", word) for word in ("running", None))
    provider, server = serve_cloud(with_a_late_one(reply(status, b""), ok(ended)), ok(ours))
    with pytest.raises(ProviderUnavailable):
        provider.cancel("daily", "7")
    assert provider.get_execution("daily", "7").status is ExecutionStatus.RUNNING
    assert server.connections_opened == 2


def test_the_list_of_another_job_does_not_mean_that_ours_has_no_executions(serve_cloud: Serve, cloud: str) -> None:
    foreign, own = (shown_list(cloud, shown_execution(cloud, job, "7")) for job in ("hourly", "daily"))
    provider, server = serve_cloud(ok(foreign), ok(own))
    assert len(provider.list_executions("daily").items) == 1
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["daily.v1_2", "x_DAILY.V1", "daily.v1"])
def test_a_list_that_matches_names_loosely_may_hold_none_of_ours(serve_huawei: Serve, name: str) -> None:
    provider, server = serve_huawei(ok(shown_list("huawei", shown_execution("huawei", name, "8"))))
    assert len(provider.list_executions("daily.v1").items) == (name == "daily.v1")
    assert len(server.requests) == 1


def test_the_reason_of_another_jobs_failure_is_not_reported_as_ours(serve_huawei: Serve) -> None:
    failed = {**shown_execution("huawei", "daily", "7", "fail"), "planTime": 1768463000000, "startTime": 1768463005000}
    foreign = {"instanceId": 7, "jobName": "hourly", "errorMessage": "another's"}
    provider, _ = serve_huawei(ok(failed), ok(shown_list("huawei", foreign)))
    execution = provider.get_execution("daily", "7")
    assert (execution.status, execution.failure_reason) == (ExecutionStatus.FAILED, None)


@pytest.mark.parametrize(
    "shape",
    [{"items": None, "total": 0}, {"items": None}, {"total": 0}, {"total": "0"}, {"items": [], "total": 0}],
    ids=str,
)
def test_a_job_that_never_ran_has_an_empty_list(serve_cloud: Serve, cloud: str, shape: dict[str, object]) -> None:
    provider, server = serve_cloud(ok(in_its_words(cloud, shape)))
    assert (provider.list_executions("daily").items, len(server.requests)) == ((), 1)


@pytest.mark.parametrize(
    "shape", [{"items": None, "total": 3}, {"total": 3}, {}, {"items": "none", "total": 0}], ids=str
)
def test_a_missing_list_is_not_taken_for_an_empty_one(serve_cloud: Serve, cloud: str, shape: dict[str, object]) -> None:
    provider, _ = serve_cloud(ok(in_its_words(cloud, shape)))
    with pytest.raises(ProviderUnavailable, match="cannot be read"):
        provider.list_executions("daily")


def test_an_account_without_jobs_has_an_empty_list(serve_cloud: Serve) -> None:
    provider, _ = serve_cloud(ok({"list": None, "count": 0, "jobs": None, "total": 0}))
    assert provider.list_jobs().items == ()


@pytest.mark.parametrize(
    ("status", "error", "words", "times"),
    [
        *((status, ConnectionInvalid, r"^endpoint: .* has moved", 1) for status in (301, 308)),
        *((status, ProviderUnavailable, "correct 'endpoint'", 4) for status in (302, 303, 307)),
    ],
)
def test_no_redirection_is_followed(
    serve_cloud: Serve, status: int, error: type[FarsyncError], words: str, times: int
) -> None:
    provider, server = serve_cloud(reply(status, b"", Location=ELSEWHERE))
    with pytest.raises(error, match=words):
        provider.get_execution("daily", "7")
    assert len(server.requests) == times
