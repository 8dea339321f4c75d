"""Runs that are aborted at every kind of moment, all side by side in one sandbox."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.state_machines.scenes import HOUR, Scene, fault
from tests.support.closings import CANCELED, RUN_FAILED, UNOBSERVABLE, abort, entered, newest_events, wait_for_events
from tests.support.emulators import TrulyStarted
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tests.support.watching import begin

UNCONFIRMED = fault("start", "reset_after")
HELD_IN_ITS_SEARCH = fault("list_executions", "http_403", 9999, skip=1)
"""The first list is Prepare's."""
CANCELED_BY_US = (CANCELED, "ExecutionCanceled")
OUT_OF_SIGHT = (UNOBSERVABLE, "RunUnobservable")

Step = Callable[[Sandbox, str], None]


@dataclass(frozen=True)
class Scenario:
    """What is run, the state in which it is aborted, and what must come of it."""

    state: str
    scene: Scene
    events: list[tuple[str, str | None]]
    """Type and error of each, in order."""
    executions: list[str]
    """How the provider has the job's executions in the end: canceled or running."""
    before_the_abort: Step | None = None
    """Done with the job."""
    after_the_abort: Step | None = None


@dataclass(frozen=True)
class Closed:
    """What came of it."""

    events: list[dict[str, Any]]
    executions: list[TrulyStarted]


def let_the_post_arrive(sandbox: Sandbox, job: str) -> None:
    eventually(lambda: sandbox.emulator.truly_started(job))


def allow_the_cancel(sandbox: Sandbox, job: str) -> None:
    """Once an event has said that it is rejected."""

    def is_said() -> bool:
        events = [line["event"] for line in sandbox.event_lines()]
        return any(event["type"] == UNOBSERVABLE and event["data"].get("job") == job for event in events)

    eventually(is_said, 120, every_seconds=0.5)
    sandbox.emulator.withdraw_fault(job, "cancel", "http_403")


def let_the_search_succeed_soon(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "list_executions", "http_403")
    sandbox.emulator.add_fault(job, "list_executions", "http_403", times=2)


def let_another_start_come_between(sandbox: Sandbox, job: str) -> None:
    sandbox.emulator.withdraw_fault(job, "list_executions", "http_403")
    begin(sandbox, job)


def of_a_long_job(*faults: Any, is_running: bool = False, **request: object) -> Scene:
    return Scene(run_seconds=HOUR, faults=faults, is_running=is_running, request=request)


SCENARIOS = {
    "while it is followed": Scenario("Follow", of_a_long_job(labels={"team": "night"}), [CANCELED_BY_US], ["canceled"]),
    "and left running": Scenario("Follow", of_a_long_job(cancelOnAbort=False), [OUT_OF_SIGHT], ["running"]),
    "when it had attached": Scenario(
        "Follow", of_a_long_job(is_running=True, ifRunning="attach"), [OUT_OF_SIGHT], ["running"]
    ),
    "with a cancel that is rejected at first": Scenario(
        "Follow",
        of_a_long_job(fault("cancel", "http_403", 999)),
        [OUT_OF_SIGHT, CANCELED_BY_US],
        ["canceled"],
        after_the_abort=allow_the_cancel,
    ),
    "while its unconfirmed start is waited for": Scenario(
        "AwaitConsistency", of_a_long_job(UNCONFIRMED, consistencyWindowSeconds=10), [CANCELED_BY_US], ["canceled"]
    ),
    "while the search for its unconfirmed start fails": Scenario(
        "Find",
        of_a_long_job(UNCONFIRMED, HELD_IN_ITS_SEARCH, consistencyWindowSeconds=0),
        [CANCELED_BY_US],
        ["canceled"],
        let_the_search_succeed_soon,
    ),
    # The window is one in which somebody else starts the job, on a slow machine too.
    "while its execution cannot be known from another": Scenario(
        "AwaitConsistency",
        of_a_long_job(UNCONFIRMED, HELD_IN_ITS_SEARCH, consistencyWindowSeconds=40),
        [(RUN_FAILED, "AmbiguousStart")],
        ["running", "running"],
        after_the_abort=let_another_start_come_between,
    ),
    # Nearly as large as a request may be, and larger still wherever it stands as text in text.
    "with a huge request": Scenario(
        "StartLater",
        of_a_long_job(fault("start", "http_429", 999), labels={"quotes": '"' * 8_000}, parameters={"$a": '"' * 42_000}),
        [(RUN_FAILED, "ExecutionCanceled")],
        [],
    ),
    "before its start": Scenario(
        "Prepare", of_a_long_job(fault("get_job", "slow", seconds=8)), [(RUN_FAILED, "ExecutionCanceled")], []
    ),
    "before its start is posted": Scenario(
        "Start",
        of_a_long_job(fault("start", "slow", seconds=8), consistencyWindowSeconds=1),
        [CANCELED_BY_US],
        ["canceled"],
    ),
    "between the post and its reply": Scenario(
        "Start",
        of_a_long_job(fault("start", "timeout_after", seconds=8), consistencyWindowSeconds=1),
        [CANCELED_BY_US],
        ["canceled"],
        let_the_post_arrive,
    ),
}


def abort_all(sandbox: Sandbox) -> dict[str, Closed]:
    """Starts every scenario, aborts each at its moment, and waits until all have their events."""
    requests = {title: scenario.scene.set(sandbox) for title, scenario in SCENARIOS.items()}

    def abort_and_wait(title: str) -> Closed:
        scenario, job = SCENARIOS[title], requests[title]["job"]
        run = sandbox.start("run_job", requests[title], f"abort-{uuid.uuid4().hex}")
        eventually(lambda: entered(scenario.state)(newest_events(sandbox, run)), every_seconds=0.1)
        if scenario.before_the_abort:
            scenario.before_the_abort(sandbox, job)
        abort(sandbox, run)
        if scenario.after_the_abort:
            scenario.after_the_abort(sandbox, job)
        events = wait_for_events(sandbox, run, len(scenario.events), seconds=200)
        return Closed(events, sandbox.emulator.truly_started(job))

    with ThreadPoolExecutor(len(SCENARIOS)) as aborting:
        return dict(zip(SCENARIOS, aborting.map(abort_and_wait, SCENARIOS), strict=True))
