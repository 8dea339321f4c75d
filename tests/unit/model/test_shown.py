"""Names that somebody sent stand in our own texts on one line, and shortened."""

from collections.abc import Callable

import pytest

from farsync.connections.connection import parse_connection
from farsync.model.errors import ConnectionInvalid, FarsyncError, InvalidRequest, JobNotFound
from farsync.model.execution import Candidate
from farsync.model.run_request import RunRequest
from farsync.model.same_input import differing_fields
from farsync.model.shown import shown
from farsync.model.validation import validated
from farsync.runtime.http_api import read_http

ODD_NAME = "x\n[ERROR] forged\x1b[2J\u202e\ud83d" + "y" * 100_000


def reject(request: dict[str, object]) -> Callable[[], object]:
    return lambda: validated(RunRequest, {"job": "a", **request})


def query(name: str) -> dict[str, object]:
    return {"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "queryStringParameters": {name: "1"}}


def secret(*names: str) -> str:
    fields = "".join(f', "{name}": 1' for name in names)
    return f'{{"provider": "naver", "accessKey": "k", "secretKey": "k"{fields}}}'


@pytest.mark.parametrize(
    "fails",
    [
        reject({ODD_NAME: 1}),
        reject({"parameters": {ODD_NAME: 5}}),
        reject({"labels": {ODD_NAME: 5}}),
        reject({"condition": {ODD_NAME: float("inf")}}),
        lambda: read_http(query(ODD_NAME)),
        lambda: parse_connection("a", secret("x\\n[ERROR] forged" + "y" * 50_000)),
        lambda: parse_connection("a", secret(*(f"field{number}" for number in range(5000)))),
    ],
    ids=["field", "parameter", "label", "setting", "query", "connection", "many-of-a-connection"],
)
def test_a_name_in_a_rejection_begins_no_line_and_is_short(fails: Callable[[], object]) -> None:
    with pytest.raises(FarsyncError) as rejected:
        fails()
    assert str(rejected.value).isprintable() or "\ufffd" in str(rejected.value)
    assert not {"\n", "\x1b", "\u202e"} & set(str(rejected.value))
    assert len(str(rejected.value)) < 1000
    if isinstance(rejected.value, InvalidRequest):
        assert len(rejected.value.field) <= 100


@pytest.mark.parametrize("error", [JobNotFound, InvalidRequest, ConnectionInvalid])
def test_the_text_of_every_error_is_one_bounded_line(error: type[FarsyncError]) -> None:
    text = str(error(f"job {ODD_NAME} is gone"))
    assert text.startswith("job x\ufffd[ERROR] forged\ufffd[2J\ufffd\ufffdyyy")
    assert len(text) == 8000


def test_fields_that_differ_are_named_on_one_line() -> None:
    (name,) = differing_fields({ODD_NAME: 1}, {})
    assert name == shown(ODD_NAME, 40)


@pytest.mark.parametrize(
    "text", ["5Yns7JgRt25f", "\uc57c\uac04 \uc791\uc5c5", "\u65e5\u6b21\u3000\u52a0\u8f7d", "caf\u00e9 \U0001f600"]
)
def test_letters_of_any_script_stand_as_they_are(text: str) -> None:
    assert shown(text) == text


def test_no_error_of_a_model_that_nobody_caught_shows_what_it_was_given() -> None:
    with pytest.raises(ValueError, match="executionId") as invalid:
        Candidate.model_validate({"executionId": {"password": "hunter2"}, "providerStatus": "hunter2", "hunter": 1})
    assert "hunter2" not in str(invalid.value)
