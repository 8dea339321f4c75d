"""MiniStack as a process of its own on loopback; nothing of it stays."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from tools.states_language import ROOT

REGION = "ap-northeast-2"
READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 15
ENDED_WITHIN_SECONDS = 10


class EmulatorFailed(Exception):
    """MiniStack did not start, and the text is the end of its log; or it left a process."""


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Its endpoint. `folder` receives its log and its temporary files. Raises EmulatorFailed."""
    log_file, temporary = folder / "ministack.log", folder / "functions"
    temporary.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "TMPDIR": str(temporary),
        "SFN_WAIT_SCALE": "0.1",
        "PYTHONPATH": str(ROOT),
    }
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.deploy_check.emulator_with_jsonata"],
            env=os.environ | settings,
            cwd=temporary,
            stdout=log,
            stderr=log,
            start_new_session=True,  # with its functions' processes, to be ended together
        )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, endpoint, log_file)
        yield endpoint
    finally:
        _stop(process)
    deadline = time.monotonic() + ENDED_WITHIN_SECONDS
    while _signal_group(process, 0):
        if time.monotonic() > deadline:
            raise EmulatorFailed("some process of MiniStack still lives")
        time.sleep(0.1)


def _wait_until_ready(process: subprocess.Popen[bytes], endpoint: str, log_file: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(requests.ConnectionError):
            if requests.get(f"{endpoint}/_ministack/health", timeout=2).ok:
                return
        time.sleep(0.1)
    raise EmulatorFailed(f"MiniStack did not start; its log: {log_file.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOPPED_WITHIN_SECONDS)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: int) -> bool:
    """Whether a process, of its functions' too, was there to hear it."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True
