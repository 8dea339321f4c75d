"""The sample events have the form that their senders write; that their functions take them is shown in the sandbox."""

import json
import re
from typing import Any

import pytest

from farsync.model.names import connection_and_job_prefix
from tests.state_machines.expressions import state
from tests.support.markdown import ROOT
from tests.template.resources import RESOURCES

EVENTS = ROOT / "events"
INVOKED = {"Prepare": "prepare_execution", "Start": "trigger_execution", "Find": "find_execution"}


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def body(name: str) -> dict[str, Any]:
    (record,) = sample(name)["Records"]
    content: dict[str, Any] = json.loads(record["body"])
    return content


@pytest.mark.parametrize("step", INVOKED)
def test_a_function_of_run_job_is_invoked_as_the_machine_does(step: str) -> None:
    payload = sample(f"{INVOKED[step]}.state_machine")
    assert payload.keys() == state("run_job", step)["Arguments"]["Payload"].keys()
    request, run = payload["request"], payload["run"]
    prefix = connection_and_job_prefix(request.get("connection", "default"), request["job"])
    assert run["name"].startswith(prefix)


def test_a_message_of_the_poll_queue_is_as_follow_sends_it() -> None:
    assert body("poll_execution.sqs").keys() == state("run_job", "Follow")["Arguments"]["MessageBody"].keys()


def test_a_message_of_the_close_queue_is_as_its_rule_sends_it() -> None:
    (target,) = RESOURCES["CloseRunRule"]["Properties"]["Targets"]
    members = re.findall(r'"(\w+)":', target["InputTransformer"]["InputTemplate"])
    assert list(body("close_run.sqs")) == members


def test_the_sweep_is_called_as_its_schedule_calls_it() -> None:
    assert sample("sweep_runs.schedule") == json.loads(RESOURCES["SweepRunsSchedule"]["Properties"]["Target"]["Input"])


def test_watching_is_called_as_its_schedule_calls_it() -> None:
    given = RESOURCES["WatchJobsSchedule"]["Properties"]["Target"]["Input"]["Fn::Sub"]
    assert sample("watch_jobs.schedule").keys() == json.loads(given.replace("${WatchedJobs}", "[]")).keys()
