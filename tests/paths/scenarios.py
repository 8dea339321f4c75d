"""One scenario for each way through `run_job`, all started at once, side by side in one sandbox."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.paths import scenes
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_walked
from tests.support.vendors import TrulyStarted
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Scenario:
    """What is run, and what must come of it."""

    make_request: Callable[[Sandbox, str], dict[str, Any]]
    """Sets the scene for the run of the given name, and returns the run request."""
    status: str
    error: str | None
    event_types: list[str]
    executions_started: int


@dataclass(frozen=True)
class Told:
    """What came of it."""

    ended: Ended
    walked: list[Transition]
    events: list[dict[str, Any]]
    executions: list[TrulyStarted] = field(default_factory=list)


WAITING_FOR_A_PERSON = {
    "waiting for a person": Scenario(
        scenes.waiting_for_a_person,
        "FAILED",
        "DeadlineExceeded",
        ["io.farsync.execution.needs_attention", "io.farsync.execution.timed_out"],
        1,
    ),
    "waiting for a person, untold": Scenario(
        scenes.waiting_for_a_person_that_nobody_can_be_told,
        "FAILED",
        "DeadlineExceeded",
        ["io.farsync.execution.timed_out"],
        1,
    ),
}
SCENARIOS = {
    "succeeding": Scenario(scenes.succeeding, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1),
    "failing": Scenario(scenes.failing, "FAILED", "ExecutionFailed", ["io.farsync.execution.failed"], 1),
    "of an unknown job": Scenario(scenes.of_an_unknown_job, "FAILED", "JobNotFound", ["io.farsync.run.failed"], 0),
    "invalid": Scenario(scenes.invalid, "FAILED", "InvalidRequest", ["io.farsync.run.failed"], 0),
    "over an unknown connection": Scenario(
        scenes.over_an_unknown_connection, "FAILED", "ConnectionNotFound", ["io.farsync.run.failed"], 0
    ),
    "with wrong keys": Scenario(scenes.with_wrong_keys, "FAILED", "AuthenticationFailed", ["io.farsync.run.failed"], 0),
    "of a job that cannot run": Scenario(
        scenes.of_a_job_that_cannot_run, "FAILED", "JobNotRunnable", ["io.farsync.run.failed"], 0
    ),
    "refused at the start": Scenario(
        scenes.refused_at_the_start, "FAILED", "PermissionDenied", ["io.farsync.run.failed"], 0
    ),
    "throttled at the start": Scenario(
        scenes.throttled_at_the_start, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "throttled until its deadline": Scenario(
        scenes.throttled_until_its_deadline, "FAILED", "DeadlineExceeded", ["io.farsync.run.failed"], 0
    ),
    "with rejected keys at the start": Scenario(
        scenes.with_rejected_keys_at_the_start, "FAILED", "AuthenticationFailed", ["io.farsync.run.failed"], 0
    ),
    "with a lost reply to its start": Scenario(
        scenes.with_a_lost_reply_to_its_start, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "with a start that never arrived": Scenario(
        scenes.with_a_start_that_never_arrived, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "with two starts that never arrived": Scenario(
        scenes.with_two_starts_that_never_arrived, "FAILED", "AmbiguousStart", ["io.farsync.run.failed"], 0
    ),
    "refused as running after a lost start": Scenario(
        scenes.refused_as_running_after_a_lost_start, "FAILED", "AmbiguousStart", ["io.farsync.run.failed"], 0
    ),
    "with a lost start that is looked for in vain at first": Scenario(
        scenes.with_a_lost_start_that_is_looked_for_in_vain_at_first,
        "SUCCEEDED",
        None,
        ["io.farsync.execution.succeeded"],
        1,
    ),
    "with a lost start that cannot be looked for": Scenario(
        scenes.with_a_lost_start_that_cannot_be_looked_for, "FAILED", "AmbiguousStart", ["io.farsync.run.failed"], 1
    ),
    "refused while the job runs": Scenario(
        scenes.refused_while_the_job_runs, "FAILED", "AlreadyRunning", ["io.farsync.run.failed"], 1
    ),
    "waiting while the job runs": Scenario(
        scenes.waiting_while_the_job_runs, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 2
    ),
    "waiting while the job runs on and on": Scenario(
        scenes.waiting_while_the_job_runs_on_and_on, "FAILED", "DeadlineExceeded", ["io.farsync.run.failed"], 1
    ),
    "waiting for the vendor's quota": Scenario(
        scenes.waiting_for_the_vendors_quota, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "beyond the vendor's quota": Scenario(
        scenes.beyond_the_vendors_quota, "FAILED", "QuotaExceeded", ["io.farsync.run.failed"], 0
    ),
    "adopting what runs": Scenario(scenes.adopting_what_runs, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1),
    "adopting what runs past the deadline": Scenario(
        scenes.adopting_what_runs_past_the_deadline, "FAILED", "DeadlineExceeded", ["io.farsync.run.unobservable"], 1
    ),
    "with looks that fail": Scenario(
        scenes.with_looks_that_fail, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "past its deadline": Scenario(
        scenes.past_its_deadline, "FAILED", "DeadlineExceeded", ["io.farsync.execution.timed_out"], 1
    ),
    "past its deadline and left alone": Scenario(
        scenes.past_its_deadline_and_left_alone, "FAILED", "DeadlineExceeded", ["io.farsync.run.unobservable"], 1
    ),
    "past its deadline with a cancel that fails": Scenario(
        scenes.past_its_deadline_with_a_cancel_that_fails, "SUCCEEDED", None, ["io.farsync.execution.succeeded"], 1
    ),
    "past its deadline and out of sight": Scenario(
        scenes.past_its_deadline_and_out_of_sight, "FAILED", "RunUnobservable", ["io.farsync.run.unobservable"], 1
    ),
    "whose end was told before": Scenario(scenes.whose_end_was_told_before, "FAILED", "JobNotFound", [], 0),
    # Its scene has to be new when its run begins.
    "with two executions that may be its own": Scenario(
        scenes.with_two_executions_that_may_be_its_own, "FAILED", "AmbiguousStart", ["io.farsync.run.failed"], 2
    ),
}


def play_all(sandbox: Sandbox) -> dict[str, Told]:
    """All that the vendor can show."""
    return play(sandbox, {**SCENARIOS, **(WAITING_FOR_A_PERSON if sandbox.vendor.waits_for_people else {})})


def play(sandbox: Sandbox, scenarios: dict[str, Scenario]) -> dict[str, Told]:
    """Sets every scene, starts all runs, those with a near deadline first, waits for them, and sorts the events by run.

    A fault that is added while runs use up others would bring those back.
    """
    names = {title: f"run-{uuid.uuid4().hex}" for title in scenarios}
    connection = {"connection": sandbox.vendor.connection}
    requests = {
        title: {**connection, **scenario.make_request(sandbox, names[title])} for title, scenario in scenarios.items()
    }
    jobs = {title: request["job"] for title, request in requests.items()}
    nearest_first = sorted(requests, key=lambda title: requests[title].get("timeoutSeconds", scenes.HOUR))
    arns = {title: sandbox.start("run_job", requests[title], names[title]) for title in nearest_first}
    ended = {title: sandbox.wait_for(arn, 90) for title, arn in arns.items()}
    expected = sum(len(scenario.event_types) for scenario in scenarios.values())
    events: list[dict[str, Any]] = []

    def receive() -> bool:
        events.extend(event for event in sandbox.receive_events() if "data" in event)
        return len(events) >= expected

    eventually(receive, 30)
    events.extend(sandbox.receive_events())
    return {
        title: Told(
            ended=ended[title],
            walked=transitions_walked("run_job", ended[title].history),
            events=[event for event in events if event["data"].get("runName") == ended[title].name],
            executions=sandbox.vendor.truly_started(str(jobs[title])),
        )
        for title in scenarios
    }
