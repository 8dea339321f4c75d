"""Whatever farsync does with the replies of one operation, and what must hold of it."""

import json
from collections.abc import Callable
from typing import Any

from farsync.aws.run_history import PostWindow, RunHistory
from farsync.model.errors import FarsyncError, StartUnconfirmed
from farsync.model.run import Baseline, Run
from farsync.model.run_request import RunRequest
from farsync.operations.cancel_execution import cancel
from farsync.operations.find_execution import search
from farsync.operations.get_execution import get_execution
from farsync.operations.job_watching import Watching, watch_job
from farsync.operations.list_jobs import list_jobs
from farsync.operations.prepare_execution import prepare
from farsync.operations.start_execution import start_execution
from farsync.operations.trigger_execution import start
from farsync.providers.rejections import Operation
from farsync.runtime.context import Context
from farsync.runtime.entrypoint import serve
from farsync.runtime.request import Answer, Invocation
from tests.nasty_replies.logs import checked_logs
from tests.nasty_replies.replies import EXECUTION, JOB, Nasty
from tests.nasty_replies.service import (
    LARGEST_ANSWER_BYTES,
    Stage,
    StrictAws,
    checked_json,
    reject_constant,
)
from tests.nasty_replies.values import NOW, OLD, POSTED_AT
from tests.unit.operations import aws_in_memory

LONGEST_ERROR = 2_000
UseCase = Callable[[Context, Invocation], Answer]
REQUEST = {"job": JOB, "parameters": {"$k": "v"}}
RUN = Run(
    name="a-run",
    started_at=POSTED_AT,
    deadline_at=NOW.replace(hour=13),
    connection="default",
    provider="naver",
    job=JOB,
    execution_id=EXECUTION,
    execution_started_at=POSTED_AT,
    labels={"team": "night"},
)
LATE = RUN.model_copy(update={"deadline_at": POSTED_AT})
BEGINNING = RUN.model_copy(update={"execution_id": None, "execution_started_at": None, "baseline": Baseline()})
BASELINE = Baseline(newest_created_at=OLD, execution_ids=("6",))
MOMENTS = (PostWindow(POSTED_AT.replace(second=0), POSTED_AT.replace(second=59)),)


def run_use_cases(stage: Stage, operation: Operation, reply: Nasty) -> int:
    """How many were run. Fails by AssertionError, or by whatever is no error of ours."""
    use_cases = USE_CASES[operation]
    with checked_logs():
        for use_case in use_cases:
            context, aws = stage.context(operation, reply)
            use_case(context, aws, reply)
    return len(use_cases)


def _answered(use_case: UseCase, context: Context, payload: dict[str, Any]) -> dict[str, Any] | FarsyncError:
    """As a state machine is answered; what it gets must fit into its state, and go through a queue."""
    try:
        answer = use_case(context, Invocation("state_machine", payload))
    except FarsyncError as error:
        _check_error(error)
        return error
    body = answer.body.model_dump(mode="json", by_alias=True, exclude_none=True)
    content: dict[str, Any] = checked_json(json.dumps(body, ensure_ascii=False, allow_nan=False))
    return content


def _check_error(error: FarsyncError) -> None:
    """It may go to a log and into an event."""
    assert len(error.text) <= LONGEST_ERROR
    error.text.encode()
    for text in error.said or ():
        str(text).encode()
        assert len(str(text)) <= LONGEST_ERROR


def _shown(use_case: UseCase, context: Context, payload: dict[str, Any], route: str) -> None:
    """As the HTTP API is answered."""
    method = route.split(" ")[0]
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method}},
        "queryStringParameters" if method == "GET" else "body": payload if method == "GET" else json.dumps(payload),
    }
    response: Any = serve(event, lambda invocation: use_case(context, invocation))
    assert len(response["body"].encode()) <= LARGEST_ANSWER_BYTES
    json.loads(response["body"], parse_constant=reject_constant)
    assert all(value.isascii() and value.isprintable() for value in response["headers"].values())


