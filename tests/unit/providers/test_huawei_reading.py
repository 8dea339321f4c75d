"""What DataArts Factory says in two places, or counts in two ways, read as one."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.errors import JobNotFound
from farsync.providers.huawei.paging import Offsets
from tests.unit.http_client.wire_server import Respond, WireServer, reply
from tests.unit.providers.conftest import PROJECT, Serve, ok
from tests.unit.providers.replies import NOW, example, shown_list

FAILED_AT = 1768463000000
FAILED = {"status": "fail", "planTime": FAILED_AT, "startTime": FAILED_AT + 5000, "endTime": FAILED_AT + 65_000}
VIEWED_JOB = reply(200, example("huawei", "view_job"))


def jobs(*names: str) -> Respond:
    return ok({"jobs": [{"name": name, "jobType": "BATCH", "status": "STOPPED"} for name in names]})


def failures(**messages: str) -> Respond:
    listed = [{"instanceId": int(key[1:]), "status": "fail", "errorMessage": text} for key, text in messages.items()]
    return ok(shown_list("huawei", *listed))


def viewed(**changes: object) -> Respond:
    return reply(200, example("huawei", "view_instance", **changes))


def sent_query(server: WireServer, number: int = 0) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(server.requests[number].target).query))


def test_instances_are_listed_by_exact_name_in_a_window_of_less_than_three_days(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(reply(200, example("huawei", "list_instances")))
    page = provider.list_executions("job_batch", limit=50)

    query = sent_query(server)
    begin, end = int(query.pop("minPlanTime")), int(query.pop("maxPlanTime"))
    assert server.requests[0].target.startswith(f"/v1/{PROJECT}/jobs/instances/detail?")
    assert query == {"jobName": "job_batch", "preciseQuery": "true", "offset": "0", "limit": "50"}
    assert begin < NOW * 1000 < end < begin + 3 * 24 * 3600 * 1000
    assert [execution.ref.execution_id for execution in page.items] == ["34765", "34764"]


@pytest.mark.parametrize(("ahead_minutes", "requests"), [(-31, 2), (-29, 1), (29, 1), (31, 2), (600, 2)])
def test_instances_are_listed_again_by_a_providers_time_far_from_ours(
    serve_huawei: Serve, ahead_minutes: int, requests: int
) -> None:
    providers_time = datetime.fromtimestamp(NOW, UTC) + timedelta(minutes=ahead_minutes)
    provider, server = serve_huawei(ok(shown_list("huawei"), Date=format_datetime(providers_time, usegmt=True)))
    provider.list_executions("daily")
    assert len(server.requests) == requests


def test_a_job_whose_timeout_is_not_needed_costs_one_call_of_the_more_liberal_kind(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(jobs("daily", "daily_2"))
    job = provider.get_job("daily", is_timeout_needed=False)
    assert (job.job, job.status) == ("daily", "STOPPED")
    assert [urlsplit(sent.target).path.split("/")[3:] for sent in server.requests] == [["jobs"]]


@pytest.mark.parametrize(
    ("listed", "is_timeout_needed", "status"),
    [("myJob", True, "STOPPED"), ("myJob_2", True, ""), ("myJob_2", False, "")],
)
def test_a_job_has_the_state_of_the_list_and_the_timeout_of_its_page(
    serve_huawei: Serve, listed: str, is_timeout_needed: bool, status: str
) -> None:
    provider, _ = serve_huawei(jobs(listed), VIEWED_JOB)
    job = provider.get_job("myJob", is_timeout_needed=is_timeout_needed)
    assert (job.job, job.status, job.timeout_minutes) == ("myJob", status, 90)


def test_a_job_that_is_nowhere_is_not_found(serve_huawei: Serve) -> None:
    provider, _ = serve_huawei(jobs(), reply(400, b'{"error_code": "DLF.30100"}'))
    with pytest.raises(JobNotFound):
        provider.get_job("myJob")


def test_no_more_jobs_are_asked_for_at_once_than_every_generation_gives(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(jobs("a"))
    assert provider.list_jobs(limit=1000).limit == 100
    assert sent_query(server)["limit"] == "100"


class Entries:
    """A list whose `offset` counts entries or pages."""

    def __init__(self, length: int, *, counts_entries: bool) -> None:
        self.keys = [str(number) for number in range(length)]
        self.requests = 0
        self._counts_entries = counts_entries

    def fetch(self, offset: int, limit: int) -> list[str]:
        self.requests += 1
        begin = offset if self._counts_entries else offset * limit
        return self.keys[begin : begin + limit]


@given(length=st.integers(0, 130), page=st.integers(0, 8), limit=st.integers(1, 40), counts_entries=st.booleans())
def test_a_page_is_the_same_whatever_offsets_count(length: int, page: int, limit: int, counts_entries: bool) -> None:
    entries = Entries(length, counts_entries=counts_entries)
    offset = Offsets(entries.fetch).of_page(page, limit)
    assert entries.fetch(offset, limit) == entries.keys[page * limit : (page + 1) * limit]


@pytest.mark.parametrize("counts_entries", [True, False])
@pytest.mark.parametrize("moved", [-2, -1, 1, 2])
def test_a_list_that_moves_a_little_while_it_is_asked_is_understood(counts_entries: bool, moved: int) -> None:
    entries = Entries(100, counts_entries=counts_entries)

    def fetch(offset: int, limit: int) -> list[str]:
        if entries.requests == 1:
            entries.keys = [f"new{n}" for n in range(moved)] + entries.keys[max(0, -moved) :]
        return entries.fetch(offset, limit)

    assert Offsets(fetch).of_page(2, 20) == (40 if counts_entries else 2)


def test_the_first_page_asks_nothing_and_the_others_ask_once() -> None:
    entries = Entries(100, counts_entries=True)
    offsets = Offsets(entries.fetch)
    offsets.of_page(0, 10)
    assert entries.requests == 0
    offsets.of_page(1, 10)
    offsets.of_page(5, 20)
    assert entries.requests == 2


def test_the_reason_of_a_failure_is_searched_for_in_the_list_around_its_time(serve_huawei: Serve) -> None:
    provider, server = serve_huawei(viewed(**FAILED), failures(i1="other", i34765="No table.\nx"))
    assert provider.get_execution("job_batch", "34765").failure_reason == "No table."
    asked = sent_query(server, 1)
    assert int(asked["minPlanTime"]) < FAILED_AT < FAILED_AT + 5000 < int(asked["maxPlanTime"])


@pytest.mark.parametrize("second", [failures(i1="other"), reply(200, b"<html>"), reply(400, b"{}"), reply(503)])
def test_a_failure_is_reported_though_its_reason_cannot_be_had(serve_huawei: Serve, second: Respond) -> None:
    provider, _ = serve_huawei(viewed(**FAILED), second)
    execution = provider.get_execution("job_batch", "34765")
    assert (execution.provider_status, execution.failure_reason) == ("fail", None)
    assert execution.ended_at == datetime.fromtimestamp((FAILED_AT + 65_000) / 1000, UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {**FAILED, "planTime": None, "startTime": None},
        {**FAILED, "planTime": FAILED_AT - 4 * 24 * 3600_000},
        {"status": "running"},
        {"status": "success"},
        {"status": "manual-stop"},
    ],
    ids=["no time", "too long for a window", "running", "success", "manual-stop"],
)
def test_a_poll_is_one_call_where_no_reason_can_be_had(serve_huawei: Serve, changes: dict[str, Any]) -> None:
    provider, server = serve_huawei(viewed(**changes))
    provider.get_execution("job_batch", "34765")
    assert len(server.requests) == 1
