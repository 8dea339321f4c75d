"""Runs that ended without a known execution, and what somebody may have posted for them."""

from collections.abc import Iterator
from pathlib import Path

from tests.unit.histories import History
from tests.unit.operations.closing_aws import EndedExecution
from tests.unit.operations.closing_scene import SceneByTheClock
from tests.unit.operations.emulator_in_process import FakeClock, HuaweiInProcess, NaverInProcess

WINDOW_AND_FUNCTION_SECONDS = 60 + 35
NEVER_STARTED: list[tuple[str, dict[str, str], str, str]] = [
    ("ABORTED", {}, "ExecutionCanceled", "the run was aborted before an execution was started"),
    ("ABORTED", {"error": "A", "cause": "by Kim"}, "ExecutionCanceled", "aborted before an execution was started: by"),
    ("TIMED_OUT", {}, "DeadlineExceeded", "its time was up before an execution was started"),
    ("FAILED", {"error": "JobNotFound", "cause": '{"errorMessage": "no job x"}'}, "JobNotFound", "no job x"),
    ("FAILED", {"error": "AlreadyRunning", "cause": "it runs"}, "AlreadyRunning", "it runs"),
    ("FAILED", {"error": "States.Runtime", "cause": "odd"}, "RunUnobservable", "the run broke (States.Runtime) before"),
]
"""Status of the run, what is known of its end, and the error of its event: name and message."""


def scene_at(provider: type[NaverInProcess] | type[HuaweiInProcess], folder: Path) -> Iterator[SceneByTheClock]:
    """Executions wait for as long as a test lasts, unless they are canceled."""
    clock = FakeClock(1_800_000_000.6)
    emulator = provider(folder, clock, 0)
    yield SceneByTheClock(emulator, clock)
    emulator.stop()


def post(scene: SceneByTheClock, job: str) -> str:
    """The id of an execution that begins now."""
    provider = scene.cloud.provider()
    condition = provider.get_job(job).condition
    return provider.start(job, condition=condition, parameters={}).ref.execution_id


def exchanges_of(scene: SceneByTheClock) -> int:
    """How many requests have reached the provider."""
    return scene.emulator.exchanges


def is_cancel_asked_for(scene: SceneByTheClock) -> bool:
    return any(execution.is_cancel_requested for execution in scene.emulator.truth())


def begun(scene: SceneByTheClock, request: object) -> History:
    return History(scene.now().timestamp()).begun(request)


def with_an_unconfirmed_start(
    scene: SceneByTheClock, job: str, *, status: str = "ABORTED", name: str = "a-run", **end: str
) -> EndedExecution:
    """Its function was cut off at the post, and the run ended while it waited for the provider's list."""
    request = {"job": job}
    run = scene.prepared(job)
    history = begun(scene, request).called("Prepare", {"request": request, "run": {"name": "a-run"}}, run)
    history.entered("Start").scheduled({"request": request, "run": run, "redriveCount": 0})
    history.failed("Lambda.Unknown", "the function was cut off").entered("AwaitConsistency")
    return scene.closed(history, name, request, status, **end)
