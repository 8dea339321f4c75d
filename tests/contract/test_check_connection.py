"""`make check` against the Data Flow service of the sandbox, in both dialects of the provider's pages."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.naver_dataflow import Server, Settings, serve
from sandbox.tests.naver.data_flow_client import Client
from tools.check_connection import main

READS = {"getJobs", "getJob", "getJobExecutions", "getJobExecution"}

Check = Callable[..., tuple[int, str]]


@pytest.fixture(params=["G1", "G2"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_client(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    servers: list[Server] = []

    def make(**settings: Any) -> Client:
        servers.append(serve(Settings(tmp_path / "sandbox", queue_seconds=0.02, run_seconds=0.02, **settings)))
        return Client(servers[-1])

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the tool on a connection to the client's server; its exit code and its report."""

    def run(client: Client, **changes: str) -> tuple[int, str]:
        keys = client.server.keys
        connection = {
            "provider": "naver",
            "endpoint": client.server.endpoint,
            "accessKey": keys.access_key,
            "secretKey": keys.secret_key,
            **changes,
        }
        file = tmp_path / "connection.json"
        file.write_text(json.dumps(connection))
        code = main([str(file)])
        return code, capsys.readouterr().out

    return run


def run_to_its_end(client: Client, job: str, **fields: object) -> str:
    execution = str(client.start(job, **fields)["jobExecutionId"])
    client.wait_for(job, execution, "COMPLETED", "FAILED")
    return execution


def requests_by_operation(client: Client) -> dict[str, int]:
    counts: dict[str, int] = client.control("GET", "requests").json()["counts"]
    return counts


def test_a_working_account_is_reported_as_working(
    make_client: Callable[..., Client], check: Check, dialect: str
) -> None:
    client = make_client(dialect=dialect)
    run_to_its_end(client, client.make_job())

    code, report = check(client)

    assert code == 0
    assert "keys: accepted" in report
    assert f"dialect: {dialect} " in report
    assert "jobs: 1 on the first page of 100, count 1" in report
    assert "unknown to the provider's pages: no field and no word" in report
    assert "FAILED" not in [line.split()[0] for line in report.splitlines()]


def test_it_sends_nothing_but_reads(make_client: Callable[..., Client], check: Check, dialect: str) -> None:
    client = make_client(dialect=dialect)
    run_to_its_end(client, client.make_job())
    before, ledger = requests_by_operation(client), client.ledger()

    check(client)

    after = requests_by_operation(client)
    sent = {operation for operation, count in after.items() if count > before.get(operation, 0)}
    assert sent == READS
    assert client.ledger() == ledger


def test_the_report_can_be_shown_to_anybody(make_client: Callable[..., Client], check: Check, dialect: str) -> None:
    client = make_client(dialect=dialect)
    job = client.make_job(name="payroll_of_march")
    execution = run_to_its_end(client, job, parameters={"$person": "Kim"})

    _, report = check(client)

    keys = client.server.keys
    for private in (keys.access_key, keys.secret_key, job, execution, "pay", "Kim", "nrn:", "lake"):
        assert private not in report


def test_the_newest_execution_is_shown_with_the_status_that_farsync_gives_it(
    make_client: Callable[..., Client], check: Check
) -> None:
    client = make_client()
    job = client.make_job()
    run_to_its_end(client, job)

    _, report = check(client)

    newest = next(line for line in report.splitlines() if "newest execution:" in line)
    assert "FAILED (FAILED); took " in newest
    assert "runningTime 0" in newest
    assert "parsedParameters" in newest


@pytest.mark.parametrize(("is_echoing", "finding"), [(True, "echoed in parsedParameters"), (False, "not echoed")])
def test_it_says_whether_parameters_are_echoed(
    make_client: Callable[..., Client], check: Check, is_echoing: bool, finding: str
) -> None:
    client = make_client(is_echoing_parameters=is_echoing)
    run_to_its_end(client, client.make_job(), parameters={"$table": "t"})

    assert f"parameters: {finding}" in check(client)[1]


def test_an_account_without_jobs_still_gets_a_report(make_client: Callable[..., Client], check: Check) -> None:
    code, report = check(make_client())

    assert code == 0
    assert "dialect: cannot be known" in report
    assert "newest execution: none was found; run a job once" in report


def test_wrong_keys_are_named_with_the_remedy(make_client: Callable[..., Client], check: Check, dialect: str) -> None:
    code, report = check(make_client(dialect=dialect), secretKey="wrong-secret")

    assert code == 1
    assert "FAILED  keys: AuthenticationFailed (HTTP 401, code 200)" in report
    assert "Remedy: copy both keys anew" in report
    assert "clock: the gateway is" in report
    assert "wrong-secret" not in report


def test_a_clock_that_is_off_is_reported_although_the_keys_are_rejected(
    make_client: Callable[..., Client], check: Check
) -> None:
    client = make_client()
    client.faults({"operation": "getJobs", "fault": "clock_skew", "seconds": 600})

    code, report = check(client)

    assert code == 1
    assert "ahead of this machine" in report
    assert "set this machine's clock" in report


def test_one_rejected_step_does_not_stop_the_others(make_client: Callable[..., Client], check: Check) -> None:
    client = make_client()
    run_to_its_end(client, client.make_job())
    client.faults({"operation": "getJob", "fault": "http_403", "times": 9})

    code, report = check(client)

    assert code == 1
    assert "read: PermissionDenied (HTTP 403" in report
    assert "newest execution: " in report


def test_a_word_that_no_page_names_is_reported(make_client: Callable[..., Client], check: Check) -> None:
    client = make_client()
    run_to_its_end(client, client.make_job())
    client.faults({"operation": "getJobExecution", "fault": "unknown_status", "times": 9})

    code, report = check(client)

    assert code == 0
    assert "execution.status = SOMETHING_NEW" in report


def test_an_endpoint_that_does_not_answer_fails_with_a_remedy(make_client: Callable[..., Client], check: Check) -> None:
    client = make_client()
    client.faults({"operation": "getJobs", "fault": "reset_before", "times": 9})

    code, report = check(client)

    assert code == 1
    assert "list jobs: ProviderUnavailable" in report
    assert "Remedy: check the network" in report


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "must be a JSON object"),
        ('{"accessKey":\n"hidden value"; 1}', "it is no JSON at line 2, column 15"),
        ('\ufeff{"provider": "naver", "accessKey": "a"}', "secretKey: missing"),
        ('{"provider": "naver", "accessKey": "a"}', "secretKey: missing"),
        ('{"provider": "naver", "accessKey": "hidden value", "secretKey": "s"}', "accessKey"),
    ],
)
def test_a_file_that_is_no_connection_ends_with_2_and_names_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, complaint: str
) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)

    assert main([str(file)]) == 2

    complained = capsys.readouterr().err
    assert complaint in complained
    assert "hidden value" not in complained


def test_a_missing_file_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err
