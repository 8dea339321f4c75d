"""Jobs page by page, or one by itself."""

import re

import pytest

from farsync.model.errors import InvalidRequest, JobNotFound
from farsync.operations.list_jobs import list_jobs
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.marks import only

JOBS = "/connections/{connection}/jobs"


def get(cloud: Cloud, query: str, job: str | None = None) -> Answered:
    route, target = (f"GET {JOBS}/{{job}}", f"/{job}") if job else (f"GET {JOBS}", "")
    return HttpClient(cloud.environment, list_jobs).call(route, f"/connections/default/jobs{target}{query}")


def links(answered: Answered) -> dict[str, str]:
    return {name: target for target, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answered.headers["link"])}


def test_links_lead_through_all_pages(cloud: Cloud) -> None:
    jobs = {cloud.emulator.make_job() for _ in range(5)}
    query, seen = "page=0&limit=2", set[str]()
    while query:
        answered = get(cloud, f"?{query}")
        assert answered.body["total"] == 5
        seen |= {job["job"] for job in answered.body["jobs"]}
        query = links(answered).get("next", "").partition("?")[2]
    assert seen == jobs


def test_the_first_the_previous_and_the_last_page_are_linked_with_the_filters(cloud: Cloud) -> None:
    for _ in range(5):
        cloud.emulator.make_job()
    path = "/connections/default/jobs?name=job_"
    assert links(get(cloud, "?page=2&limit=2&name=job_")) == {
        "first": f"{path}&page=0&limit=2",
        "prev": f"{path}&page=1&limit=2",
        "last": f"{path}&page=2&limit=2",
    }


def test_a_job_is_shown_by_itself_and_over_http_by_its_path_only(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    shown = cloud.ask(list_jobs, {"job": job})
    assert shown["name"].startswith("job_")
    assert shown["isRunnable"] is True
    assert get(cloud, "", job).body["job"] == job
    assert get(cloud, f"?job={job}").body["field"] == "job"


def test_a_job_that_nobody_knows_is_reported_so(cloud: Cloud) -> None:
    with pytest.raises(JobNotFound):
        cloud.ask(list_jobs, {"job": "NoSuchJob123"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 0),
        ("limit", 1001),
        ("page", -1),
        ("sort", "a"),
        *(("limit", number) for number in ["x", "1_0", "+1", "1.0", "1e2", " 1", "", "１"]),
    ],
)
@only("cloud", "data-flow")
def test_a_query_out_of_range_or_of_more_than_digits_is_rejected_by_name(
    cloud: Cloud, field: str, value: object
) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        cloud.ask(list_jobs, {field: value})
    assert rejected.value.field == field


@only("cloud", "dataarts")
def test_a_limit_above_the_providers_own_is_reported_as_it_was_lowered(cloud: Cloud) -> None:
    assert cloud.ask(list_jobs, {"limit": 500})["limit"] == 100
