"""What is done to one run while it goes on or once it is over: aborts, redrives, messages that come twice."""

import json
import time
from typing import Any

from tests.chaos.aws_calls import CallRejected
from tests.chaos.plan import Abort, PlannedRun, Redrive
from tests.chaos.recording import Record, now
from tests.chaos.world import World
from tests.support.waiting import eventually

PAUSE_SECONDS = 0.15
GIVEN_UP_SECONDS = 60.0
ENDS = frozenset({"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"})
SECONDS_BETWEEN_COPIES = 1.5


class Fates:
    def __init__(self, world: World, record: Record) -> None:
        self._world = world
        self._aws = world.aws
        self._record = record

    def abort(self, run: PlannedRun, name: str, abort: Abort) -> None:
        """Unless it is over by then."""
        arn = self._world.arn(name)
        give_up_at = time.monotonic() + GIVEN_UP_SECONDS
        while abort.state and not self._has_reached(arn, abort.state) and time.monotonic() < give_up_at:
            time.sleep(PAUSE_SECONDS)
        time.sleep(abort.after_seconds)
        # start_once may not have come to starting the run yet.
        eventually(lambda: self._aws.show(arn), GIVEN_UP_SECONDS)
        if not self._stop(run, arn):
            return
        if run.is_closed_twice:
            self._send_to_be_closed(arn)
        if abort.redrive:
            self._redrive(run, arn, abort.redrive)

    def poll_twice(self, name: str) -> None:
        """A copy of the message by which the run is polled, as SQS may deliver one."""
        arn = self._world.arn(name)
        give_up_at = time.monotonic() + GIVEN_UP_SECONDS
        while time.monotonic() < give_up_at:
            newest = self._aws.newest_events(arn)
            if body := next(filter(None, map(_poll_message, newest)), None):
                self._world.queues.send("poll", _of_another_release(body))
                self._record.note("poll message doubled")
                return
            if newest and newest[0]["type"] in ENDS:
                return
            time.sleep(PAUSE_SECONDS)

    def _stop(self, run: PlannedRun, arn: str) -> bool:
        described = self._aws.show(arn)
        if described is None or described["status"] != "RUNNING":
            return False
        self._aws.states("StopExecution", {"executionArn": arn, "error": "Chaos", "cause": "aborted"})
        self._record.change_run(run.number, abortedAt=now())
        return True

    def _redrive(self, run: PlannedRun, arn: str, redrive: Redrive) -> None:
        time.sleep(redrive.after_seconds)
        try:
            self._aws.states("RedriveExecution", {"executionArn": arn})
        except CallRejected as rejected:
            if "ExecutionNotRedrivable" not in str(rejected):
                raise
            return
        self._record.count_redrive(run.number)
        if redrive.aborted_after_seconds is not None:
            time.sleep(redrive.aborted_after_seconds)
            self._stop(run, arn)

    def _send_to_be_closed(self, arn: str) -> None:
        """What the rule on status events sends, a second and a third time, and late."""
        for _ in range(2):
            time.sleep(SECONDS_BETWEEN_COPIES)
            described = self._aws.show(arn) or {}
            if described.get("status") not in {"FAILED", "TIMED_OUT", "ABORTED"}:
                return
            message = {
                "executionArn": arn,
                "name": described["name"],
                "status": described["status"],
                "stopDate": int(float(described["stopDate"]) * 1000),
                "redriveCount": described.get("redriveCount", 0),
            }
            self._world.queues.send("close", _of_another_release(json.dumps(message)))
            self._record.note("status event doubled")

    def _has_reached(self, arn: str, state: str) -> bool:
        """True as well when the run went past that state, or is over."""
        for event in self._aws.newest_events(arn):
            if event["type"] in ENDS or event.get("stateEnteredEventDetails", {}).get("name") in {state, "Follow"}:
                return True
        return False


def _poll_message(event: dict[str, Any]) -> str | None:
    details = event.get("taskScheduledEventDetails") or {}
    if details.get("resourceType") != "sqs":
        return None
    body = json.loads(details["parameters"]).get("MessageBody")
    return body if isinstance(body, str) else json.dumps(body) if body else None


def _of_another_release(body: str) -> str:
    """With fields that this release does not know, as while functions are updated one by one."""
    message = {**json.loads(body), "addedLater": {"a": [1]}}
    if isinstance(message.get("run"), dict):
        message["run"] = {**message["run"], "addedLater": "b"}
    return json.dumps(message)
