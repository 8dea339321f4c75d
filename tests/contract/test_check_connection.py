"""`make check` at both services of the sandbox, in both generations of the providers' pages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from farsync.providers.base import Provider
from tests.contract.conftest import ServiceMaker
from tests.contract.services import GENERATIONS, Service
from tests.support.waiting import eventually
from tools.check_connection import main

Check = Callable[..., tuple[int, str]]
Run = Callable[[Service, str], str]

WORKS = {
    "naver-G1": ("dialect: G1 ", "jobs: 2 on the first page of 100, count 2"),
    "naver-G2": ("dialect: G2 ", "jobs: 2 on the first page of 100, count 2"),
    "huawei-older": ("older codes (DLF.0137)", "counts pages", "jobs: 2 on the first page of 100, total 2"),
    "huawei-newer": ("newer codes (DLF.30137)", "counts entries", "jobs: 2 on the first page of 100, total 2"),
}


class Cloud(NamedTuple):
    """What the report on a provider says in its words."""

    name: str
    reads: tuple[str, str, str, str]
    """Of the list of jobs, a job, its list of executions, an execution."""
    without_jobs: tuple[str, str]
    wrong_keys: tuple[str, str]


NAVER = Cloud(
    "naver",
    ("getJobs", "getJob", "getJobExecutions", "getJobExecution"),
    ("dialect: cannot be known", "newest execution: none was found; run a job once"),
    ("AuthenticationFailed (HTTP 401, code 200)", "Remedy: copy both keys anew"),
)
HUAWEI = Cloud(
    "huawei",
    ("ListJobs", "ShowJob", "ListJobInstances", "ShowJobInstance"),
    ("older codes", "newest instance: none was found; run a job once"),
    ("AuthenticationFailed (HTTP 401, code APIGW.0301)", "wait five minutes before you check again"),
)
of_each_cloud = pytest.mark.parametrize("cloud", [NAVER, HUAWEI], ids=lambda cloud: cloud.name)


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the tool on a connection to the service; its exit code and its report."""

    def run(service: Service, **changes: str) -> tuple[int, str]:
        file = tmp_path / "connection.json"
        file.write_text(json.dumps({**service.emulator.secret(), **changes}))
        code = main([str(file)])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def run_to_its_end(connect: Callable[..., Provider]) -> Run:
    """The execution's id."""

    def run(service: Service, job: str) -> str:
        execution_id = service.start(connect(service), job).ref.execution_id
        emulator = service.emulator
        eventually(lambda: emulator.truly_started(job)[-1].status == emulator.succeeded_word)
        return execution_id

    return run


def requests_by_operation(service: Service) -> dict[str, int]:
    counts: dict[str, int] = service.emulator.control("GET", "requests")["counts"]
    return counts


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_working_account_is_reported_as_working(
    make_service: ServiceMaker, check: Check, run_to_its_end: Run, generation: str
) -> None:
    cloud, settings = GENERATIONS[generation]
    service = make_service(cloud, **settings)
    jobs = [service.emulator.make_job() for _ in range(2)]
    for job in (*jobs, jobs[0]):
        run_to_its_end(service, job)
    code, report = check(service)
    assert code == 0
    for finding in ("keys: accepted", "unknown to the provider's pages: no field and no word", *WORKS[generation]):
        assert finding in report
    assert "FAILED" not in [line.split()[0] for line in report.splitlines()]


@of_each_cloud
def test_it_sends_nothing_but_reads_and_its_report_can_be_shown_to_anybody(
    make_service: ServiceMaker, check: Check, run_to_its_end: Run, cloud: Cloud
) -> None:
    service = make_service(cloud.name)
    job = service.emulator.make_job(name="payroll_of_march")
    execution_id = run_to_its_end(service, job)
    before = requests_by_operation(service)
    _, report = check(service)
    after = requests_by_operation(service)
    assert {operation for operation, count in after.items() if count > before.get(operation, 0)} == set(cloud.reads)
    assert len(service.emulator.truly_started(job)) == 1
    secret = {name: value for name, value in service.emulator.secret().items() if name not in ("provider", "endpoint")}
    for private in (*secret.values(), job, execution_id, "payroll", "sales", "nrn:", "lake"):
        assert private not in report


@of_each_cloud
def test_an_account_without_jobs_still_gets_a_report(make_service: ServiceMaker, check: Check, cloud: Cloud) -> None:
    code, report = check(make_service(cloud.name))
    assert code == 0
    assert all(finding in report for finding in cloud.without_jobs)


@of_each_cloud
def test_wrong_keys_are_tried_once_and_named_with_the_remedy(
    make_service: ServiceMaker, check: Check, cloud: Cloud
) -> None:
    service = make_service(cloud.name)
    code, report = check(service, secretKey="wrong-secret")
    assert code == 1
    assert all(finding in report for finding in (*cloud.wrong_keys, "clock: the gateway is"))
    assert "wrong-secret" not in report
    assert requests_by_operation(service) == {cloud.reads[0]: 1}


@pytest.mark.parametrize(
    ("operation", "fault", "code", "findings"),
    [
        (0, {"fault": "clock_skew", "seconds": 1200}, 1, ["ahead of this machine", "set this machine's clock"]),
        (0, {"fault": "reset_before", "times": 9}, 1, ["list jobs: ProviderUnavailable", "Remedy: check the network"]),
        (1, {"fault": "http_403", "times": 9}, 1, ["PermissionDenied (HTTP 403", ": SUCCEEDED"]),
        (3, {"fault": "unknown_status", "times": 9}, 0, [".status = SOMETHING_NEW"]),
    ],
    ids=["a clock that is off", "no answer", "one step rejected", "a word that no page names"],
)
@of_each_cloud
def test_a_fault_is_reported_and_does_not_stop_the_other_steps(
    make_service: ServiceMaker,
    check: Check,
    run_to_its_end: Run,
    cloud: Cloud,
    operation: int,
    fault: dict[str, object],
    code: int,
    findings: list[str],
) -> None:
    service = make_service(cloud.name)
    run_to_its_end(service, service.emulator.make_job())
    service.client.faults({"operation": cloud.reads[operation], **fault})
    found, report = check(service)
    assert found == code
    assert all(finding in report for finding in findings)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "must be a JSON object"),
        ('{"accessKey":\n"hidden value"; 1}', "it is no JSON at line 2, column 15"),
        ('\ufeff{"provider": "naver", "accessKey": "a"}', "secretKey: missing"),
        ('{"provider": "naver", "accessKey": "hidden value", "secretKey": "s"}', "accessKey"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_connection_ends_with_2_and_names_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, complaint: str
) -> None:
    file = tmp_path / "bad.json"
    if content is not None:
        file.write_text(content)
    assert main([str(file)]) == 2
    complained = capsys.readouterr().err
    assert complaint in complained
    assert "hidden value" not in complained
