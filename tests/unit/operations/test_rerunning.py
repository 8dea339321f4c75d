"""`POST /runs/{name}/rerun`: a new run of the same request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.model.names import run_name
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import Cloud, a_cloud
from tests.unit.operations.runs_client import RunsClient


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    with a_cloud("data-flow", tmp_path) as cloud:
        yield cloud


@pytest.fixture
def request_of_run(cloud: Cloud) -> dict[str, Any]:
    """Of the run `x`, which a schedule started."""
    day = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}
    request = {
        "job": cloud.job,
        "parameters": {"day": day, "table": "sales"},
        "timeoutSeconds": 60,
        "labels": {"team": "night"},
    }
    cloud.aws.runs["x"] = Run("x", "{}", status="FAILED")
    cloud.aws.runs["x"].request = request
    return request


def started(client: RunsClient, name: str) -> Any:
    return client.aws.runs[name].request


def test_a_run_is_run_again_by_the_same_request_with_its_scheduled_time_and_says_of_which_it_is(
    cloud: Cloud, request_of_run: dict[str, Any]
) -> None:
    client = RunsClient(cloud)
    answered = client.rerun()
    name = answered.body["name"]
    assert (answered.status, answered.headers["location"]) == (202, f"/runs/{name}")
    assert started(client, name) == {**request_of_run, "labels": {"team": "night", "rerunOf": "x"}}
    assert name.startswith(run_name("default", cloud.job).split("-")[0])


def test_parameters_and_labels_are_laid_over_those_of_the_request(cloud: Cloud, request_of_run: dict[str, Any]) -> None:
    client = RunsClient(cloud)
    name = client.rerun({"parameters": {"table": "sales_2"}, "labels": {"why": "late"}}).body["name"]
    again = started(client, name)
    assert again["parameters"] == {**request_of_run["parameters"], "table": "sales_2"}
    assert again["labels"] == {"team": "night", "why": "late", "rerunOf": "x"}


@pytest.mark.usefixtures("request_of_run")
def test_the_same_key_is_one_run_and_with_other_parameters_a_conflict(cloud: Cloud) -> None:
    client = RunsClient(cloud)
    first = client.rerun(key="k").body
    assert client.rerun(key="k").body == first
    assert client.rerun({"parameters": {"a": "b"}}, key="k").body["type"] == "IdempotencyConflict"


@pytest.mark.usefixtures("request_of_run")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"parameters": {"a": 1}}, "parameters.a"),
        ({"labels": []}, "labels"),
        ({"job": "y"}, "job"),
        ({"name": "y"}, "name"),
    ],
)
def test_what_no_run_could_hold_is_rejected(cloud: Cloud, body: dict[str, Any], field: str) -> None:
    answered = RunsClient(cloud).rerun(body)
    assert (answered.status, answered.body["field"]) == (400, field)


def test_a_run_whose_request_was_none_cannot_be_run_again(cloud: Cloud) -> None:
    cloud.aws.runs["x"] = Run("x", "[1]", status="FAILED")
    assert RunsClient(cloud).rerun().body["field"] == "job"
    assert RunsClient(cloud).rerun(name="unknown").body["type"] == "RunNotFound"
