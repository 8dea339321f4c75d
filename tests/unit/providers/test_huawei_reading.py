"""What DataArts Factory tells in two places, or counts in two ways, read as one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.errors import JobNotFound
from farsync.providers.base import Provider
from farsync.providers.huawei.paging import Offsets
from tests.unit.http_client.wire_server import reply, wire_server
from tests.unit.providers.huawei_replies import fixture

Opener = Callable[..., Provider]

NO_JOB = {"error_code": "DLF.30100", "error_msg": "The job not found"}
FAILED_AT = 1768463000000
FAILED = {"status": "fail", "planTime": FAILED_AT, "startTime": FAILED_AT + 5000, "endTime": FAILED_AT + 65_000}


def as_bytes(content: object) -> bytes:
    return json.dumps(content).encode()


def jobs(*names: str) -> bytes:
    return as_bytes({"jobs": [{"name": name, "jobType": "BATCH", "status": "STOPPED"} for name in names]})


def failures(**messages: str) -> bytes:
    listed = [{"instanceId": int(key[1:]), "status": "fail", "errorMessage": text} for key, text in messages.items()]
    return as_bytes({"instances": listed, "total": len(listed)})


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


def test_a_job_whose_timeout_is_not_needed_costs_one_call_of_the_more_liberal_kind(open_huawei: Opener) -> None:
    with wire_server(reply(200, jobs("daily", "daily_2"))) as server:
        job = open_huawei(server).get_job("daily", is_timeout_needed=False)

    assert (job.job, job.status) == ("daily", "STOPPED")
    assert [urlsplit(sent.target).path.split("/")[3:] for sent in server.requests] == [["jobs"]]


def test_a_job_says_the_state_of_the_list_and_the_timeout_of_its_own_page(open_huawei: Opener) -> None:
    with wire_server(reply(200, jobs("myJob")), reply(200, fixture("view_job"))) as server:
        job = open_huawei(server).get_job("myJob")

    assert (job.job, job.status, job.timeout_minutes) == ("myJob", "STOPPED", 90)


@pytest.mark.parametrize("is_timeout_needed", [True, False])
def test_a_job_that_the_list_does_not_show_is_looked_at_by_itself(open_huawei: Opener, is_timeout_needed: bool) -> None:
    with wire_server(reply(200, jobs("myJob_2")), reply(200, fixture("view_job"))) as server:
        job = open_huawei(server).get_job("myJob", is_timeout_needed=is_timeout_needed)

    assert (job.job, job.timeout_minutes) == ("myJob", 90)


def test_a_job_that_is_nowhere_is_not_found(open_huawei: Opener) -> None:
    with wire_server(reply(200, jobs()), reply(400, as_bytes(NO_JOB))) as server, pytest.raises(JobNotFound):
        open_huawei(server).get_job("myJob")


def test_jobs_are_filtered_by_status_here_since_the_provider_does_not(open_huawei: Opener) -> None:
    listed = {"jobs": [{"name": "a", "status": "SCHEDULING"}, {"name": "b", "status": "STOPPED"}], "total": 2}
    with wire_server(reply(200, as_bytes(listed))) as server:
        provider = open_huawei(server)
        paged = provider.list_jobs(status="STOPPED").items

    assert [job.job for job in paged] == ["b"]


def test_no_more_jobs_are_asked_for_at_once_than_every_generation_gives(open_huawei: Opener) -> None:
    with wire_server(reply(200, jobs("a"))) as server:
        page = open_huawei(server).list_jobs(limit=1000)

    assert ("limit", "100") in parse_qsl(urlsplit(server.requests[0].target).query)
    assert page.limit == 100


@given(
    length=st.integers(0, 130),
    page=st.integers(0, 8),
    limit=st.integers(1, 40),
    counts_entries=st.booleans(),
)
def test_a_page_is_the_same_whatever_the_offset_counts(
    length: int, page: int, limit: int, counts_entries: bool
) -> None:
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


def test_the_reason_of_a_failure_is_looked_up_in_the_list_around_its_time(open_huawei: Opener) -> None:
    answers = (reply(200, fixture("view_instance", **FAILED)), reply(200, failures(i1="other", i34765="No table.\nx")))
    with wire_server(*answers) as server:
        execution = open_huawei(server).get_execution("job_batch", "34765")

    assert execution.failure_reason == "No table."
    asked = dict(parse_qsl(urlsplit(server.requests[1].target).query))
    assert int(asked["minPlanTime"]) < FAILED_AT < FAILED_AT + 5000 < int(asked["maxPlanTime"])


@pytest.mark.parametrize(
    "second", [reply(200, failures(i1="other")), reply(200, b"<html>"), reply(400, b"{}"), reply(503)]
)
def test_a_failure_is_reported_though_its_reason_cannot_be_had(open_huawei: Opener, second: object) -> None:
    with wire_server(reply(200, fixture("view_instance", **FAILED)), second) as server:  # type: ignore[arg-type]
        execution = open_huawei(server).get_execution("job_batch", "34765")

    assert (execution.provider_status, execution.failure_reason) == ("fail", None)
    assert execution.ended_at == datetime.fromtimestamp((FAILED_AT + 65_000) / 1000, UTC)


@pytest.mark.parametrize("times", [{"planTime": None, "startTime": None}, {"planTime": FAILED_AT - 4 * 24 * 3600_000}])
def test_no_reason_is_looked_up_where_no_window_would_hold_the_instance(
    open_huawei: Opener, times: dict[str, object]
) -> None:
    with wire_server(reply(200, fixture("view_instance", **{**FAILED, **times}))) as server:
        open_huawei(server).get_execution("job_batch", "34765")

    assert len(server.requests) == 1


@pytest.mark.parametrize("word", ["running", "success", "manual-stop"])
def test_a_look_at_what_has_not_failed_is_one_call(open_huawei: Opener, word: str) -> None:
    with wire_server(reply(200, fixture("view_instance", status=word))) as server:
        open_huawei(server).get_execution("job_batch", "34765")

    assert len(server.requests) == 1
