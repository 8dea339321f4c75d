"""The sample events are what is sent: each is read by its function, and looks as its sender writes it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from farsync.closing.ended_run import read_ended_run
from farsync.model.execution_query import ExecutionQuery
from farsync.model.names import connection_and_job_prefix
from farsync.model.run_request import read_run_request
from farsync.model.validation import validated
from farsync.operations.find_execution import SearchOfRun
from farsync.operations.prepare_execution import Prepared
from farsync.operations.trigger_execution import StartOfRun
from farsync.operations.watch_jobs import WatchJobs
from farsync.polling.message import read_poll_message
from farsync.runtime.entrypoint import read_invocation
from farsync.runtime.queue_messages import Record, serve_messages
from tests.state_machines.expressions import state
from tests.support.markdown import ROOT
from tests.template.resources import RESOURCES, of_type

EVENTS = ROOT / "events"
FUNCTIONS = of_type("AWS::Serverless::Function")
READERS: dict[str, Any] = {"Prepare": Prepared, "Start": StartOfRun, "Find": SearchOfRun}
INVOKED = {"Prepare": "prepare_execution", "Start": "trigger_execution", "Find": "find_execution"}


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def body(name: str) -> str:
    records: list[Record] = []

    def remember(record: Record) -> bool:
        records.append(record)
        return True

    serve_messages(sample(name), remember)
    (record,) = records
    return record.body


def queue_of(name: str) -> str:
    (record,) = sample(name)["Records"]
    queue = str(record["eventSourceARN"]).rpartition(":")[2].replace("farsync-", "${AWS::StackName}-")
    (found,) = [name for name, given in of_type("AWS::SQS::Queue").items() if given["QueueName"] == {"Fn::Sub": queue}]
    return found


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_each_sample_is_for_a_function_that_is_there(path: Path) -> None:
    assert FUNCTIONS.keys() >= {f"{path.name.split('.')[0].title().replace('_', '')}Function"}


@pytest.mark.parametrize("step", READERS)
def test_what_run_job_hands_over_is_read(step: str) -> None:
    payload = sample(f"{INVOKED[step]}.state_machine")
    assert payload.keys() == state("run_job", step)["Arguments"]["Payload"].keys()
    request, beside = read_run_request(read_invocation(payload).payload, READERS[step])
    assert request.job == "5Yns7JgRt25f"
    assert beside is not None
    assert str(beside.run.name).startswith(connection_and_job_prefix(request.connection, request.job))


@pytest.mark.parametrize("function", ["poll_execution", "cancel_execution"])
def test_what_somebody_asks_of_an_execution_is_read(function: str) -> None:
    asked = validated(ExecutionQuery, read_invocation(sample(f"{function}.state_machine")).payload)
    assert asked.execution_id == "mY3275GiRXkm"


def test_a_message_of_the_poll_queue_is_read() -> None:
    content = body("poll_execution.sqs")
    assert json.loads(content).keys() == state("run_job", "Follow")["Arguments"]["MessageBody"].keys()
    assert read_poll_message(content).run.execution_id == "mY3275GiRXkm"


def test_a_message_of_the_close_queue_is_read() -> None:
    content = body("close_run.sqs")
    (target,) = RESOURCES["CloseRunRule"]["Properties"]["Targets"]
    assert list(json.loads(content)) == re.findall(r'"(\w+)":', target["InputTransformer"]["InputTemplate"])
    assert read_ended_run(content).status == "ABORTED"


@pytest.mark.parametrize(
    ("function", "name"), [("PollExecutionFunction", "poll_execution.sqs"), ("CloseRunFunction", "close_run.sqs")]
)
def test_a_message_comes_from_the_queue_of_its_function(function: str, name: str) -> None:
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    (mapping,) = (mapping for mapping in mappings if mapping["FunctionName"] == {"Ref": function})
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue_of(name), "Arn"]}


def test_the_sweep_is_called_as_its_schedule_calls_it() -> None:
    assert sample("sweep_runs.schedule") == json.loads(RESOURCES["SweepRunsSchedule"]["Properties"]["Target"]["Input"])


def test_watching_is_called_as_its_schedule_calls_it() -> None:
    given = RESOURCES["WatchJobsSchedule"]["Properties"]["Target"]["Input"]["Fn::Sub"]
    assert sample("watch_jobs.schedule").keys() == json.loads(given.replace("${WatchedJobs}", "[]")).keys()
    asked = validated(WatchJobs, read_invocation(sample("watch_jobs.schedule")).payload)
    assert [(each.connection, each.jobs) for each in asked.watch] == [
        ("default", ("5Yns7JgRt25f",)),
        ("huawei", ("nightly_orders",)),
    ]
