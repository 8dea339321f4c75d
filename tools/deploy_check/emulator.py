"""MiniStack as a process of its own on loopback; nothing of it stays."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

ROOT = Path(__file__).resolve().parents[2]
REGION = "ap-northeast-2"
READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 15


class EmulatorFailed(Exception):
    """MiniStack did not start. The text says where its log is."""


class Emulator:
    """A context manager. `folder` receives its log and its temporary files, and goes with its owner."""

    def __init__(self, folder: Path) -> None:
        self._log_file = folder / "ministack.log"
        self.temporary = folder / "functions"
        self.temporary.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint = f"http://127.0.0.1:{_free_port()}"

    def __enter__(self) -> Self:
        port = self.endpoint.rpartition(":")[2]
        settings = {
            "GATEWAY_PORT": port,
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "TMPDIR": str(self.temporary),
            "SFN_WAIT_SCALE": "0.1",
            "PYTHONPATH": str(ROOT),
        }
        with self._log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.deploy_check.emulator_with_jsonata"],
                env=os.environ | settings,
                cwd=self.temporary,
                stdout=log,
                stderr=log,
                start_new_session=True,  # with its functions' processes, to be ended together
            )
        self._process = process
        try:
            self._wait_until_ready(process)
        except BaseException:
            self._stop(process)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._stop(self._process)

    def is_alive(self) -> bool:
        """Whether any process of it still lives, its functions' among them."""
        return self._process is not None and _signal_group(self._process.pid, 0)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if requests.get(f"{self.endpoint}/_ministack/health", timeout=2).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise EmulatorFailed(f"MiniStack did not start; its log: {self._log_file.read_text()[-2000:]}")

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _signal_group(process.pid, signal.SIGKILL)


def _signal_group(group: int, number: int) -> bool:
    """Whether there was a process to hear it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
