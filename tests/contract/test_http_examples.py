"""docs/http.md: its commands, as a reader types them one after the other, answer as it says."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from farsync.model.names import run_name
from tests.support.markdown import ROOT, CodeBlock, code_blocks, commands, rows, section
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tools.http_api.document import OF_A_BODY
from tools.http_api.routes import ROUTES

HTTP = ROOT / "docs" / "http.md"
PERMISSIONS = ROOT / "docs" / "permissions.md"
SAMPLE_JOB = "5Yns7JgRt25f"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(dialect="G1")
    yield sandbox
    sandbox.stop()


class Reader:
    """Types commands, and remembers the run and the execution that they gave."""

    def __init__(self, sandbox: Sandbox) -> None:
        aws = sandbox.aws
        self.environment = {
            **os.environ,
            "AWS_REGION": aws["region"],
            "AWS_ACCESS_KEY_ID": aws["accessKeyId"],
            "AWS_SECRET_ACCESS_KEY": aws["secretAccessKey"],
            "AWS_SESSION_TOKEN": "a-token",
            "API": aws["httpApi"],
        }
        self.job = sandbox.emulator.make_job(run_seconds=3600)
        self.function, *self.blocks = code_blocks(HTTP)

    def type(self, command: str) -> str:
        typed = f"{self.function.text}\n{command.replace(SAMPLE_JOB, self.job)}"
        sent = subprocess.run(["sh", "-c", typed], env=self.environment, capture_output=True, text=True, check=True)
        return sent.stdout

    def answer(self, command: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.type(command))
        if answer.keys() == {"name"}:
            self.environment["RUN"] = answer["name"]
        elif answer.keys() == {"execution", "waitSeconds"}:
            execution = answer["execution"]
            self.environment["EXECUTION"] = execution.get("ref", execution)["executionId"]
        return answer

    def is_answered(self, command: str, wanted: object) -> bool:
        return shape(self.answer(command)) == wanted


def shape(value: object) -> object:
    """Names and types, all the way down."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


def test_every_command_of_the_page_answers_as_the_page_shows(sandbox: Sandbox) -> None:
    reader = Reader(sandbox)
    shown: list[tuple[CodeBlock, CodeBlock]] = list(zip(reader.blocks[::2], reader.blocks[1::2], strict=True))
    assert len(shown) == 10
    for command, expected in shown:
        assert (command.language, expected.language) in {("sh", "json"), ("sh", "http")}
        if expected.language == "http":
            head, _, body = reader.type(command.text).replace("\r", "").partition("\n\n")
            assert head.startswith("HTTP/1.1 200 OK\n")
            assert 'rel="first"' in head
            assert json.loads(body).keys() == json.loads(expected.text.partition("\n\n")[2]).keys()
            continue
        # A run takes some seconds to come to its first poll, a job to its first execution.
        eventually(partial(reader.is_answered, command.text, shape(json.loads(expected.text))))


def test_every_problem_stands_with_its_statuses() -> None:
    told = {name: {int(status) for status in statuses.split(",")} for name, statuses, _ in rows(HTTP, "Problems")}
    problems = {problem for route in ROUTES for problem in route.problems}
    expected = {problem.__name__: {problem.http_status} for problem in problems}
    expected["InvalidRequest"] |= OF_A_BODY.keys()
    assert told == expected


def test_every_route_has_its_command() -> None:
    told = commands(HTTP).splitlines()
    for route in ROUTES:
        path = route.path.replace("/connections/{connection}/jobs/{job}/executions/", ".../executions/")
        assert f"{route.method} {path}" in told


def test_the_prefix_of_a_jobs_runs_is_what_the_command_of_the_page_prints() -> None:
    called = section(PERMISSIONS, "Who may call the HTTP API")
    (command,) = [block for block in code_blocks(PERMISSIONS, "sh") if block.text in called]
    printed = subprocess.run(["sh", "-c", command.text], capture_output=True, text=True, check=True).stdout
    assert run_name("night", SAMPLE_JOB, "any intent").startswith(f"{printed.strip()}-")
