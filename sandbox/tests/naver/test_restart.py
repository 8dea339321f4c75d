"""A sandbox folder survives its server."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, cast

import pytest
import requests

from sandbox.naver_dataflow import Server, Settings
from sandbox.naver_dataflow.settings import resolve_keys
from sandbox.provider_service.keys import Keys
from sandbox.tests.naver.data_flow_client import Client, ServerMaker
from sandbox.tests.naver.nodes import source, target

ROOT = Path(__file__).parents[3]


class ServerElsewhere(NamedTuple):
    """What a client must know of a server in another process."""

    endpoint: str
    keys: Keys
    settings: Settings


def start_command(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox.naver_dataflow", "--folder", str(folder), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_line(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def test_jobs_executions_and_keys_are_there_after_a_restart(make_server: ServerMaker) -> None:
    before = Client(make_server())
    job_id = before.make_job()
    ended = before.wait_for(job_id, before.start(job_id)["jobExecutionId"], "FAILED")
    job = before.ok("GET", f"/api/v1/jobs/{job_id}")
    before.server.stop()
    after = Client(make_server())
    assert after.server.keys == before.server.keys
    assert after.ok("GET", f"/api/v1/jobs/{job_id}") == job
    assert after.execution(job_id, ended["jobExecutionId"]) == ended


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_an_open_execution_runs_again_after_a_restart(make_server: ServerMaker, status: str) -> None:
    pace = {"queue_seconds": 600.0} if status == "READY" else {"run_seconds": 600.0}
    before = Client(make_server(**pace))
    bucket = before.server.settings.buckets_folder / "lake"
    (bucket / "sales").mkdir(parents=True)
    (bucket / "sales" / "a.csv").write_text("city,units,price\nSeoul,3,1.5\n")
    job_id = before.make_job([source(), target(1)])
    execution_id = before.start(job_id)["jobExecutionId"]
    before.wait_for(job_id, execution_id, status)
    before.server.stop()
    # The pace stays with the execution: 2000 times faster, its ten minutes are over at once.
    after = Client(make_server(speed=2_000))
    ended = after.wait_for(job_id, execution_id, "COMPLETED", "FAILED")
    assert ended["status"] == "COMPLETED", after.console_log(ended)
    assert ("restarted" in after.console_log(ended)) == (status == "RUNNING")
    assert [entry["jobExecutionId"] for entry in after.ledger()] == [execution_id]
    assert len(list((bucket / "out").iterdir())) == 1


def test_an_execution_that_ran_when_the_service_was_killed_runs_again(make_server: ServerMaker, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    with start_command(folder, "--queue-seconds", "0", "--run-seconds", "600") as process:
        settings = Settings(folder)
        endpoint = read_line(process)["endpoint"]
        killed = Client(cast("Server", ServerElsewhere(endpoint, resolve_keys(settings), settings)))
        job_id = killed.make_job()
        execution_id = killed.start(job_id)["jobExecutionId"]
        killed.wait_for(job_id, execution_id, "RUNNING")
        process.kill()
    after = Client(make_server(folder=folder, speed=2_000))
    ended = after.wait_for(job_id, execution_id, "FAILED")
    assert "restarted" in after.console_log(ended)


def test_a_stopped_server_answers_nobody_on_kept_connections(client: Client) -> None:
    client.ok("GET", "/api/v1/jobs")
    client.server.stop()
    with pytest.raises(requests.ConnectionError):
        client.call("GET", "/api/v1/jobs")


def test_keys_are_random_and_nobody_else_reads_them(make_server: ServerMaker, tmp_path: Path) -> None:
    first = make_server()
    second = make_server(folder=tmp_path / "other")
    assert first.keys != second.keys
    assert stat.S_IMODE((tmp_path / "sandbox" / "keys.json").stat().st_mode) == 0o600


def test_given_keys_are_used(make_server: ServerMaker) -> None:
    client = Client(make_server(access_key="mine", secret_key="my secret"))
    assert client.call("GET", "/api/v1/jobs").ok
    assert "my secret" not in repr(client.server.keys)


@pytest.mark.parametrize("wrong", [{"speed": 0}, {"queue_seconds": -1}, {"access_key": "alone"}])
def test_settings_that_make_no_sense_are_rejected(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(folder=tmp_path, **wrong)  # type: ignore[arg-type]


def test_the_command_prints_one_line_and_serves_until_sigterm(tmp_path: Path) -> None:
    with start_command(tmp_path / "box", "--dialect", "G2") as process:
        try:
            line = read_line(process)
            assert line.keys() == {"endpoint", "accessKey", "secretKey", "bucketsDir"}
            assert Path(line["bucketsDir"]).is_dir()
            assert requests.get(line["endpoint"] + "/api/v1/jobs", timeout=5).status_code == 401
        finally:
            os.kill(process.pid, signal.SIGTERM)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")
