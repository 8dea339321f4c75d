"""A signal ends the sandbox whichever of its threads takes it."""

import subprocess
import sys
from pathlib import Path

A_THREAD_TAKES_THE_SIGNAL = """
import signal, threading
from sandbox.interruption import until_signalled

wait = until_signalled()
threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()
wait()
print("ended")
"""


def test_a_signal_that_another_thread_takes_ends_the_wait() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", A_THREAD_TAKES_THE_SIGNAL],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "ended\n"), ended.stderr
