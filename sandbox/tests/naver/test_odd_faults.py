"""Faults of what stands before the gateway, and replies that belong elsewhere."""

import re
import socket

import pytest

from sandbox.tests.naver.data_flow_client import Client
from sandbox.tests.naver.test_faults import try_start


@pytest.mark.parametrize("status", [302, 307, 408, 520, 524])
def test_something_before_the_gateway_answers_and_nothing_is_started(client: Client, status: int) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": f"http_{status}"})
    assert try_start(client, job_id).status_code == status
    assert client.ledger() == []


@pytest.mark.parametrize("status", [302, 307, 520, 524])
def test_something_before_the_gateway_answers_although_the_work_was_done(client: Client, status: int) -> None:
    job_id = client.make_job()
    client.faults({"operation": "createJobExecution", "fault": f"http_{status}", "done": True})
    assert try_start(client, job_id).status_code == status
    assert len(client.ledger()) == 1


def test_hints_go_before_a_reply_on_the_same_connection(client: Client) -> None:
    client.faults({"operation": "getJobs", "fault": "early_hints"})
    signed = client.call("GET", "/api/v1/jobs").request
    client.faults({"operation": "getJobs", "fault": "early_hints"})
    host, port = client.server.endpoint.removeprefix("http://").split(":")
    lines = [f"GET {signed.path_url} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in signed.headers.items() if name.startswith("x-ncp")]
    with socket.create_connection((host, int(port))) as connection, connection.makefile("rb") as stream:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answered = stream.read()
    assert re.findall(rb"HTTP/1.1 (\d+)", answered) == [b"103", b"200"]


def test_a_reply_about_another_execution_shows_another_id(client: Client) -> None:
    job_id = client.make_job()
    execution_id = client.start(job_id)["jobExecutionId"]
    client.faults({"operation": "getJobExecution", "fault": "other_execution"})
    other = client.execution(job_id, execution_id)
    assert (other["jobExecutionId"] != execution_id, other["jobId"]) == (True, job_id)
    assert client.execution(job_id, execution_id)["jobExecutionId"] == execution_id
