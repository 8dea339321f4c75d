"""One scenario for each way through `run_job`, all started at once, side by side in one sandbox."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.state_machines import scenes, start_scenes
from tests.support.emulators import TrulyStarted
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_walked
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Scenario:
    """What is run, and what must come of it."""

    set_scene: Callable[[Sandbox, str], Any]
    """For the run of the given name; returns its input. The provider's connection is added to a run request."""
    error: str | None
    event_types: tuple[str, ...]
    executions_started: int
    fix: Callable[[Sandbox, str], None] | None = None
    """Done with the job once the run has ended; the last event comes after that."""
    meanwhile: Callable[[Sandbox, str], None] | None = None
    """Done with the job as soon as the run is started, before all others are."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    ended: Ended
    walked: list[Transition]
    events: list[dict[str, Any]]
    executions: list[TrulyStarted] = field(default_factory=list)


def succeeds(set_scene: Callable[[Sandbox, str], Any], executions_started: int = 1) -> Scenario:
    return Scenario(set_scene, None, ("execution.succeeded",), executions_started)


def fails(set_scene: Callable[[Sandbox, str], Any], error: str, executions_started: int = 0) -> Scenario:
    """Without an execution of its own; `close_run` emits its event."""
    return Scenario(set_scene, error, ("run.failed",), executions_started)


WAITING_FOR_A_PERSON = {
    "waiting for a person": Scenario(
        scenes.waiting_for_a_person,
        "DeadlineExceeded",
        ("execution.needs_attention", "execution.timed_out"),
        1,
    ),
    "waiting for a person whose notice is rejected at first": Scenario(
        scenes.waiting_for_a_person_whose_notice_is_rejected_at_first,
        "DeadlineExceeded",
        ("execution.needs_attention", "execution.timed_out"),
        1,
    ),
}
OF_ANOTHER_SHAPE = {
    f"whose input is {shape}": fails(scenes.given(other), "InvalidRequest")
    for shape, other in scenes.OTHER_SHAPES.items()
}
ODDLY_ANSWERED = {
    "whose start is answered by 103 first": succeeds(start_scenes.answered_by("early_hints")),
    "whose start is answered by 302": succeeds(start_scenes.answered_by("http_302", done=True)),
    "whose start is answered by 303": succeeds(start_scenes.answered_by("http_303", done=True)),
    "whose start is answered by 520": succeeds(start_scenes.answered_by("http_520", done=True)),
}
SCENARIOS = {
    "succeeding": succeeds(scenes.succeeding),
    "failing": Scenario(scenes.failing, "ExecutionFailed", ("execution.failed",), 1),
    "of an unknown job": fails(scenes.of_an_unknown_job, "JobNotFound"),
    "invalid": fails(scenes.invalid, "InvalidRequest"),
    **OF_ANOTHER_SHAPE,
    "over an unknown connection": fails(scenes.over_an_unknown_connection, "ConnectionNotFound"),
    "with wrong keys": fails(scenes.with_wrong_keys, "AuthenticationFailed"),
    "of a job that cannot run": fails(scenes.of_a_job_that_cannot_run, "JobNotRunnable"),
    "whose function is rejected by Lambda": fails(start_scenes.whose_function_is_rejected_by_lambda, "RunUnobservable"),
    "rejected at the start": fails(scenes.rejected_at_the_start, "PermissionDenied"),
    "throttled at the start": succeeds(start_scenes.throttled_at_the_start),
    "throttled until its deadline": fails(start_scenes.throttled_until_its_deadline, "DeadlineExceeded"),
    "with rejected keys at the start": fails(start_scenes.with_rejected_keys_at_the_start, "AuthenticationFailed"),
    **ODDLY_ANSWERED,
    "with an unconfirmed start": succeeds(start_scenes.with_an_unconfirmed_start),
    "with a start that never arrived": succeeds(start_scenes.with_a_start_that_never_arrived),
    "with two starts that never arrived": succeeds(start_scenes.with_two_starts_that_never_arrived),
    "rejected as running after an unconfirmed start": succeeds(
        start_scenes.rejected_as_running_after_an_unconfirmed_start
    ),
    "with a search that fails at first": succeeds(start_scenes.with_a_search_that_fails_at_first),
    "with a search that fails until the deadline": Scenario(
        start_scenes.with_a_search_that_fails_until_the_deadline,
        "DeadlineExceeded",
        ("execution.succeeded",),
        1,
        fix=start_scenes.the_list_is_back,
    ),
    "rejected while the job runs": fails(start_scenes.rejected_while_the_job_runs, "AlreadyRunning", 1),
    "waiting while the job runs": succeeds(start_scenes.waiting_while_the_job_runs, 2),
    "waiting while the job runs on and on": fails(
        start_scenes.waiting_while_the_job_runs_on_and_on, "DeadlineExceeded", 1
    ),
    "waiting for the provider's quota": succeeds(start_scenes.waiting_for_the_providers_quota),
    "beyond the provider's quota": fails(start_scenes.beyond_the_providers_quota, "QuotaExceeded"),
    "attaching to what runs": succeeds(start_scenes.attaching_to_what_runs),
    "attaching to what runs past the deadline": Scenario(
        start_scenes.attaching_to_what_runs_past_the_deadline, "RunUnobservable", ("run.unobservable",), 1
    ),
    "with a first wait that the queue cannot hold": succeeds(start_scenes.with_a_first_wait_that_the_queue_cannot_hold),
    "with polls that fail": succeeds(scenes.with_polls_that_fail),
    "whose message the queue rejects": succeeds(scenes.whose_message_the_queue_rejects),
    "past its deadline": Scenario(scenes.past_its_deadline, "DeadlineExceeded", ("execution.timed_out",), 1),
    "past its deadline and left alone": Scenario(
        scenes.past_its_deadline_and_left_alone, "RunUnobservable", ("run.unobservable",), 1
    ),
    "past its deadline with a cancel that is rejected": succeeds(
        scenes.past_its_deadline_with_a_cancel_that_is_rejected
    ),
    "past its deadline and out of sight": Scenario(
        scenes.past_its_deadline_and_out_of_sight,
        "RunUnobservable",
        ("run.unobservable", "execution.timed_out"),
        1,
        fix=scenes.it_is_in_sight_again,
    ),
    "whose event was emitted before": Scenario(scenes.whose_event_was_emitted_before, "JobNotFound", (), 0),
    "with two executions that may be its own": Scenario(
        start_scenes.with_two_executions_that_may_be_its_own,
        "AmbiguousStart",
        ("run.failed",),
        2,
        meanwhile=start_scenes.somebody_else_starts_it_too,
    ),
}


def play_all(sandbox: Sandbox) -> dict[str, Outcome]:
    """All that the provider can show."""
    return play(sandbox, {**SCENARIOS, **(WAITING_FOR_A_PERSON if sandbox.emulator.waits_for_people else {})})


def play(sandbox: Sandbox, scenarios: dict[str, Scenario]) -> dict[str, Outcome]:
    """Sets every scene, starts all runs, those with a near deadline early and by themselves, waits for them, and sorts
    the events by run.

    A fault of AWS that is added while runs use up others would bring those back.
    """
    sandbox.set_aws_faults()
    names = {title: f"run-{uuid.uuid4().hex}" for title in scenarios}
    inputs = {
        title: _with_connection(sandbox, scenario.set_scene(sandbox, names[title]))
        for title, scenario in scenarios.items()
    }
    deadlines = {title: _member(inputs[title], "timeoutSeconds", start_scenes.HOUR) for title in inputs}
    in_order = sorted(inputs, key=lambda title: (scenarios[title].meanwhile is None, deadlines[title]))
    near = [title for title in in_order if deadlines[title] < start_scenes.HOUR and scenarios[title].executions_started]
    arns: dict[str, str] = {}
    for title in in_order:
        arns[title] = sandbox.start("run_job", inputs[title], names[title])
        if meanwhile := scenarios[title].meanwhile:
            meanwhile(sandbox, inputs[title]["job"])
        if near and title == near[-1]:
            for started in near:
                eventually(partial(sandbox.emulator.truly_started, inputs[started]["job"]))
    ended: dict[str, Ended] = {}
    for title, arn in arns.items():
        ended[title] = sandbox.wait_for(arn, 120)
        if fix := scenarios[title].fix:
            fix(sandbox, inputs[title]["job"])
    events = _receive(sandbox, sum(len(scenario.event_types) for scenario in scenarios.values()))
    return {
        title: Outcome(
            ended=ended[title],
            walked=transitions_walked("run_job", ended[title].history),
            events=[event for event in events if event["data"].get("runName") == ended[title].name],
            executions=sandbox.emulator.truly_started(str(_member(inputs[title], "job", ""))),
        )
        for title in scenarios
    }


def _with_connection(sandbox: Sandbox, given: Any) -> Any:
    is_run_request = isinstance(given, dict) and "job" in given
    return {"connection": sandbox.emulator.connection, **given} if is_run_request else given


def _member(given: Any, name: str, default: Any) -> Any:
    return given.get(name, default) if isinstance(given, dict) else default


def _receive(sandbox: Sandbox, expected: int) -> list[dict[str, Any]]:
    """Waits for as many events as expected, and takes what has come beside them."""
    events: list[dict[str, Any]] = []

    def receive() -> bool:
        events.extend(event for event in sandbox.receive_events() if "data" in event)
        return len(events) >= expected

    eventually(receive, 60)
    events.extend(event for event in sandbox.receive_events() if "data" in event)
    return events
