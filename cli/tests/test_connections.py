"""Connections: listed, checked, added, given new keys; and the check of everything."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import play

SECRET = "farsync/connections/default"
CONTENT = {"provider": "naver", "accessKey": "AK", "secretKey": "very-secret"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "connection.json"
    path.write_text(json.dumps(CONTENT))
    return path


def test_a_connection_is_added_and_checked(environ: Mapping[str, str], stack: FakeStack, file: Path) -> None:
    played = play("connections", "add", "default", "--file", str(file), environ=environ, columns=None)
    assert (played.code, json.loads(stack.secrets[SECRET])) == (0, CONTENT)
    assert played.output.splitlines() == [
        "OK    default  secret read, keys accepted, jobs listed",
        "OK    job      night_load read; of its newest executions 5 read",
        "OK    log      read: obs://logs/orders/load_orders.log",
    ]


def test_a_connection_that_is_there_is_not_laid_over(environ: Mapping[str, str], stack: FakeStack, file: Path) -> None:
    stack.secrets[SECRET] = "{}"
    played = play("connections", "add", "default", "--file", str(file), environ=environ, columns=None)
    assert (played.code, stack.secrets[SECRET]) == (2, "{}")
    assert "farsync connections rotate default" in played.errors


def test_new_keys_leave_the_other_fields(environ: Mapping[str, str], stack: FakeStack, file: Path) -> None:
    stack.secrets[SECRET] = json.dumps({**CONTENT, "secretKey": "old", "runMarker": "logPath"})
    assert play("connections", "rotate", "default", "--file", str(file), environ=environ).code == 0
    assert json.loads(stack.secrets[SECRET]) == {**CONTENT, "runMarker": "logPath"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a b", json.dumps(CONTENT), "1 to 40 letters"),
        ("default", '{"provider": "naver", "accessKey": "AK"}', "secretKey: is missing"),
        ("default", '["very-secret"', "must hold one JSON object"),
    ],
    ids=["name", "field", "no JSON"],
)
def test_what_is_no_connection_is_rejected_without_its_keys(
    name: str, text: str, reason: str, environ: Mapping[str, str], stack: FakeStack, file: Path
) -> None:
    file.write_text(text)
    played = play("connections", "add", name, "--file", str(file), environ=environ, columns=None)
    assert (played.code, stack.secrets) == (2, {})
    assert reason in played.errors
    assert "very-secret" not in played.output + played.errors


@pytest.mark.parametrize("held", ["very-secret", '"very-secret"', "[1]"])
def test_a_secret_that_is_no_object_is_not_shown(
    held: str, environ: Mapping[str, str], stack: FakeStack, file: Path
) -> None:
    stack.secrets[SECRET] = held
    played = play("connections", "rotate", "default", "--file", str(file), environ=environ, columns=None)
    assert (played.code, stack.secrets[SECRET]) == (2, held)
    assert "very-secret" not in played.output + played.errors


def test_one_that_is_not_there_gets_no_keys(environ: Mapping[str, str], file: Path) -> None:
    played = play("connections", "rotate", "nobody", "--file", str(file), environ=environ, columns=None)
    assert (played.code, "farsync connections add nobody" in played.errors) == (2, True)


@pytest.mark.parametrize("command", ["connections ls", "connections check default", "doctor"])
def test_each_prints_one_document_with_json(command: str, environ: Mapping[str, str]) -> None:
    assert json.loads(play(*command.split(), "--json", environ=environ, columns=None).output)
