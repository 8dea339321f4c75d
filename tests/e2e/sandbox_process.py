"""The command `farsync-sandbox` as a user starts it: a process of its own, with a temporary folder of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).parent / "farsync-sandbox"


class SandboxProcess:
    def __init__(self, temporary_folder: Path, *options: str) -> None:
        self.temporary_folder = temporary_folder
        self.process = subprocess.Popen(
            [PROGRAM, "up", "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(temporary_folder)},
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.described: dict[str, Any] = json.loads(line)

    def descendants(self) -> list[int]:
        return descendants(self.process.pid)

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Exit code, and what it wrote after the JSON line to standard output and error."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors


def descendants(process_id: int) -> list[int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if fields[0] != "Z":
            parents[int(folder.name)] = int(fields[1])
    found = [process_id]
    for ancestor in found:
        found += [child for child, parent in parents.items() if parent == ancestor]
    return found[1:]


def is_alive(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