def show_job(context: Context, _: StrictAws, __: Nasty) -> None:
    _shown(list_jobs, context, {"job": JOB}, "GET /connections/{connection}/jobs/{job}")


def show_jobs(context: Context, _: StrictAws, __: Nasty) -> None:
    _shown(list_jobs, context, {"page": "1"}, "GET /connections/{connection}/jobs")


def prepare_run(context: Context, _: StrictAws, __: Nasty) -> None:
    this_run = {"name": "a-run", "startedAt": "2026-11-21T12:00:00Z", "redriveCount": 0}
    prepared = _answered(prepare, context, {"request": {**REQUEST, "ifRunning": "attach"}, "run": this_run})
    if isinstance(prepared, dict):
        Run.model_validate(prepared, by_name=False)


def search_run(context: Context, _: StrictAws, reply: Nasty) -> None:
    for baseline in (None, BASELINE):
        run = BEGINNING.model_copy(update={"baseline": baseline})
        try:
            found = search(
                context,
                RunRequest.model_validate(REQUEST),
                run,
                RunHistory(post_windows=MOMENTS, run=run),
                "a-run",
                has_waited=True,
            )
        except FarsyncError as error:
            _check_error(error)
            continue
        checked_json(found.model_dump_json(by_alias=True, exclude_none=True))
        assert not (reply.may_be_ours and found.outcome == "nothing"), "its job would be started twice"


def watch(context: Context, _: StrictAws, __: Nasty) -> None:
    try:
        watch_job(Watching(context, OLD, NOW.timestamp() + 60), context, "default", JOB)
    except FarsyncError as error:
        _check_error(error)


def show_execution(context: Context, _: StrictAws, __: Nasty) -> None:
    _shown(get_execution, context, {"job": JOB, "executionId": EXECUTION}, "GET /connections/{connection}/executions")


def poll(context: Context, aws: StrictAws, reply: Nasty) -> None:
    _poll(context, aws, reply, RUN)


def poll_late(context: Context, aws: StrictAws, reply: Nasty) -> None:
    _poll(context, aws, reply, LATE)


def _poll(context: Context, aws: StrictAws, reply: Nasty, run: Run) -> None:
    aws.follow(run.model_dump(mode="json", by_alias=True, exclude_none=True))
    aws.deliver(context)
    has_end = [event for event in aws.emitted if ".execution." in event["type"] and "status" in event["data"]]
    if reply.is_end:
        assert has_end, "the end was not detected"
        assert aws.outcomes, "the run waits on"
        assert not aws.queue
        delay = has_end[0]["data"].get("detectionDelaySeconds", 0)
        assert 0 <= delay <= 26.5 * 365 * 86_400


def cancel_over_http(context: Context, _: StrictAws, __: Nasty) -> None:
    _shown(cancel, context, {"job": JOB, "executionId": EXECUTION}, "POST /connections/{connection}/executions/cancel")


def start_run(context: Context, aws: StrictAws, reply: Nasty) -> None:
    aws.runs["a-run"] = aws_in_memory.Run("a-run", "{}")
    run = BEGINNING.model_dump(mode="json", by_alias=True, exclude_none=True)
    started = _answered(start, context, {"request": REQUEST, "run": run, "redriveCount": 0})
    if 200 <= reply.status < 300:
        is_started = isinstance(started, dict) and started["outcome"] == "started"
        assert is_started or isinstance(started, StartUnconfirmed), "it would be posted again, or given up"


def start_over_http(context: Context, _: StrictAws, __: Nasty) -> None:
    _shown(start_execution, context, REQUEST, "POST /connections/{connection}/jobs/{job}/executions")


USE_CASES: dict[Operation, tuple[Callable[[Context, StrictAws, Nasty], None], ...]] = {
    Operation.LIST_JOBS: (show_jobs, show_job),
    Operation.GET_JOB: (show_job, prepare_run),
    Operation.LIST_EXECUTIONS: (prepare_run, search_run, watch),
    Operation.GET_EXECUTION: (show_execution, poll, poll_late),
    Operation.START: (start_run, start_over_http),
    Operation.CANCEL: (cancel_over_http, poll_late),
}
