"""Runs that are followed while their messages, tokens and poller meet faults; all are played once, in one sandbox.

What a kill cannot be bound to one run for meets every run that is open then.
"""

import time
import uuid
from dataclasses import dataclass

from tests.support.closings import emitted, wait_for_state
from tests.support.emulators import TrulyStarted
from tests.support.poll_queue import (
    await_dead_letter,
    messages_left,
    send_a_copy,
    sends_of_follow,
    set_most_receives,
    take_message,
)
from tests.support.sandbox import Ended, Sandbox
from tests.support.waiting import eventually

POLL = "poll_execution"
SENDS_REJECTED = 40
"""Follow sends again after 15 s: for ten minutes."""
LONG_SECONDS = 200.0
"""By the provider's clock, ten of ours: so long that a run is open when a fault comes."""
NEAR_SECONDS = 100
"""A deadline, in real seconds, so near that the watchdog need not wait for 15 minutes."""
PASSED_SECONDS = 15
"""One that passes while the scenes are played."""
UNREADABLE = '{"v": 1, "token": '
MOST_RECEIVES = 1000


@dataclass(frozen=True)
class Followed:
    """What came of a run."""

    ended: Ended
    event_types: list[str]
    executions: list[TrulyStarted]

    @property
    def sent_at(self) -> list[float]:
        """When Follow sent its messages, in seconds since 1970."""
        return [at for at, _ in sends_of_follow(self.ended.history)]


@dataclass(frozen=True)
class OpenRun:
    arn: str
    job: str


class FollowingScenes:
    """After `play`: what came of the runs by title, and what was seen beside them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._open: dict[str, OpenRun] = {}
        self.followed: dict[str, Followed] = {}
        self.purged_at = 0.0
        self.seconds_until_set_aside = 0.0

    def play(self) -> "FollowingScenes":
        sandbox = self._sandbox
        sandbox.set_aws_faults()
        self._lose_messages()
        self._spoil_calls()
        self._redrive()
        ended = {title: sandbox.wait_for(run.arn, 120) for title, run in self._open.items()}
        eventually(lambda: set(messages_left(sandbox).values()) == {"0"})
        running = {"stateMachineArn": sandbox.aws["stateMachines"]["emit_event"], "statusFilter": "RUNNING"}
        eventually(lambda: not sandbox.step_functions.list_executions(**running)["executions"])
        for title, run in self._open.items():
            types = [event["type"].removeprefix("io.farsync.") for event in emitted(sandbox, run.arn)]
            self.followed[title] = Followed(ended[title], types, sandbox.emulator.truly_started(run.job))
        return self

    def _lose_messages(self) -> None:
        """From here on only the watchdog brings the poller back to these runs."""
        sandbox = self._sandbox
        self._start("purged", run_seconds=LONG_SECONDS)
        wait_for_state(sandbox, self._open["purged"].arn, "Follow")
        sandbox.queue.purge_queue(QueueUrl=sandbox.aws["pollQueueUrl"])
        self.purged_at = time.time()
        sandbox.change_mapping(POLL, "pause")
        self._start("unreadable", run_seconds=LONG_SECONDS, timeoutSeconds=NEAR_SECONDS)
        take_message(sandbox, self._open["unreadable"].job)
        sandbox.queue.send_message(QueueUrl=sandbox.aws["pollQueueUrl"], MessageBody=UNREADABLE)
        sandbox.change_mapping(POLL, "resume")
        self.seconds_until_set_aside = await_dead_letter(sandbox, UNREADABLE)
        set_most_receives(sandbox, 2)
        sandbox.change_function(POLL, "delete")
        self._start("dead-lettered", run_seconds=LONG_SECONDS, timeoutSeconds=NEAR_SECONDS)
        await_dead_letter(sandbox, self._open["dead-lettered"].job)
        set_most_receives(sandbox, MOST_RECEIVES)
        self._start("while the function is away", timeoutSeconds=NEAR_SECONDS)
        failed_before = sandbox.mapping(POLL)["failedBatches"]
        eventually(lambda: sandbox.mapping(POLL)["failedBatches"] > failed_before)
        sandbox.change_function(POLL, "restore")

    def _spoil_calls(self) -> None:
        sandbox, emulator = self._sandbox, self._sandbox.emulator
        jobs = {
            "sends rejected": emulator.make_job(),
            "failure throttled": emulator.make_job("no-such-folder"),
            "handed over and killed": emulator.make_job(),
            "killed amid a poll": emulator.make_job(run_seconds=LONG_SECONDS),
        }
        slow = jobs["killed amid a poll"]
        # The first StartExecution about this job starts the run itself.
        handing_over = {"operation": "StartExecution", "fault": "timeout_after", "seconds": 20, "skip": 1}
        rules = {
            "sends rejected": {"operation": "SendMessage", "fault": "http_503", "times": SENDS_REJECTED},
            "failure throttled": {"operation": "SendTaskFailure", "fault": "http_429", "times": 9},
            "handed over and killed": handing_over,
        }
        sandbox.set_aws_faults(*({**rule, "match": jobs[title]} for title, rule in rules.items()))
        emulator.add_fault(slow, "poll", "slow", seconds=8)
        for title, job in jobs.items():
            self._start(title, job=job)
        self._start("twice on the queue", run_seconds=LONG_SECONDS)
        self._start("delivered late")
        self._start(
            "redriven after its deadline",
            run_seconds=LONG_SECONDS,
            timeoutSeconds=PASSED_SECONDS,
            cancelOnAbort=False,
        )
        send_a_copy(sandbox, self._open["twice on the queue"].arn)
        send_a_copy(sandbox, self._open["delivered late"].arn, delay_seconds=600)
        eventually(lambda: all(rule.get("job") != slow for rule in emulator.control("GET", "faults")))
        sandbox.change_function(POLL, "kill")
        eventually(lambda: set(self._handed_over()) & set(sandbox.names_of_executions("emit_event")))
        sandbox.change_function(POLL, "kill")

    def _handed_over(self) -> list[str]:
        """The ids of events whose senders wait in vain to hear that they were taken."""
        calls = self._sandbox.calls("StartExecution")
        return [str(call["subject"]) for call in calls if call["fault"] == "timeout_after"]

    def _redrive(self) -> None:
        sandbox, run = self._sandbox, self._open["redriven after its deadline"].arn
        wait_for_state(sandbox, run, "Follow")
        sandbox.step_functions.stop_execution(executionArn=run)
        started = sandbox.step_functions.describe_execution(executionArn=run)["startDate"].timestamp()
        eventually(lambda: time.time() > started + PASSED_SECONDS)
        sandbox.step_functions.redrive_execution(executionArn=run)

    def _start(self, title: str, *, job: str = "", run_seconds: float | None = None, **more: object) -> None:
        sandbox = self._sandbox
        job = job or sandbox.emulator.make_job(run_seconds=run_seconds)
        request = {"connection": sandbox.emulator.connection, "job": job, **more}
        self._open[title] = OpenRun(sandbox.start("run_job", request, f"run-{uuid.uuid4().hex}"), job)
