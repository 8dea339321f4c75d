"""From which moment watch_jobs looks, and how many pages of ends one look may tell."""

from typing import Any

import pytest

from tests.unit.state_machines.expressions import given_by, state

NOON = 1_795_262_400
"""2026-11-21T12:00:00Z"""
LOOKS = state("watch_jobs", "ListLooks")["Assign"]
EACH_JOB = state("watch_jobs", "Look")["ItemProcessor"]["States"]


def until(*started_at: str) -> Any:
    """Of a look that began at noon, with these looks before it, none of which tells until when it has looked."""
    executions = [{"StartDate": moment, "Status": "FAILED", "ExecutionArn": "a"} for moment in started_at]
    variables = {"startedAt": "2026-11-21T12:00:00.000Z", "states": {"result": {"Executions": executions}}}
    return given_by(LOOKS["until"], variables, now_seconds=NOON)


def looks_from(*, since: str = "", until: str = "2026-11-21T11:55:00.000Z", left_at: str | None = None) -> Any:
    """The moment from which a look at noon asks for the ends of job `a`."""
    job = {"connection": "default", "job": "a"}
    behind = [{**job, "job": "b", "since": until}, *([{**job, "since": left_at}] if left_at else [])]
    variables = {"states": {"input": job}, "since": since, "until": until, "behind": behind}
    return given_by(EACH_JOB["LookSince"]["Assign"]["from"], variables, now_seconds=NOON)


def asks_for_another(pages: int, *, jobs: int, most_pages: int = 50) -> bool:
    variables = {"page": {"next": "token"}, "pages": pages, "mostPages": most_pages, "jobs": [{}] * jobs}
    answer = given_by(EACH_JOB["IsThereMore"]["Choices"][0]["Condition"], variables, now_seconds=NOON)
    assert isinstance(answer, bool)
    return answer


def test_where_no_look_tells_until_when_it_looked_the_oldest_ones_beginning_counts() -> None:
    assert until("2026-11-21T11:55:00.000Z", "2026-11-21T11:50:00.000Z") == "2026-11-21T11:50:00.000Z"


def test_the_very_first_look_counts_from_its_own_beginning() -> None:
    assert until() == "2026-11-21T12:00:00.000Z"


def test_a_look_goes_ten_minutes_behind_the_last() -> None:
    assert looks_from() == "2026-11-21T11:45:00.000Z"


def test_a_job_that_was_left_behind_is_looked_at_from_where_it_was_left() -> None:
    assert looks_from(left_at="2026-11-21T03:00:00.000Z") == "2026-11-21T03:00:00.000Z"


@pytest.mark.parametrize(
    "long_ago",
    [
        {"since": "2026-11-01T00:00:00Z"},
        {"left_at": "2026-11-01T00:00:00.000Z"},
        {"until": "2026-11-01T00:00:00.000Z"},
    ],
)
def test_no_look_goes_back_further_than_a_day(long_ago: dict[str, str]) -> None:
    assert looks_from(**long_ago) == "2026-11-20T12:00:00.000Z"


@pytest.mark.parametrize(("jobs", "most"), [(1, 50), (4, 50), (10, 20), (100, 2)])
def test_the_pages_of_one_look_are_shared_among_its_jobs(jobs: int, most: int) -> None:
    assert asks_for_another(most - 1, jobs=jobs)
    assert not asks_for_another(most, jobs=jobs)


@pytest.mark.parametrize(("most_pages", "most"), [(3, 3), (0, 1)])
def test_a_look_may_be_told_to_read_fewer_pages_but_reads_one(most_pages: int, most: int) -> None:
    assert asks_for_another(most - 1, jobs=1, most_pages=most_pages)
    assert not asks_for_another(most, jobs=1, most_pages=most_pages)
