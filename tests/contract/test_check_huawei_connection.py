"""`make check` against the DataArts Factory service of the sandbox, in both generations of the provider's pages."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.tests.huawei.conftest import make_server
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node
from tools.check_connection import main

__all__ = ["make_server"]

READS = {"ListJobs", "ShowJob", "ListJobInstances", "ShowJobInstance"}
OLDER = {"error_codes": "0100", "error_keys": "error_code", "status_words": 7, "offset_unit": "page"}
NEWER = {"error_codes": "30100", "error_keys": "errorCode", "status_words": 12, "offset_unit": "record"}

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the tool on a connection to the client's server; its exit code and its report."""

    def run(client: Client, **changes: str) -> tuple[int, str]:
        account = client.server.account
        connection = {
            "provider": "huawei",
            "endpoint": client.server.endpoint,
            "projectId": account.project_id,
            "accessKey": account.keys.access_key,
            "secretKey": account.keys.secret_key,
            **changes,
        }
        file = tmp_path / "connection.json"
        file.write_text(json.dumps(connection))
        code = main([str(file)])
        return code, capsys.readouterr().out

    return run


def line_of(report: str, topic: str) -> str:
    return next(line for line in report.splitlines() if f"  {topic}: " in line)


def requests_by_operation(client: Client) -> dict[str, int]:
    counts: dict[str, int] = client.control("GET", "requests").json()["counts"]
    return counts


@pytest.mark.parametrize(
    ("settings", "generation", "offset"),
    [(OLDER, "older codes (DLF.0137)", "counts pages"), (NEWER, "newer codes (DLF.30137)", "counts entries")],
)
def test_a_working_account_is_reported_with_its_generation_and_its_meaning_of_offset(
    make_server: ServerMaker, check: Check, settings: dict[str, object], generation: str, offset: str
) -> None:
    client = Client(make_server(**settings))
    for name in ("job_1", "job_2"):
        client.run(node(), name=name)
    client.wait_for("job_1", client.start("job_1"), "success")

    code, report = check(client)

    assert code == 0
    assert line_of(report, "keys").endswith("accepted")
    assert line_of(report, "jobs").endswith("2 on the first page of 100, total 2")
    assert line_of(report, "generation").endswith(generation)
    assert line_of(report, "offset of jobs").endswith(offset)
    assert line_of(report, "job 1 (5 characters), instances").endswith("2, total 2, newest first")
    assert line_of(report, "job 1 (5 characters), instances, offset").endswith(offset)
    assert line_of(report, "unknown to the provider's pages").endswith("no field and no word")
    assert "FAILED" not in [line.split()[0] for line in report.splitlines()]


