import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.sandbox_process import PROGRAM, SandboxProcess, is_alive
from tests.support.shells import FOUND, typed
from tests.support.waiting import eventually

StartSandbox = Callable[..., SandboxProcess]


def test_the_one_json_line_says_where_everything_is_and_every_endpoint_answers(sandbox: SandboxProcess) -> None:
    described = sandbox.described
    keys = {"endpoint", "accessKey", "secretKey", "bucketsDir", "sampleRequest"}
    assert set(described) == {"naver", "huawei", "aws"}
    assert set(described["naver"]) == keys
    assert set(described["huawei"]) == {*keys, "projectId", "workspace"}
    assert {"endpoint", "region", "accountId", "stateMachines", "queueUrl", "httpApi"} <= set(described["aws"])
    assert {"run_job", "start_once", "emit_event"} <= set(described["aws"]["stateMachines"])
    for cloud, page in (("naver", "requests"), ("huawei", "requests"), ("aws", "mappings")):
        assert requests.get(f"{described[cloud]['endpoint']}/_sandbox/{page}", timeout=30).ok
    for cloud in ("naver", "huawei"):
        assert {"connection", "job", "parameters"} == set(described[cloud]["sampleRequest"])
    unsigned = requests.get(f"{described['aws']['httpApi']}/connections/default/jobs", timeout=30)
    assert unsigned.status_code == 403


def test_a_stopped_sandbox_leaves_nothing_behind(start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox()
    _call_a_function(sandbox)
    processes = sandbox.descendants()
    assert len(processes) >= 3  # both providers' services, and the function that was called

    exit_code, output, errors = sandbox.end(signal.SIGTERM)

    assert (exit_code, output, errors) == (0, "", "")
    assert not any(map(is_alive, processes))
    assert list(sandbox.temporary_folder.iterdir()) == []


def test_a_killed_sandbox_takes_its_processes_along(start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox()
    _call_a_function(sandbox)
    processes = sandbox.descendants()

    sandbox.end(signal.SIGKILL)

    eventually(lambda: not any(map(is_alive, processes)), 30)


def test_a_folder_that_is_given_is_kept_with_its_keys(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = start_sandbox("--folder", str(folder))
    first.end(signal.SIGTERM)

    second = start_sandbox("--folder", str(folder))

    for cloud in ("naver", "huawei"):
        assert second.described[cloud]["secretKey"] == first.described[cloud]["secretKey"]
    assert {path.name for path in folder.iterdir()} >= {"naver", "huawei", "logs"}


def test_a_second_sandbox_on_a_folder_learns_which_process_holds_it_until_that_one_is_gone(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    options = ("--folder", str(tmp_path / "kept"))
    first = start_sandbox(*options)

    with pytest.raises(AssertionError, match=rf"--folder: .*/kept is in use by process {first.process.pid}, since "):
        start_sandbox(*options)
    _call_a_function(first)

    first.end(signal.SIGKILL)
    _call_a_function(start_sandbox(*options))


@pytest.mark.parametrize(("connection", "cloud"), [("default", "naver"), ("naver", "naver"), ("huawei", "huawei")])
def test_each_connection_leads_to_its_cloud(sandbox: SandboxProcess, connection: str, cloud: str) -> None:
    def requests_of_the_cloud() -> list[dict[str, Any]]:
        endpoint = sandbox.described[cloud]["endpoint"]
        last: list[dict[str, Any]] = requests.get(f"{endpoint}/_sandbox/requests", timeout=30).json()["last"]
        return last

    before = requests_of_the_cloud()
    _call_a_function(sandbox, connection)

    (request,) = requests_of_the_cloud()[len(before) :]
    assert request["status"] == 200


def test_every_command_on_the_card_works_as_it_is_printed_in_every_shell(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([PROGRAM, "up", "--speed", "20"], stdout=subprocess.PIPE, env=environment, text=True)
    assert process.stdout is not None
    card = "".join(iter(process.stdout.readline, "Ctrl-C stops everything.\n"))
    commands = re.findall(r"^  (curl -s .*)$", card, re.MULTILINE)
    try:
        *of_clouds, received = [
            [json.loads(typed(shell, command, environment)) for shell in FOUND] for command in commands
        ]
    finally:
        process.send_signal(signal.SIGINT)

    for started, truly_ran in (of_clouds[:2], of_clouds[2:]):
        assert [answer.keys() for answer in started] == [{"name"}] * len(FOUND)
        assert all(isinstance(answer, list) for answer in truly_ran)
    assert "Messages" in received[0]
    assert process.communicate(timeout=30)[0] == "\nStopped; nothing is left running.\n"


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--parameter", "Colour=blue", "Colour; declared are"),
        ("--huawei-option", "status-words=9", "huawei_dataarts did not start: .*--status-words: invalid choice"),
    ],
)
def test_an_impossible_option_is_named(start_sandbox: StartSandbox, option: str, value: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        start_sandbox(option, value)


def _call_a_function(sandbox: SandboxProcess, connection: str = "default") -> None:
    aws = sandbox.described["aws"]
    path = "/2015-03-31/functions/farsync-list_jobs/invocations"
    reply = requests.post(f"{aws['endpoint']}{path}", json={"connection": connection}, timeout=30)
    assert reply.ok
    assert "X-Amz-Function-Error" not in reply.headers, reply.text
