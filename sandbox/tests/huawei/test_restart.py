"""A sandbox folder survives its server, and the command serves one as a process."""

import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node, poll, statuses

ROOT = Path(__file__).parents[3]


def start_command(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox.huawei_dataarts", "--folder", str(folder), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_jobs_instances_and_keys_are_there_after_a_restart(make_server: ServerMaker) -> None:
    first = make_server()
    shown = Client(first).run(failing(failPolicy="IGNORE"))
    first.stop()
    second = Client(make_server())
    assert second.server.account == first.account
    assert second.instance("job_1", shown["instanceId"]) == shown
    assert second.start("job_1") > shown["instanceId"]


def test_what_ran_when_the_service_stopped_goes_on(make_server: ServerMaker) -> None:
    first = Client(make_server(run_seconds=2))
    name = first.make_job(node("first"), node("second", "first"))
    instance_id = first.start(name)
    before = poll(lambda: first.instance(name, instance_id), lambda shown: statuses(shown)["second"] == "running")
    first.server.stop()
    second = Client(make_server())
    after = second.wait_for(name, instance_id, "success")
    assert after["nodes"][0] == before["nodes"][0]
    assert after["startTime"] == before["startTime"]


def test_what_needs_a_person_still_does_after_a_restart(make_server: ServerMaker) -> None:
    first = Client(make_server())
    shown = first.run(failing(failPolicy="SUSPEND"))
    first.server.stop()
    second = Client(make_server())
    assert second.instance("job_1", shown["instanceId"])["status"] == "running-exception"


def test_the_kept_account_is_for_its_owner_only(make_server: ServerMaker, tmp_path: Path) -> None:
    make_server()
    assert stat.S_IMODE((tmp_path / "sandbox" / "account.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_one_line_and_serves_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "made"
    process = start_command(folder, "--project-id", "p" * 32, "--run-seconds", "0.1", "--without-limits")
    try:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert line.keys() == {"endpoint", "projectId", "workspace", "accessKey", "secretKey", "bucketsDir"}
        assert line["projectId"] == "p" * 32
        assert Path(line["bucketsDir"]) == folder / "buckets"
        assert requests.get(f"{line['endpoint']}/_sandbox/ledger", timeout=5).json() == []
    finally:
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_bad_option_is_named(tmp_path: Path) -> None:
    process = start_command(tmp_path / "made", "--speed", "0")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "speed" in errors
