"""Calls of functions: each touch of the world is a step at which a call may die, be answered wrongly, or be held up."""

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
        self._its_turn, self._turn_is_over = threading.Lock(), threading.Lock()
        self._its_turn.acquire()
        self._turn_is_over.acquire()
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
    """One invocation. `about` is the run that it works for, where one is known beforehand."""

    def __init__(self, agenda: Agenda, faults: Faults, function: str, about: str, *, seconds: float) -> None:
        self.function, self.about = function, about
        self.began_at = agenda.now
        self.dies_at = agenda.now + seconds
        self.strand: Strand | None = None
        self.met_dead_token = False
        self.is_disturbed = False
        """Whether anything went wrong with it."""
        self._agenda, self._faults = agenda, faults

    def effect(
        self, action: str, perform: Callable[[], T], *, rejected: Callable[[], Exception], lost: Callable[[], Exception]
    ) -> T:
        """`rejected`: nothing is done, and the function hears it. `lost`: it is done, unknown to the function."""
        agenda = self._agenda
        agenda.steps += 1
        agenda.now += EFFECT_SECONDS
        if agenda.now > self.dies_at:
            raise Killed("its time is up")
        fault = self._faults.at(self.function, action)
        if fault is None:
            return self._performed(perform)
        self.is_disturbed = True
        if fault.kind == "held up before":
            self.hold(fault.seconds)
        elif fault.kind == "killed before":
            raise Killed("killed")
        elif fault.kind == "rejected":
            raise rejected()
        done = perform()
        if fault.kind == "held up after":
            self.hold(fault.seconds)
        elif fault.kind == "killed after":
            raise Killed("killed")
        elif fault.kind == "answer lost":
            raise lost()
        return done

    def _performed(self, perform: Callable[[], T]) -> T:
        try:
            return perform()
        except FarsyncError:
            self.is_disturbed = True
            raise

    def hold(self, seconds: float) -> None:
        """Others go on meanwhile."""
        if self.strand is None:
            self._agenda.now += seconds
        else:
            self._agenda.after(seconds, self.strand.go_on)
            self.strand.hold()
        if self._agenda.now > self.dies_at:
            raise Killed("its time is up")
