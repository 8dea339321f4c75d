"""Runs that are aborted at every kind of moment, all side by side in one sandbox."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.state_machines import closing_scenes as scenes
from tests.state_machines.closing_scenes import Request
from tests.support.closings import (
    CANCELED,
    RUN_FAILED,
    SUCCEEDED,
    UNOBSERVABLE,
    History,
    emitted_by_run,
    entered,
    newest_events,
    stands_in,
)
from tests.support.emulators import TrulyStarted
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

FOLLOWED = stands_in("Follow")

Step = Callable[[Sandbox, Request], None]


@dataclass(frozen=True)
class Scenario:
    """What is run, when it is aborted, and what must come of it."""

    make_request: Callable[[Sandbox, str], Request]
    """Sets the scene for the run of the given name, and returns the run request."""
    is_time: Callable[[History], bool]
    """Whether the newest events of the run's history, newest first, are of the moment of the abort."""
    events: list[tuple[str, str | None]]
    """Type and error of each, in order."""
    executions: list[str]
    """How the provider has the job's executions in the end: canceled, running or succeeded."""
    before_the_abort: Step | None = None
    after_the_abort: Step | None = None


@dataclass(frozen=True)
class Closed:
    """What came of it."""

    events: list[dict[str, Any]]
    executions: list[TrulyStarted]


LASTING = {
    "while it is followed": Scenario(scenes.of_a_long_job, FOLLOWED, [(CANCELED, "ExecutionCanceled")], ["canceled"]),
    "while polls fail": Scenario(
        scenes.with_polls_that_fail, FOLLOWED, [(CANCELED, "ExecutionCanceled")], ["canceled"]
    ),
    "and left running": Scenario(scenes.left_running, FOLLOWED, [(UNOBSERVABLE, "RunUnobservable")], ["running"]),
    "with a cancel that is rejected at first": Scenario(
        scenes.with_a_cancel_that_is_rejected,
        FOLLOWED,
        [(UNOBSERVABLE, "RunUnobservable"), (CANCELED, "ExecutionCanceled")],
        ["canceled"],
        after_the_abort=scenes.allow_the_cancel,
    ),
    "while the provider is away for long": Scenario(
        scenes.of_a_long_job,
        FOLLOWED,
        [(CANCELED, "ExecutionCanceled")],
        ["canceled"],
        scenes.with_a_provider_that_is_away,
        scenes.let_the_provider_come_back,
    ),
    "while its unconfirmed start is waited for": Scenario(
        scenes.with_an_unconfirmed_start, entered("AwaitConsistency"), [(CANCELED, "ExecutionCanceled")], ["canceled"]
    ),
    "while the search for its unconfirmed start fails": Scenario(
        scenes.with_a_search_that_fails,
        entered("Find"),
        [(CANCELED, "ExecutionCanceled")],
        ["canceled"],
        scenes.let_the_search_succeed_soon,
    ),
    "after a start that never arrived": Scenario(
        scenes.with_a_start_that_never_arrived,
        entered("AwaitConsistency"),
        [(RUN_FAILED, "ExecutionCanceled")],
        [],
        after_the_abort=scenes.let_the_search_succeed,
    ),
    "while nobody can tell its execution from another": Scenario(
        scenes.beside_another_start,
        entered("AwaitConsistency"),
        [(RUN_FAILED, "AmbiguousStart")],
        ["running", "running"],
        after_the_abort=scenes.let_another_start_come_between,
    ),
    "and its connection taken away for a while": Scenario(
        scenes.over_a_connection_of_its_own,
        entered("AwaitConsistency"),
        [(CANCELED, "ExecutionCanceled")],
        ["canceled"],
        scenes.take_its_connection_away,
        scenes.put_its_connection_back,
    ),
    "while the provider throttles its start": Scenario(
        scenes.throttled, entered("StartLater"), [(RUN_FAILED, "ExecutionCanceled")], []
    ),
    "with a huge request": Scenario(
        scenes.of_a_huge_request, entered("StartLater"), [(RUN_FAILED, "ExecutionCanceled")], []
    ),
    "while its end cannot be emitted": Scenario(
        scenes.with_an_end_that_cannot_be_emitted,
        FOLLOWED,
        [(SUCCEEDED, None)],
        ["succeeded"],
        scenes.let_the_event_be_rejected,
        scenes.let_the_event_be_taken,
    ),
    "and left running until it ends": Scenario(
        scenes.left_running_until_it_ends,
        FOLLOWED,
        [(UNOBSERVABLE, "RunUnobservable"), (SUCCEEDED, None)],
        ["succeeded"],
    ),
    "when it had attached": Scenario(scenes.attaching, FOLLOWED, [(UNOBSERVABLE, "RunUnobservable")], ["running"]),
}
FLEETING = {
    "before its start": Scenario(scenes.slow_to_prepare, entered("Prepare"), [(RUN_FAILED, "ExecutionCanceled")], []),
    "before its start is posted": Scenario(
        scenes.with_a_start_that_is_slow, stands_in("Start"), [(CANCELED, "ExecutionCanceled")], ["canceled"]
    ),
    "between the post and its reply": Scenario(
        scenes.with_a_start_that_waits_for_its_reply,
        stands_in("Start"),
        [(CANCELED, "ExecutionCanceled")],
        ["canceled"],
        scenes.let_the_post_arrive,
    ),
}
"""Their moments pass within seconds, so that they are started last and among few."""
SCENARIOS = {**LASTING, **FLEETING}


