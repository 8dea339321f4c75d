"""`python -m sandbox.aws`: one JSON line, and no process left behind, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[3]


@pytest.fixture
def started(fixtures: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sandbox.aws", "--template", str(fixtures / "template.yaml")]
    process = subprocess.Popen(
        [*command, "--folder", str(tmp_path), "--speed", "10", "--parameter", "Greeting=hi"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    described: dict[str, Any] = json.loads(process.stdout.readline())
    return described


def worker_of(described: dict[str, Any]) -> int:
    url = f"{described['endpoint']}/2015-03-31/functions/farsync-echo/invocations"
    result = requests.post(url, data="{}", timeout=20).json()
    assert result["greeting"] == "hi from farsync"
    return int(result["process"])


def wait_until(condition: Callable[[], bool]) -> bool:
    ends_at = time.monotonic() + 10
    while not condition() and time.monotonic() < ends_at:
        time.sleep(0.05)
    return condition()


def is_gone(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return (Path("/proc") / str(process_id) / "stat").read_text().split()[2] == "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_processes_of_functions_end_with_the_sandbox(
    started: subprocess.Popen[str], number: signal.Signals
) -> None:
    worker = worker_of(ready(started))
    assert not is_gone(worker)
    started.send_signal(number)
    started.wait(timeout=30)
    assert wait_until(lambda: is_gone(worker))


def test_it_is_ready_soon_and_prints_one_line(started: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    described = ready(started)
    # Imports of moto take about two seconds on an idle machine.
    assert time.monotonic() - begun < 24
    assert set(described) >= {"endpoint", "region", "accountId", "stateMachines", "queueUrl", "httpApi"}
    started.send_signal(signal.SIGTERM)
    assert started.wait(timeout=30) == 0
    assert started.stdout
    assert started.stdout.read() == ""


def test_a_template_that_cannot_be_read_is_reported_on_one_screen(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Nobody}}}")
    command = [sys.executable, "-m", "sandbox.aws", "--template", str(template), "--folder", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "Q.DelaySeconds" in ended.stderr
