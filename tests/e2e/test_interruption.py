import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.interruption import SIGNALS, interrupted_by_signals

A_THREAD_TAKES_THE_SIGNAL = """
import signal, threading
from sandbox.interruption import until_signalled

wait = until_signalled()
threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()
wait()
print("ended")
"""


@pytest.fixture(autouse=True)
def _handlers_of_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_interrupts_what_is_done_now(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interrupted_by_signals():
        signal.raise_signal(number)


def test_a_second_signal_does_not_cut_the_stopping_short() -> None:
    with interrupted_by_signals():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)

        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_that_comes_while_a_finalizer_runs_is_not_lost() -> None:
    class Interrupted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    with interrupted_by_signals() as sleep:
        Interrupted()

        with pytest.raises(KeyboardInterrupt):
            sleep(60)


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
