import re

import pytest

from farsync.model.errors import InvalidRequest, JobNotFound
from farsync.operations.list_jobs import list_jobs
from tests.unit.operations.http_client import HttpClient
from tests.unit.operations.old_cloud import Cloud, cloud, slow_cloud  # noqa: F401

JOBS = "/connections/{connection}/jobs"


def test_jobs_are_listed_page_by_page(cloud: Cloud) -> None:
    jobs = {cloud.emulator.make_job() for _ in range(5)}
    pages = [cloud.ask(list_jobs, {"page": page, "limit": 2}) for page in range(3)]
    assert {job["job"] for page in pages for job in page["jobs"]} == jobs
    assert pages[0]["total"] == 5


def test_numbers_may_come_as_text_as_a_query_string_has_them(cloud: Cloud) -> None:
    cloud.emulator.make_job()
    assert len(cloud.ask(list_jobs, {"page": "0", "limit": "10"})["jobs"]) == 1


def test_one_job_is_shown_by_itself(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    shown = cloud.ask(list_jobs, {"job": job})
    assert shown["name"].startswith("job_")
    assert shown["isRunnable"] is True


def test_a_job_that_nobody_knows_is_reported_so(cloud: Cloud) -> None:
    with pytest.raises(JobNotFound):
        cloud.ask(list_jobs, {"job": "NoSuchJob123"})


@pytest.mark.parametrize(
    ("field", "value"), [("limit", 0), ("limit", 1001), ("page", -1), ("limit", "x"), ("sort", "a")]
)
def test_a_query_out_of_range_is_rejected_by_name(cloud: Cloud, field: str, value: object) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        cloud.ask(list_jobs, {field: value})
    assert rejected.value.field == field


@pytest.mark.parametrize("cloud", ["huawei-12-words"], indirect=True)
def test_a_limit_above_the_providers_own_is_reported_as_it_was_lowered(cloud: Cloud) -> None:
    assert cloud.ask(list_jobs, {"limit": 500})["limit"] == 100


def links(cloud: Cloud, query: str) -> dict[str, str]:
    answered = HttpClient(cloud.environment, list_jobs).call(f"GET {JOBS}", f"/connections/default/jobs{query}")
    assert answered.status == 200
    return {name: target for target, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answered.headers["link"])}


def test_links_lead_through_all_pages(cloud: Cloud) -> None:
    jobs = {cloud.emulator.make_job() for _ in range(5)}
    client = HttpClient(cloud.environment, list_jobs)
    target, seen = "/connections/default/jobs?page=0&limit=2", set[str]()
    while target:
        seen |= {job["job"] for job in client.call(f"GET {JOBS}", target).body["jobs"]}
        target = links(cloud, f"?{target.partition('?')[2]}").get("next", "")
    assert seen == jobs


def test_the_first_the_previous_and_the_last_page_are_linked_with_the_filters(cloud: Cloud) -> None:
    for _ in range(5):
        cloud.emulator.make_job()
    path = "/connections/default/jobs?name=job_"
    assert links(cloud, "?page=2&limit=2&name=job_") == {
        "first": f"{path}&page=0&limit=2",
        "prev": f"{path}&page=1&limit=2",
        "last": f"{path}&page=2&limit=2",
    }


def test_over_http_one_job_is_shown_by_its_path_only(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    client = HttpClient(cloud.environment, list_jobs)
    assert client.call(f"GET {JOBS}/{{job}}", f"/connections/default/jobs/{job}").body["job"] == job
    assert client.call(f"GET {JOBS}", f"/connections/default/jobs?job={job}").body["field"] == "job"


@pytest.mark.parametrize("number", ["1_0", "+1", "1.0", "1e2", " 1", "", "１"])
def test_a_number_in_a_query_is_digits(cloud: Cloud, number: str) -> None:
    with pytest.raises(InvalidRequest):
        cloud.ask(list_jobs, {"limit": number})
