"""Ctrl-C and SIGTERM, so that neither is lost nor heard twice."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_CHECK_SECONDS = 0.05


def until_signalled() -> Callable[[], None]:
    """From now on SIGTERM and Ctrl-C end the wait that is given, and not the process.

    The wait checks again and again: the kernel may hand a signal to another thread, which does not wake this one. And
    it holds no lock that the signal's handler, which runs in the midst of it, would need.
    """
    is_signalled = False

    def remember(*_: object) -> None:
        nonlocal is_signalled
        is_signalled = True

    def wait() -> None:
        while not is_signalled:
            time.sleep(_CHECK_SECONDS)

    for number in SIGNALS:
        signal.signal(number, remember)
    return wait


@contextmanager
def interrupted_by_signals(answer: str = "") -> Iterator[Callable[[float], None]]:
    """SIGTERM raises KeyboardInterrupt in the block as Ctrl-C does, once: a second must not cut the stopping short.

    `answer` is written to standard error at once: stopping takes a moment. Gives the `sleep` to wait with. Python
    drops what is raised while it runs a finalizer, so sleeping raises it again.
    """
    is_interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        # Not by `print`: the signal may come in the midst of one, whose lock is then held.
        os.write(2, answer.encode())
        raise KeyboardInterrupt

    def sleep(seconds: float) -> None:
        time.sleep(0 if is_interrupted else seconds)
        if is_interrupted:
            raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, interrupt)
    yield sleep
