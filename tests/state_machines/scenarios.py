"""One scenario for each way through `run_job`, all started at once, side by side in one sandbox."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.state_machines.scenes import HOUR, Scene, fault, fault_of_function
from tests.support.emulators import TrulyStarted
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_walked
from tests.support.waiting import eventually
from tests.support.watching import begin

SOON_SECONDS = 30
"""A deadline, in real seconds: enough for a start among forty on a slow machine."""
STILL_RUNNING_SECONDS = 1000.0
"""Of the provider's clock: an execution that was started while the scenes were set runs still when its run begins."""
POLLED_OFTEN_SECONDS = 100.0
LATEST_EVENT_SECONDS = 60
WINDOW = {"consistencyWindowSeconds": 1}
"""In which the provider's list is consistent, by the clock, whatever the sandbox's speed."""
SOON = {"timeoutSeconds": SOON_SECONDS}
NEEDS_A_PERSON = ("execution.needs_attention", "execution.timed_out")


@dataclass(frozen=True)
class Scenario:
    """What is run, and what must come of it."""

    scene: Scene
    error: str | None = None
    event_types: tuple[str, ...] = ("execution.succeeded",)
    executions_started: int = 1
    given: object = ...
    """The run's input, where it is no run request."""
    meanwhile: Callable[[Sandbox, str], None] | None = None
    """Done with the job as soon as the run is started, before all others are."""
    fix: Callable[[Sandbox, str], None] | None = None
    """Done with the job once the run has ended; the last event comes after that."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    ended: Ended
    walked: list[Transition]
    events: list[dict[str, Any]]
    executions: list[TrulyStarted]


def succeeds(*faults: Mapping[str, Any], **more: Any) -> Scenario:
    return Scenario(Scene(faults=faults, **more))


def fails(error: str, *faults: Mapping[str, Any], given: object = ..., **more: Any) -> Scenario:
    """Before its start, so that `close_run` emits its event."""
    return Scenario(Scene(faults=faults, **more), error, ("run.failed",), 0, given)


def delayed(*aws_faults: Mapping[str, Any]) -> Scenario:
    return Scenario(Scene(aws_faults=aws_faults, request=WINDOW, run_seconds=POLLED_OFTEN_SECONDS))


def somebody_else_starts_it_too(sandbox: Sandbox, job: str) -> None:
    eventually(lambda: sandbox.emulator.truly_started(job))
    begin(sandbox, job)


def the_list_is_back(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "list_executions", "http_403")


def it_is_in_sight_again(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "poll", "http_500")


WITHIN_AWS = {
    "prepare throttled for a minute": delayed(fault_of_function("prepare_execution", "http_429", 6)),
    "Lambda fails at prepare for a minute": delayed(fault_of_function("prepare_execution", "http_500", 6)),
    "start throttled for minutes": delayed(fault_of_function("trigger_execution", "http_429", 8)),
    "Lambda fails at start": delayed(fault_of_function("trigger_execution", "http_500")),
    "start and find crash": delayed(
        fault_of_function("trigger_execution", "crash"), fault_of_function("find_execution", "crash", 3)
    ),
    "poll crashes": delayed(fault_of_function("poll_execution", "crash", 3)),
    "poll fails": delayed(fault_of_function("poll_execution", "http_500", 2)),
    "the event cannot be handed over": delayed(fault("StartExecution", "http_503", 9, skip=1)),
}
OF_ANOTHER_SHAPE = {
    "whose input is null": fails("InvalidRequest", given=None),
    "whose input is a text": fails("InvalidRequest", given="5Yns7JgRt25f"),
    "whose input is too large": fails("InvalidRequest", given={"job": "a", "labels": {"quotes": '"' * 95_000}}),
    "whose input is an event of EventBridge": fails(
        "InvalidRequest",
        given={"version": "0", "detail-type": "Object Created", "source": "aws.s3", "detail": {"job": "a"}},
    ),
    "whose input is an event of an HTTP API": fails(
        "InvalidRequest", given={"requestContext": {"http": {"method": "POST"}}, "body": "{}", "job": "a"}
    ),
}
ODDLY_ANSWERED = {
    "whose start is answered by 103 first": succeeds(fault("start", "early_hints"), request=WINDOW),
    "whose start is answered by 303": succeeds(fault("start", "http_303", done=True), request=WINDOW),
    "whose start is answered by 520": succeeds(fault("start", "http_520", done=True), request=WINDOW),
}
WAITING_FOR_A_PERSON = {
    "waiting for a person": Scenario(Scene(waits_for_a_person=True, request=SOON), "DeadlineExceeded", NEEDS_A_PERSON),
    "waiting for a person whose notice is rejected at first": Scenario(
        Scene(waits_for_a_person=True, request=SOON, aws_faults=(fault("StartExecution", "reject", 3, skip=1),)),
        "DeadlineExceeded",
        NEEDS_A_PERSON,
    ),
}
SCENARIOS = {
    "succeeding": succeeds(request={"labels": {"team": "night"}}),
    "failing": Scenario(Scene(source="no-such-folder"), "ExecutionFailed", ("execution.failed",)),
    "of an unknown job": fails("JobNotFound", request={"job": "NoSuchJob123"}),
    "over an unknown connection": fails("ConnectionNotFound", request={"connection": "unknown"}),
    "invalid": fails("InvalidRequest", given={"job": 5, "labels": {"team": "night", "number": 5}}),
    **OF_ANOTHER_SHAPE,
    **WITHIN_AWS,
    "whose function is rejected by Lambda": fails(
        "RunUnobservable", aws_faults=(fault_of_function("prepare_execution", "reject"),)
    ),
    "rejected at the start": fails("PermissionDenied", fault("start", "http_403", 9)),
    "throttled at the start": succeeds(fault("start", "http_429", 9)),
    "throttled until its deadline": fails(
        "DeadlineExceeded", fault("start", "http_429", 1000), request={"timeoutSeconds": 2}
    ),
    **ODDLY_ANSWERED,
    "with an unconfirmed start": succeeds(fault("start", "reset_after"), request=WINDOW),
    "with two starts that never arrived": succeeds(fault("start", "reset_before", 2), request=WINDOW),
    # The first list is Prepare's; each search asks four times.
    "with a search that fails at first": succeeds(
        fault("start", "reset_after"), fault("list_executions", "http_500", 5, skip=1), request=WINDOW
    ),
    "with a search that fails until the deadline": Scenario(
        Scene(
            faults=(fault("start", "reset_after"), fault("list_executions", "http_403", 1000, skip=1)),
            request={**WINDOW, **SOON},
        ),
        "DeadlineExceeded",
        fix=the_list_is_back,
    ),
    "with two executions that may be its own": Scenario(
        Scene(faults=(fault("start", "reset_after"),), run_seconds=HOUR, request={"consistencyWindowSeconds": 20}),
        "AmbiguousStart",
        ("run.failed",),
        2,
        meanwhile=somebody_else_starts_it_too,
    ),
    "rejected while the job runs": Scenario(
        Scene(run_seconds=HOUR, is_running=True, request={"ifRunning": "fail"}), "AlreadyRunning", ("run.failed",)
    ),
    "waiting while the job runs": Scenario(
        Scene(run_seconds=STILL_RUNNING_SECONDS, is_running=True, request={"ifRunning": "wait"}), executions_started=2
    ),
    "attaching to what runs": succeeds(
        run_seconds=STILL_RUNNING_SECONDS, is_running=True, request={"ifRunning": "attach"}
    ),
    "attaching to what runs past the deadline": Scenario(
        Scene(run_seconds=HOUR, is_running=True, request={"ifRunning": "attach", **SOON}),
        "RunUnobservable",
        ("run.unobservable",),
    ),
    # By the provider's clock the execution runs for minutes, so that the policy would wait for some twenty.
    "with a first wait that the queue cannot hold": succeeds(
        fault("list_executions", "clock_skew", seconds=250),
        run_seconds=STILL_RUNNING_SECONDS,
        is_running=True,
        request={"ifRunning": "attach", "pollCostSeconds": 3600, "timeoutSeconds": 3600},
    ),
    "with polls that are throttled": succeeds(fault("poll", "http_429", 9), run_seconds=POLLED_OFTEN_SECONDS),
    "whose message the queue rejects": succeeds(aws_faults=(fault("SendMessage", "http_403", 3),)),
    "past its deadline": Scenario(Scene(run_seconds=HOUR, request=SOON), "DeadlineExceeded", ("execution.timed_out",)),
    "past its deadline and left alone": Scenario(
        Scene(run_seconds=HOUR, request={"cancelOnAbort": False, **SOON}), "RunUnobservable", ("run.unobservable",)
    ),
    # Its execution takes as long as it may, and so ends just after the deadline.
    "past its deadline with a cancel that is rejected": succeeds(
        fault("cancel", "http_403", 1000), run_seconds=SOON_SECONDS * 20, request=SOON
    ),
    "past its deadline and out of sight": Scenario(
        Scene(run_seconds=HOUR, faults=(fault("poll", "http_500", 1000),), request=SOON),
        "RunUnobservable",
        ("run.unobservable", "execution.timed_out"),
        fix=it_is_in_sight_again,
    ),
    **WAITING_FOR_A_PERSON,
}


def play(sandbox: Sandbox, scenarios: Mapping[str, Scenario]) -> dict[str, Outcome]:
    """Sets every scene, starts all runs, those with a near deadline early and by themselves, waits for them, and sorts
    the events by run.
    """
    sandbox.receive_events()
    names = {title: f"run-{uuid.uuid4().hex}" for title in scenarios}
    requests = {title: scenario.scene.set(sandbox) for title, scenario in scenarios.items()}
    rules = [rule for title, scenario in scenarios.items() for rule in scenario.scene.aws_rules(requests[title]["job"])]
    sandbox.set_aws_faults(*rules)
    arns: dict[str, str] = {}

    def start(title: str) -> None:
        given = scenarios[title].given
        arns[title] = sandbox.start("run_job", requests[title] if given is ... else given, names[title])

    for title, scenario in scenarios.items():
        if scenario.meanwhile:
            start(title)
            scenario.meanwhile(sandbox, requests[title]["job"])
    near = [title for title, scenario in scenarios.items() if scenario.scene.request.items() >= SOON.items()]
    for title in near:
        start(title)
    eventually(lambda: all(sandbox.emulator.truly_started(requests[title]["job"]) for title in near))
    for title in [title for title in scenarios if title not in arns]:
        start(title)
    ended: dict[str, Ended] = {}
    for title, arn in arns.items():
        ended[title] = sandbox.wait_for(arn, 120)
        if fix := scenarios[title].fix:
            fix(sandbox, requests[title]["job"])
    events = _receive(sandbox, sum(len(scenario.event_types) for scenario in scenarios.values()))
    return {
        title: Outcome(
            ended=ended[title],
            walked=transitions_walked("run_job", ended[title].history),
            events=[event for event in events if event["data"].get("runName") == names[title]],
            executions=sandbox.emulator.truly_started(requests[title]["job"]),
        )
        for title in scenarios
    }


def _receive(sandbox: Sandbox, expected: int) -> list[dict[str, Any]]:
    """Waits a while for as many events as expected, and takes what has come beside them."""
    give_up_at = time.monotonic() + LATEST_EVENT_SECONDS
    events: list[dict[str, Any]] = []

    def receive() -> bool:
        events.extend(event for event in sandbox.receive_events() if "data" in event)
        return len(events) >= expected or time.monotonic() > give_up_at

    eventually(receive, 2 * LATEST_EVENT_SECONDS)
    receive()
    return events
