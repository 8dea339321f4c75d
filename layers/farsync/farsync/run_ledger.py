"""What Step Functions remembers of runs, by name, for 90 days."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.errors import RunNotFound
from farsync.naming import run_name

PAGE_SIZE = 1000
MOST_PAGES = 10
MOST_RUNS_READ = 100
FIRST_EVENTS = 100
LOOK_BACK = timedelta(days=1)
"""Runs that are over are listed by their end, and Step Functions is slow to list; so far beyond need is read."""


NAME_OF_A_RUN = re.compile(r"[0-9a-f]{32}-[0-9a-f]{32}")


class TooManyRuns(Exception):
    """More runs are in question than may be read."""


class HeldByOthers(NamedTuple):
    """Executions of the job's other runs, and whether these are all that such a run may have begun."""

    execution_ids: frozenset[str]
    are_all: bool


class Holdings(NamedTuple):
    """What the runs of a job hold; since `unknown_since`, by AWS' clock, they may have started something more."""

    execution_ids: frozenset[str]
    unknown_since: datetime | None


def describe_run(environment: Environment, name: str) -> dict[str, Any]:
    """Raises AwsRequestFailed."""
    return environment.aws.call("states", "DescribeExecution", {"executionArn": run_arn(environment, name)})


def known_run(environment: Environment, name: str) -> dict[str, Any]:
    """Raises RunNotFound, and ProviderUnavailable, Throttled or PermissionDenied where AWS does not tell."""
    try:
        return describe_run(environment, name)
    except AwsRequestFailed as failed:
        if failed.code != "ExecutionDoesNotExist":
            raise named(failed) from failed
        raise RunNotFound(f"there is no run {name}, or it ended more than 90 days ago") from failed


def run_request_of(described: dict[str, Any]) -> dict[str, Any]:
    """The input of a run; empty where it is no JSON object, which a caller of `run_job` may have given it."""
    return json_object(described.get("input")) or {}


def json_object(text: str | None) -> dict[str, Any] | None:
    """The JSON object in a text of Step Functions'; None where it holds something else."""
    try:
        content = json.loads(text or "null")
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def is_standing(environment: Environment, name: str) -> bool:
    """Whether a run still goes on. Raises AwsRequestFailed."""
    return bool(describe_run(environment, name)["status"] == "RUNNING")


def executions_of_other_runs(
    environment: Environment, own_name: str, connection: str, job: str, since: datetime
) -> HeldByOthers:
    """The executions that the job's other runs hold, of those that were open at some time since then.

    They are not all where one of the runs posted a start and does not know its execution yet, or where there are too
    many to tell. Raises AwsRequestFailed.
    """
    held = set[str]()
    are_all = True
    try:
        for name in _other_runs(environment, own_name, connection, job, since):
            begun, execution_id = _start_of(environment, name)
            if execution_id is not None:
                held.add(execution_id)
            elif begun:
                are_all = False
    except TooManyRuns:
        are_all = False
    return HeldByOthers(frozenset(held), are_all)


def executions_held(environment: Environment, connection: str, job: str, since: datetime) -> Holdings:
    """The executions that the job's runs hold or adopted, of those runs that were open at some time since then.

    Raises AwsRequestFailed.
    """
    held = set[str]()
    in_doubt: list[datetime] = []
    try:
        for name in _other_runs(environment, "", connection, job, since):
            begun, execution_id = _start_of(environment, name, is_adopted_too=True)
            if execution_id is not None:
                held.add(execution_id)
            elif begun:
                described = describe_run(environment, name)
                if described["status"] == "RUNNING":
                    in_doubt.append(datetime.fromtimestamp(float(described["startDate"]), UTC))
    except TooManyRuns:
        in_doubt.append(datetime.fromtimestamp(0, UTC))
    return Holdings(frozenset(held), min(in_doubt, default=None))


def _other_runs(environment: Environment, own_name: str, connection: str, job: str, since: datetime) -> Iterator[str]:
    """Runs that were not named by `farsync.naming` tell their job only when asked."""
    prefix = run_name(connection, job).split("-")[0]
    names = _names_open_since(environment, since) - {own_name}
    in_question = sorted(name for name in names if name.startswith(prefix) or not NAME_OF_A_RUN.fullmatch(name))
    if len(in_question) > MOST_RUNS_READ:
        raise TooManyRuns
    for name in in_question:
        if name.startswith(prefix) or _is_of_job(describe_run(environment, name), connection, job):
            yield name


def _names_open_since(environment: Environment, since: datetime) -> set[str]:
    still_open = {run["name"] for run in _list_runs(environment, None, statusFilter="RUNNING")}
    over_since = (since - LOOK_BACK).timestamp()
    return still_open | {
        run["name"]
        for run in _list_runs(environment, over_since)
        if float(run.get("stopDate") or since.timestamp()) >= since.timestamp()
    }


def _list_runs(environment: Environment, over_since: float | None, **asked: str) -> Iterator[dict[str, Any]]:
    """Those that go on by their beginning, those that are over by their end; the newest first."""
    question: dict[str, object] = {
        "stateMachineArn": environment.variables["RUN_JOB_ARN"],
        "maxResults": PAGE_SIZE,
        **asked,
    }
    for _ in range(MOST_PAGES):
        answer = environment.aws.call("states", "ListExecutions", question)
        yield from answer["executions"]
        is_far_enough = over_since is not None and any(
            float(run.get("stopDate") or run["startDate"]) < over_since for run in answer["executions"]
        )
        if is_far_enough or not answer.get("nextToken"):
            return
        question["nextToken"] = answer["nextToken"]
    raise TooManyRuns


def _start_of(environment: Environment, name: str, *, is_adopted_too: bool = False) -> tuple[bool, str | None]:
    """Whether a run may have posted a start, and the execution that it holds."""
    question = {"executionArn": run_arn(environment, name), "maxResults": FIRST_EVENTS}
    answer = environment.aws.call("states", "GetExecutionHistory", question)
    has_begun = bool(answer.get("nextToken"))
    for event in answer["events"]:
        has_begun = has_begun or event.get("stateEnteredEventDetails", {}).get("name") == "Start"
        output = event.get("taskSucceededEventDetails", {}).get("output")
        payload = json.loads(output).get("Payload", {}) if output else {}
        # Prepare answers the run itself, which has an execution where it adopts one.
        run = payload.get("run", payload) if isinstance(payload, dict) else None
        if isinstance(run, dict) and run.get("executionId"):
            # What a run merely watches, somebody else may have lost the start of.
            is_left_out = run.get("isAdopted") and not is_adopted_too
            return (False, None) if is_left_out else (True, str(run["executionId"]))
    return has_begun, None


def _is_of_job(described: dict[str, Any], connection: str, job: str) -> bool:
    request = run_request_of(described)
    return request.get("job") == job and request.get("connection", "default") == connection


def run_arn(environment: Environment, name: str) -> str:
    """The execution of `run_job` with this name."""
    arn = environment.variables["RUN_JOB_ARN"].replace(":stateMachine:", ":execution:")
    return f"{arn}:{name}"
