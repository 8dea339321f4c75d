"""Jobs page by page, or one by itself; and connections."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

import pytest

from farsync.model.errors import InvalidRequest, JobNotFound
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.operations.list_jobs import list_jobs
from farsync.operations.named_job import find_job
from farsync.operations.recent_executions_of_job import job_with_recent
from farsync.providers.base import ExecutionPage, JobPage, Provider
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


@only("cloud", "data-flow")
def test_a_job_is_shown_by_its_name_too_if_no_other_job_has_it(cloud: Cloud) -> None:
    job = cloud.emulator.make_job()
    name = cloud.ask(list_jobs, {"job": job})["name"]
    assert get(cloud, "", name).body["job"] == job


def test_a_name_of_several_jobs_is_rejected_with_their_ids() -> None:
    twins = [Job(job=job, name="load", status="READY") for job in ("a", "b")]
    found = JobPage((*twins, Job(job="c", name="load 2", status="READY")), None, 0, 1000)
    with pytest.raises(InvalidRequest, match="2 jobs have this name; give an id: a or b"):
        find_job(cast("Provider", JobsByName(found)), "load")


class JobsByName(NamedTuple):
    """A provider that knows no id."""

    page: JobPage

    def get_job(self, job: str, **_: object) -> Job:
        raise JobNotFound(job)

    def list_jobs(self, **_: object) -> JobPage:
        return self.page


def execution(number: int, status: str, seconds: float) -> Execution:
    began = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=number)
    return Execution(
        ref=ExecutionRef(connection="c", job="j", execution_id=str(number)),
        status=ExecutionStatus(status),
        provider_status=status,
        created_at=began,
        started_at=began,
        ended_at=began + timedelta(seconds=seconds) if status in ("SUCCEEDED", "FAILED") else None,
    )


class ExecutionsOfJob(NamedTuple):
    executions: tuple[Execution, ...]

    def list_executions(self, _: str, **__: object) -> ExecutionPage:
        return ExecutionPage(self.executions, None, 0, 1000)


@pytest.mark.parametrize(
    ("made", "summary"),
    [
        ([], (None, None, None, None)),
        ([("RUNNING", 0.0)], (1, None, None, None)),
        ([("SUCCEEDED", 10.0), ("SUCCEEDED", 20.0), ("FAILED", 1.0), ("RUNNING", 0.0)], (4, 15.0, 20.0, 0.667)),
        (
            [("SUCCEEDED", 1000.0)] * 5 + [("SUCCEEDED", float(number)) for number in range(1, 21)],
            (20, 10.5, 19.0, 1.0),
        ),
    ],
    ids=["none", "running", "few", "many"],
)
def test_a_job_is_shown_with_its_newest_executions_and_what_they_make(
    made: list[tuple[str, float]], summary: tuple[float | None, ...]
) -> None:
    executions = tuple(execution(number, *how) for number, how in enumerate(made))
    job = Job(job="j", name="load", status="READY")
    shown = job_with_recent(cast("Provider", ExecutionsOfJob(executions)), job)
    ids = [recent.execution_id for recent in shown.recent or ()]
    assert ids == [str(number) for number in range(len(made))][::-1][:20]
    assert (len(ids) or None, shown.median_seconds, shown.p95_seconds, shown.success_rate) == summary


def test_a_job_of_a_provider_is_shown_with_its_newest_executions(cloud: Cloud) -> None:
    cloud.wait_until_over(cloud.post())
    shown = get(cloud, "", cloud.job).body
    assert (len(shown["recent"]), shown["successRate"]) == (1, 1.0)


@only("cloud", "data-flow")
class TestConnections:
    @staticmethod
    def listed(cloud: Cloud) -> list[dict[str, str]]:
        connections: list[dict[str, str]] = (
            HttpClient(cloud.environment, list_jobs).call("GET /connections", "/connections").body["connections"]
        )
        return connections

    def test_connections_are_listed_by_name_without_keys_and_with_what_is_wrong(self, cloud: Cloud) -> None:
        for name in ("connections/night", "connections/gone", "connections/day", "connections/a/b", "parameters/x"):
            cloud.aws.secrets[f"farsync/{name}"] = "{}"
        day, gone, night = self.listed(cloud)
        assert (day, night) == ({"name": "day", "provider": "naver"}, {"name": "night", "provider": "naver"})
        assert (gone["name"], gone["error"]) == (
            "gone",
            "There is no connection gone; create the secret farsync/connections/gone.",
        )

    def test_a_secret_that_cannot_be_read_stops_no_list(self, cloud: Cloud) -> None:
        cloud.aws.secrets["farsync/connections/night"] = "{}"
        cloud.connection["accessKey"] = "S3CR ET"
        ((name, error),) = [(listed["name"], listed["error"]) for listed in self.listed(cloud)]
        assert name == "night"
        assert "accessKey: give the access key" in error
        assert "S3CR" not in error

    def test_a_rejection_by_aws_is_a_problem_with_a_name(self, cloud: Cloud) -> None:
        cloud.aws.reject("ListSecrets", code="AccessDeniedException")
        answered = HttpClient(cloud.environment, list_jobs).call("GET /connections", "/connections")
        assert answered.body["type"] == "PermissionDenied"


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
