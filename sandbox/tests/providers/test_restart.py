"""A sandbox folder survives its server, and a command serves one as a process."""

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from sandbox import huawei_dataarts, naver_dataflow
from sandbox.provider_service.keys import Keys
from sandbox.tests.providers.clouds import WORDS, Cloud
from sandbox.tests.providers.conftest import CloudMaker

ROOT = Path(__file__).parents[3]
OF_EACH = {"endpoint", "accessKey", "secretKey", "bucketsDir"}
MODULES = pytest.mark.parametrize("module", WORDS["module"])


@contextmanager
def command(module: str, folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    arguments = [sys.executable, "-m", module, "--folder", str(folder), *options]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def described(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def test_jobs_executions_and_keys_are_there_after_a_restart(make_cloud: CloudMaker) -> None:
    before = make_cloud()
    job = before.make_job()
    ended = before.wait_for(job, before.start(job), before["ended"])
    shown = before.get_job(job).json()
    before.client.server.stop()
    after = make_cloud()
    assert after.get_job(job).json() == shown
    assert after.get(job, ended[after["id key"]]) == ended
    assert after.start(job) != ended[after["id key"]]


@pytest.mark.parametrize("pace", [{"queue_seconds": 600.0}, {"run_seconds": 600.0}], ids=["waiting", "running"])
def test_an_open_execution_goes_on_after_a_restart(make_cloud: CloudMaker, pace: dict[str, float]) -> None:
    before = make_cloud(**pace)
    job = before.make_job()
    execution = before.start(job)
    if "run_seconds" in pace:
        before.wait_for(job, execution, before["running"])
    before.client.server.stop()
    # The pace stays with the execution: 2000 times faster, its ten minutes are over at once.
    after = make_cloud(speed=2_000)
    after.wait_for(job, execution, after["ended"])
    assert [entry[after["id key"]] for entry in after.client.executions()] == [execution]


def test_a_stopped_server_answers_nobody_on_kept_connections(cloud: Cloud) -> None:
    assert cloud.list_jobs().ok
    cloud.client.server.stop()
    with pytest.raises(requests.ConnectionError):
        cloud.list_jobs()


def test_keys_are_random_and_nobody_else_reads_them(make_cloud: CloudMaker, tmp_path: Path) -> None:
    first, second = make_cloud(), make_cloud(folder=tmp_path / "other")
    one, other = first.client.server.describe(), second.client.server.describe()
    assert one["secretKey"] != other["secretKey"]
    assert stat.S_IMODE((tmp_path / "sandbox" / first["keys file"]).stat().st_mode) == 0o600


def test_given_keys_are_used(make_cloud: CloudMaker) -> None:
    cloud = make_cloud(access_key="mine", secret_key="my secret")
    assert cloud.list_jobs().ok
    assert cloud.client.server.describe()["secretKey"] == "my secret"


@pytest.mark.parametrize("model", [naver_dataflow.Settings, huawei_dataarts.Settings])
@pytest.mark.parametrize("wrong", [{"speed": 0}, {"queue_seconds": -1}, {"access_key": "alone"}])
def test_settings_that_make_no_sense_are_rejected(model: Any, tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        model(folder=tmp_path, **wrong)


@MODULES
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_one_line_and_serves_until_a_signal(
    module: str, number: signal.Signals, tmp_path: Path
) -> None:
    with command(module, tmp_path / "made", "--run-seconds", "0.1") as process:
        line = described(process)
        assert line.keys() - {"projectId", "workspace"} == OF_EACH
        assert Path(line["bucketsDir"]).is_dir()
        assert requests.get(f"{line['endpoint']}/_sandbox/executions", timeout=5).json() == []
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


@MODULES
def test_a_bad_option_is_named(module: str, tmp_path: Path) -> None:
    with command(module, tmp_path / "made", "--speed", "0") as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "speed" in errors


def test_an_execution_that_ran_when_the_service_was_killed_runs_again(make_cloud: CloudMaker, tmp_path: Path) -> None:
    other = make_cloud(folder=tmp_path / "other")
    with command(other["module"], tmp_path / "sandbox", "--queue-seconds", "0", "--run-seconds", "600") as process:
        server: Any = server_elsewhere(described(process))
        killed = Cloud(type(other.client)(server))
        job = killed.make_job()
        execution = killed.start(job)
        killed.wait_for(job, execution, killed["running"])
    after = make_cloud(speed=2_000)
    after.wait_for(job, execution, after["ended"])


def server_elsewhere(line: dict[str, str]) -> SimpleNamespace:
    """What a client must know of a server in another process."""
    keys = Keys(line["accessKey"], line["secretKey"])
    account = SimpleNamespace(keys=keys, project_id=line.get("projectId"))
    settings = SimpleNamespace(dialect="G1")
    return SimpleNamespace(endpoint=line["endpoint"], keys=keys, account=account, settings=settings)
