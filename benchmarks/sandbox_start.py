"""The sandbox as a user meets it: how long until it is up, and how long its main job takes."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "farsync-sandbox"
STARTS = 5
START_LIMIT_SECONDS = 5.0
MAIN_JOB_LIMIT_SECONDS = 60.0


def seconds_until_up() -> float:
    """Up to the JSON line, which is printed once everything answers."""
    begun = time.perf_counter()
    with subprocess.Popen([PROGRAM, "up", "--json"], stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        is_up = sandbox.stdout.readline()
        took = time.perf_counter() - begun
        sandbox.terminate()
    assert is_up, "the sandbox did not start"
    return took


def seconds_of_main_job() -> float:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        subprocess.run([PROGRAM, "run", "--plain", "--folder", folder], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begun


def main() -> int:
    start = statistics.median(seconds_until_up() for _ in range(STARTS))
    main_job = seconds_of_main_job()
    print(f"sandbox start, median of {STARTS}  {start:.1f}s limit={START_LIMIT_SECONDS:.0f}s")
    print(f"main job on both clouds      {main_job:.1f}s limit={MAIN_JOB_LIMIT_SECONDS:.0f}s")
    return 0 if start <= START_LIMIT_SECONDS and main_job <= MAIN_JOB_LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