def test_it_sends_nothing_but_reads(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    client.run(node())
    before, ledger = requests_by_operation(client), client.ledger()

    check(client, workspace=client.server.account.workspace)

    after = requests_by_operation(client)
    sent = {operation for operation, count in after.items() if count > before.get(operation, 0)}
    assert sent == READS
    assert client.ledger() == ledger


def test_the_report_can_be_shown_to_anybody(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    instance = client.run(node("salaries"), name="payroll_of_march", start_params={"person": "Kim"})

    _, report = check(client, workspace=client.server.account.workspace)

    account = client.server.account
    keys = account.keys
    data = ("pay", "sal", "Kim", str(instance["instanceId"]))
    for private in (keys.access_key, keys.secret_key, account.project_id, account.workspace, *data):
        assert private not in report


def test_the_newest_instance_is_shown_with_its_nodes_and_the_status_that_farsync_gives_it(
    make_server: ServerMaker, check: Check
) -> None:
    client = Client(make_server(execute_time_unit="minutes"))
    client.run(node("good"), failing("bad", "good"))

    _, report = check(client)

    assert "FAILED (fail); took " in line_of(report, "newest instance")
    assert "executeTime counts minutes" in line_of(report, "newest instance")
    assert "2 (fail 1, success 1); fields: endTime, " in line_of(report, "its nodes")
    assert line_of(report, "status words").endswith("none beyond the older seven: met fail")


@pytest.mark.parametrize(
    ("form", "words", "flags"), [("words", "the twelve: met forceSuccess", "none met"), ("flags", "", "forceSuccess")]
)
def test_it_says_in_which_form_a_forced_success_comes(
    make_server: ServerMaker, check: Check, form: str, words: str, flags: str
) -> None:
    client = Client(make_server(special_success=form))
    instance = client.run(failing())
    assert client.person(instance["instanceId"], "forceSuccess").ok

    _, report = check(client)

    assert words in line_of(report, "status words")
    assert flags in line_of(report, "success flags")


@pytest.mark.parametrize("is_named", [True, False])
def test_it_says_whether_the_workspace_must_be_named(make_server: ServerMaker, check: Check, is_named: bool) -> None:
    client = Client(make_server())
    named = {"workspace": client.server.account.workspace} if is_named else {}

    code, report = check(client, **named)

    assert code == 0
    finding = "sent; without it the provider answers too" if is_named else "not needed"
    assert finding in line_of(report, "workspace")


def test_an_unknown_workspace_is_named_as_the_fault(make_server: ServerMaker, check: Check) -> None:
    code, report = check(Client(make_server()), workspace="0" * 32)

    assert code == 1
    assert "ConnectionInvalid (HTTP 400, code DLF.0819): workspace: " in line_of(report, "list jobs")


def test_an_account_without_jobs_still_gets_a_report(make_server: ServerMaker, check: Check) -> None:
    code, report = check(Client(make_server()))

    assert code == 0
    assert "older codes" in line_of(report, "generation")
    assert "newest instance: none was found; run a job once" in report


def test_wrong_keys_are_tried_once_and_named_with_the_remedy(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())

    code, report = check(client, secretKey="wrong-secret")

    assert code == 1
    assert "AuthenticationFailed (HTTP 401, code APIGW.0301)" in line_of(report, "keys")
    assert "wait five minutes before you check again" in line_of(report, "keys")
    assert "the gateway is" in line_of(report, "clock")
    assert "wrong-secret" not in report
    assert requests_by_operation(client) == {"ListJobs": 1}


def test_after_a_rejection_in_the_middle_nothing_more_is_sent(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    client.run(node())
    client.faults({"operation": "ListJobInstances", "fault": "http_401", "times": 9})

    code, report = check(client)

    assert code == 1
    assert "AuthenticationFailed" in report
    assert client.control("GET", "requests").json()["last"][-1]["operation"] == "ListJobInstances"
    assert requests_by_operation(client)["ListJobInstances"] == 1


def test_a_clock_that_is_off_is_reported(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    client.faults({"operation": "ListJobs", "fault": "clock_skew", "seconds": -1200})

    code, report = check(client)

    assert code == 1
    assert "behind this machine" in line_of(report, "clock")
    assert "set this machine's clock, from 900 s on nothing works" in line_of(report, "clock")


def test_one_rejected_step_does_not_stop_the_others(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    client.run(node(), name="job_night")
    client.faults({"operation": "ShowJob", "fault": "http_403", "times": 9})

    code, report = check(client)

    assert code == 1
    assert "PermissionDenied (HTTP 403, code APIGW.0302)" in line_of(report, "job 1 (9 characters), view")
    assert "newest instance: SUCCEEDED" in report


def test_a_word_that_no_page_names_is_reported(make_server: ServerMaker, check: Check) -> None:
    client = Client(make_server())
    client.run(node())
    client.faults({"operation": "ShowJobInstance", "fault": "unknown_status", "times": 9, "skip": 1})

    code, report = check(client)

    assert code == 0
    assert "instance.status = SOMETHING_NEW" in line_of(report, "unknown to the provider's pages")
