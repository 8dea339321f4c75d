"""Calls of functions: each of their effects is a step at which a call may die, be answered wrongly, or be held up."""

import threading
from collections.abc import Callable
from typing import TypeVar

from farsync.model.errors import FarsyncError
from tests.model.agenda import Agenda
from tests.model.faults import Faults

T = TypeVar("T")

FUNCTION_SECONDS = 30.0
"""Lambda's time-out of every function but the sweep."""
EFFECT_SECONDS = 0.03


class Killed(BaseException):
    """The process is gone: no handler of the layer sees this."""


class Strand:
    """Work on a thread of its own that is held up now and then. One of all threads goes on at a time."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._its_turn, self._turn_is_over = threading.Semaphore(0), threading.Semaphore(0)
        self._work = work
        self.is_over = False
        threading.Thread(target=self._run, daemon=True).start()

    def go_on(self) -> None:
        """Until it is held up, or over."""
        self._its_turn.release()
        self._turn_is_over.acquire()

    def hold(self) -> None:
        """Called by the work itself."""
        self._turn_is_over.release()
        self._its_turn.acquire()

    def _run(self) -> None:
        self._its_turn.acquire()
        try:
            self._work()
        finally:
            self.is_over = True
            self._turn_is_over.release()


class Call:
    """One invocation. It dies when its `seconds` are over."""

    def __init__(self, agenda: Agenda, faults: Faults, function: str, *, seconds: float = FUNCTION_SECONDS) -> None:
        self.function = function
        self.began_at = agenda.now
        self.strand: Strand | None = None
        self.met_dead_token = False
        self.is_disturbed = False
        """Whether anything went wrong with it."""
        self._agenda, self._faults = agenda, faults
        self._dies_at = agenda.now + seconds

    def effect(
        self, action: str, perform: Callable[[], T], *, rejected: Callable[[], Exception], lost: Callable[[], Exception]
    ) -> T:
        """`rejected`: nothing is done, and the function learns it. `lost`: it is done, unknown to the function."""
        self._agenda.steps += 1
        self._pass(EFFECT_SECONDS)
        fault = self._faults.at(self.function, action)
        kind, seconds = (fault.kind, fault.seconds) if fault else ("", 0.0)
        self.is_disturbed = self.is_disturbed or fault is not None
        if kind == "held up before":
            self._hold(seconds)
        elif kind == "killed before":
            raise Killed("killed")
        elif kind == "rejected":
            raise rejected()
        try:
            done = perform()
        except FarsyncError:
            self.is_disturbed = True
            raise
        if kind == "held up after":
            self._hold(seconds)
        elif kind == "killed after":
            raise Killed("killed")
        elif kind == "answer lost":
            raise lost()
        return done

    def _hold(self, seconds: float) -> None:
        """Others go on meanwhile."""
        if self.strand is None:
            self._pass(seconds)
        else:
            self._agenda.after(seconds, self.strand.go_on)
            self.strand.hold()
            self._pass(0.0)

    def _pass(self, seconds: float) -> None:
        self._agenda.now += seconds
        if self._agenda.now > self._dies_at:
            raise Killed("its time is up")