def abort_all(sandbox: Sandbox) -> dict[str, Closed]:
    """Starts every scenario, aborts each at its moment, and waits until all have their events."""
    names = {title: f"abort-{uuid.uuid4().hex}" for title in SCENARIOS}
    requests: dict[str, Request] = {}
    for title, scenario in SCENARIOS.items():
        requests[title] = {"connection": sandbox.emulator.connection, **scenario.make_request(sandbox, names[title])}

    def abort(title: str, arn: str) -> None:
        scenario = SCENARIOS[title]
        if scenario.before_the_abort:
            scenario.before_the_abort(sandbox, requests[title])
        sandbox.step_functions.stop_execution(executionArn=arn)
        if scenario.after_the_abort:
            scenario.after_the_abort(sandbox, requests[title])

    with ThreadPoolExecutor(len(SCENARIOS)) as aborting:
        aborts: list[Future[None]] = []
        for titles in (LASTING, FLEETING):
            left = {title: sandbox.start("run_job", requests[title], names[title]) for title in titles}
            aborts += _abort_in_time(left, aborting, abort, sandbox)
        closed = _closed(sandbox, names, requests)
        for done in aborts:
            done.result()
    return closed


def _abort_in_time(
    left: dict[str, str], aborting: ThreadPoolExecutor, abort: Callable[[str, str], None], sandbox: Sandbox
) -> list[Future[None]]:
    """Each of the runs that are left, as soon as its moment has come."""
    aborts: list[Future[None]] = []

    def abort_those_whose_time_has_come() -> bool:
        for title, arn in list(left.items()):
            if SCENARIOS[title].is_time(newest_events(sandbox, arn)):
                aborts.append(aborting.submit(abort, title, left.pop(title)))
        return not left

    try:
        eventually(abort_those_whose_time_has_come, 120)
    except AssertionError as late:
        raise AssertionError(f"their moments have not come: {sorted(left)}") from late
    return aborts


def _closed(sandbox: Sandbox, names: dict[str, str], requests: dict[str, Request]) -> dict[str, Closed]:
    """Each as soon as it is closed, since even long jobs end."""
    closed: dict[str, Closed] = {}

    def take_those_that_are_closed() -> bool:
        by_run = emitted_by_run(sandbox)
        for title in SCENARIOS.keys() - closed.keys():
            events = by_run.get(names[title], [])
            if len(events) >= len(SCENARIOS[title].events):
                closed[title] = Closed(events, sandbox.emulator.truly_started(requests[title]["job"]))
        return len(closed) == len(SCENARIOS)

    try:
        eventually(take_those_that_are_closed, 200, every_seconds=0.5)
    except AssertionError as late:
        raise AssertionError(f"these are not closed: {sorted(SCENARIOS.keys() - closed.keys())}") from late
    return closed
