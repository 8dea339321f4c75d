"""What befalls a single run while it goes on or once it is over: aborts, redrives, messages that come twice."""

import json
import time
from contextlib import suppress
from typing import Any

from tests.chaos.histories import is_end, state_entered
from tests.chaos.patient_sandbox import POLL_QUEUE
from tests.chaos.runs import Abort, Record, Run, now
from tests.chaos.sandbox import ChaosSandbox
from tests.support.closings import send_to_be_closed
from tests.support.waiting import eventually

PAUSE_SECONDS = 0.15
GIVEN_UP_SECONDS = 60.0
SECONDS_BETWEEN_COPIES = 1.5
ADDED_LATER = {"addedLater": {"a": [1]}}
"""A field that this release does not know, as while functions are updated one by one."""


class RunInterference:
    def __init__(self, sandbox: ChaosSandbox, record: Record) -> None:
        self._sandbox, self._record = sandbox, record

    def is_followed(self, run: Run) -> bool:
        newest = self._sandbox.newest_events(self._sandbox.arn_of_run(str(run.name)))
        return any(event["type"] == "TaskSubmitted" for event in newest)

    def abort(self, run: Run, abort: Abort) -> None:
        """Unless it is over by then."""
        arn = self._sandbox.arn_of_run(str(run.name))
        give_up_at = time.monotonic() + GIVEN_UP_SECONDS
        while abort.state and not self._has_reached(arn, abort.state) and time.monotonic() < give_up_at:
            time.sleep(PAUSE_SECONDS)
        time.sleep(abort.after_seconds)
        # start_once may not have come to starting the run yet.
        eventually(lambda: self._sandbox.show(arn), GIVEN_UP_SECONDS)
        if not self._stop(run, arn):
            return
        if run.is_closed_twice:
            self._close_again(arn)
        if abort.redriven_after is not None:
            time.sleep(abort.redriven_after)
            with suppress(self._sandbox.step_functions.exceptions.ExecutionNotRedrivable):
                self._sandbox.step_functions.redrive_execution(executionArn=arn)
                run.redrives += 1
                self._record.note("redrive")
                if abort.aborted_again_after is not None:
                    time.sleep(abort.aborted_again_after)
                    self._stop(run, arn)

    def poll_twice(self, run: Run) -> None:
        """A copy of the message by which the run is polled, as SQS may deliver one."""
        arn = self._sandbox.arn_of_run(str(run.name))
        give_up_at = time.monotonic() + GIVEN_UP_SECONDS
        while time.monotonic() < give_up_at:
            newest = self._sandbox.newest_events(arn)
            if body := next(filter(None, map(_poll_message, newest)), None):
                self._sandbox.send(POLL_QUEUE, {**body, **ADDED_LATER, "run": {**body["run"], **ADDED_LATER}})
                self._record.note("poll message doubled")
                return
            if newest and is_end(newest[0]):
                return
            time.sleep(PAUSE_SECONDS)

    def _stop(self, run: Run, arn: str) -> bool:
        shown = self._sandbox.show(arn)
        if shown is None or shown["status"] != "RUNNING":
            return False
        self._sandbox.step_functions.stop_execution(executionArn=arn, error="Chaos", cause="aborted")
        run.aborted_at = now()
        return True

    def _close_again(self, arn: str) -> None:
        """The message of the rule on status events comes a second and a third time, and late."""
        for _ in range(2):
            time.sleep(SECONDS_BETWEEN_COPIES)
            shown = self._sandbox.show(arn) or {}
            if shown.get("status") not in {"FAILED", "TIMED_OUT", "ABORTED"}:
                return
            send_to_be_closed(self._sandbox, arn, **ADDED_LATER)
            self._record.note("status event doubled")

    def _has_reached(self, arn: str, state: str) -> bool:
        """True as well when the run went past that state, or is over."""
        events = self._sandbox.newest_events(arn)
        return any(is_end(event) or state_entered(event) in {state, "Follow"} for event in events)


def _poll_message(event: dict[str, Any]) -> dict[str, Any] | None:
    details = event.get("taskScheduledEventDetails") or {}
    if details.get("resourceType") != "sqs":
        return None
    body = json.loads(details["parameters"]).get("MessageBody") or {}
    message: dict[str, Any] = json.loads(body) if isinstance(body, str) else body
    return message
