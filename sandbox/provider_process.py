"""A provider's service as a process of its own, so that DuckDB and moto do not share one interpreter."""

import json
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from sandbox import child_process

READY_WITHIN_SECONDS = 30
STOPPED_WITHIN_SECONDS = 15


class SandboxFailed(Exception):
    """A part of the sandbox did not start. The text says which and why, and where its log is."""


class ProviderProcess:
    """Begins to start on construction; `wait_until_ready` gives where it serves.

    `module` prints one JSON line when it is ready. An option without a value is a flag.
    """

    def __init__(self, module: str, options: Mapping[str, str], log_file: Path) -> None:
        self._module = module
        self._log_file = log_file
        arguments = [part for option in options.items() for part in option if part]
        with log_file.open("ab") as log:
            self._log_begins_at = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, child_process.__file__, module, *arguments],
                stdin=subprocess.PIPE,  # never written to; see child_process
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C in a terminal reaches the parent, which stops it in order
            )

    def wait_until_ready(self) -> dict[str, str]:
        """What the service says of itself: endpoint, keys, folders.

        Raises SandboxFailed when it ends or stays silent instead.
        """
        output: IO[bytes] | None = self._process.stdout
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        line = b""
        while output is not None and not line.endswith(b"\n"):
            is_readable, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
            chunk = output.read1() if is_readable else b""  # type: ignore[attr-defined]
            if not chunk:
                raise SandboxFailed(f"{self._module} did not start: {self._last_words()}; its log: {self._log_file}")
            line += chunk
        described: dict[str, str] = json.loads(line)
        return described

    def stop(self) -> None:
        """Asks it to end, and insists where it does not."""
        self._process.terminate()
        try:
            self._process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _last_words(self) -> str:
        with self._log_file.open("rb") as log:
            log.seek(self._log_begins_at)
            lines = log.read().decode(errors="replace").splitlines()
        return lines[-1] if lines else "it said nothing"
