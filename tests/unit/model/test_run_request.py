import json
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.model.run_request import LARGEST_REQUEST_BYTES, RunRequest, SecretRef, canonical_json
from farsync.model.validation import validated

JOB = {"job": "5Yns7JgRt25f"}


def test_a_job_is_all_that_a_request_needs() -> None:
    request = validated(RunRequest, JOB)
    assert request.connection == "default"
    assert request.cancel_on_abort
    assert request.parameters == {}


def test_parameter_keys_stay_as_the_provider_spells_them() -> None:
    request = validated(RunRequest, {**JOB, "parameters": {"$table_name": "t", "작업": {"secret": "token"}}})
    assert request.parameters == {"$table_name": "t", "작업": SecretRef(secret="token")}


def test_a_whole_number_may_be_written_with_a_fraction_of_nothing() -> None:
    """JSON knows one kind of number, so 60.0 is 60."""
    request = validated(RunRequest, {**JOB, "timeoutSeconds": 60.0, "schemaVersion": 1.0})
    assert isinstance(request.timeout_seconds, int)


def test_a_time_out_among_the_run_settings_may_be_written_so_too_and_other_settings_stay_as_they_are() -> None:
    settings = {"timeout": 30.0, "numWorker": 2.0, "nrn": None}
    request = validated(RunRequest, {**JOB, "condition": settings})
    assert repr(request.condition) == "{'timeout': 30, 'numWorker': 2.0, 'nrn': None}"


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        ({"job": None}, "job", "must be a valid string"),
        ({"job": 5}, "job", "must be a valid string"),
        ({"job": ""}, "job", "must have at least 1 character"),
        ({"job": "a/b"}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": ".."}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "a..b"}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "a\nb"}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "."}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "a\\b"}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "a\x7fb"}, "job", "without '/', '\\', '..', a lone '.' or control characters"),
        ({"job": "j" * 129}, "job", "must have at most 128 characters"),
        ({"connection": "a/b"}, "connection", "must match pattern"),
        ({"parameters": {"$n": 5}}, "parameters.$n", "must be a string"),
        ({"parameters": {"$n": {"secrt": "x"}}}, "parameters.$n.secret", "is required; add it"),
        ({"parameters": {"$n": {"secret": "a b"}}}, "parameters.$n.secret", "must match pattern"),
        ({"parameters": {"$n": {"secret": "a" * 401}}}, "parameters.$n.secret", "must match pattern"),
        ({"parameters": {"$n": {"secret": "../team-b/token"}}}, "parameters.$n.secret", "must be parts between single"),
        ({"parameters": {"$n": {"secret": "a/./b"}}}, "parameters.$n.secret", "must be parts between single"),
        ({"parameters": {"$n": {"secret": "/a"}}}, "parameters.$n.secret", "must be parts between single"),
        ({"parameters": {"$n": {"secret": "a/"}}}, "parameters.$n.secret", "must be parts between single"),
        ({"parameters": {"$n": {"secret": "a//b"}}}, "parameters.$n.secret", "must be parts between single"),
        ({"parameters": []}, "parameters", "must be a"),
        ({"condition": "x"}, "condition", "must be a"),
        ({"condition": {"x": float("inf")}}, "condition", "holds a number in x that JSON cannot write"),
        ({"condition": {"x": {"y": [1.5, float("nan")]}}}, "condition", "holds a number in x that JSON cannot write"),
        ({"condition": {"timeout": -5}}, "condition.timeout", "greater than or equal to 0"),
        ({"condition": {"timeout": 43201}}, "condition.timeout", "less than or equal to 43200"),
        ({"condition": {"timeout": 10**30}}, "condition.timeout", "less than or equal to 43200"),
        ({"condition": {"timeout": 30.5}}, "condition.timeout", "must be a valid integer"),
        ({"condition": {"timeout": "30"}}, "condition.timeout", "must be a valid integer"),
        ({"condition": {"timeout": True}}, "condition.timeout", "must be a valid integer"),
        ({"timeoutSeconds": 0}, "timeoutSeconds", "greater than or equal to 1"),
        ({"timeoutSeconds": "60"}, "timeoutSeconds", "must be a valid integer"),
        ({"timeoutSeconds": 60.5}, "timeoutSeconds", "must be a valid integer"),
        ({"timeoutSeconds": True}, "timeoutSeconds", "must be a valid integer"),
        ({"timeoutSeconds": 10**9}, "timeoutSeconds", "less than or equal to"),
        ({"ifRunning": "maybe"}, "ifRunning", "must be 'start', 'fail', 'wait' or 'attach'"),
        ({"cancelOnAbort": "yes"}, "cancelOnAbort", "must be a valid boolean"),
        ({"maxDetectionDelaySeconds": 0}, "maxDetectionDelaySeconds", "greater than or equal to 1"),
        ({"pollCostSeconds": -1}, "pollCostSeconds", "greater than 0"),
        ({"consistencyWindowSeconds": 901}, "consistencyWindowSeconds", "less than or equal to 900"),
        ({"labels": {"team": 1}}, "labels.team", "must be a valid string"),
        ({"schemaVersion": 2}, "schemaVersion", "must be 1"),
        ({"jobb": "x"}, "jobb", "is not a known field; remove it (known: cancelOnAbort,"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(change: dict[str, object], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        validated(RunRequest, {**JOB, **change})
    assert rejected.value.field == field
    assert remedy in str(rejected.value)


@pytest.mark.parametrize("job", ["a job", "작업 1", "a.b", ".a", "a.", "a-b_c:d"])
def test_letters_of_any_script_spaces_and_single_dots_may_stand_in_a_job(job: str) -> None:
    assert validated(RunRequest, {"job": job}).job == job


@pytest.mark.parametrize("name", ["token", "database/Token.v1", ".a", "a.", "a_b+c=d@e-f/1"])
def test_a_secret_parameter_may_have_a_name_of_several_parts(name: str) -> None:
    request = validated(RunRequest, {**JOB, "parameters": {"$n": {"secret": name}}})
    assert request.parameters == {"$n": SecretRef(secret=name)}


@pytest.mark.parametrize("name", [name for name in RunRequest.model_fields if "_" in name])
def test_a_name_that_the_state_machine_does_not_read_is_rejected(name: str) -> None:
    """It would start the run, and be overlooked by the state machine."""
    default = RunRequest.model_validate(JOB).model_dump()[name]
    with pytest.raises(InvalidRequest) as rejected:
        validated(RunRequest, {**JOB, name: default})
    assert rejected.value.field == name
    assert "is not a known field; remove it" in str(rejected.value)


def test_a_missing_job_is_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="job: is required; add it"):
        validated(RunRequest, {})


def test_a_rejection_never_repeats_a_value() -> None:
    with pytest.raises(InvalidRequest) as rejected:
        validated(
            RunRequest, {**JOB, "timeoutSeconds": "hunter2", "labels": "hunter2", "parameters": {"$p": ["hunter2"]}}
        )
    assert "hunter2" not in str(rejected.value)
    assert rejected.value.__cause__ is None


@pytest.mark.parametrize(
    "of_text",
    [
        lambda text: {"parameters": {"sql": text}},
        lambda text: {"parameters": {text: "x"}},
        lambda text: {"condition": {"scriptPath": text}},
        lambda text: {"parameters": {"a": text[: len(text) // 2], "b": text[len(text) // 2 :]}},
    ],
)
@pytest.mark.parametrize("letter", ["x", "값", '"', "\n"])
def test_a_request_is_at_most_100_kib_in_the_form_in_which_it_is_started(of_text: Any, letter: str) -> None:
    empty = len(canonical_json(validated(RunRequest, {**JOB, **of_text("")})).encode())
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    most = (LARGEST_REQUEST_BYTES - empty) // each
    assert len(canonical_json(validated(RunRequest, {**JOB, **of_text(letter * most)})).encode()) > 100_000
    with pytest.raises(InvalidRequest, match="at most 102400 bytes of JSON"):
        validated(RunRequest, {**JOB, **of_text(letter * (most + 1))})


@pytest.mark.parametrize("letter", ["x", "값", '"'])
def test_labels_are_small_since_every_event_repeats_them(letter: str) -> None:
    half, whole = letter * (16_000 // len(json.dumps(letter, ensure_ascii=False).encode()) // 2), letter * 16_385
    assert validated(RunRequest, {**JOB, "labels": {"team": half}}).labels == {"team": half}
    with pytest.raises(InvalidRequest) as rejected:
        validated(RunRequest, {**JOB, "labels": {"team": whole}})
    assert (rejected.value.field, "at most 16384 bytes" in str(rejected.value)) == ("labels", True)


def test_a_request_has_50_labels_at_most() -> None:
    labels = {str(number): "x" for number in range(50)}
    assert len(validated(RunRequest, {**JOB, "labels": labels}).labels) == 50
    with pytest.raises(InvalidRequest, match="labels: must have at most 50 items"):
        validated(RunRequest, {**JOB, "labels": {**labels, "50": "x"}})


@pytest.mark.parametrize("change", [{"x" * 90_000: 1}, {"parameters": {"x" * 90_000: 5}}, {"labels": {"x" * 9000: 5}}])
def test_a_rejection_is_short_however_long_a_name_is(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        validated(RunRequest, {**JOB, **change})
    assert len(str(rejected.value)) < 1000
    assert len(rejected.value.field) < 200


def test_the_same_request_is_started_as_the_same_text() -> None:
    asked = {"job": "j", "labels": {"b": "1", "a": "2"}, "timeoutSeconds": 60.0}
    again = {"timeoutSeconds": 60, "labels": {"a": "2", "b": "1"}, "job": "j"}
    assert canonical_json(validated(RunRequest, asked)) == canonical_json(validated(RunRequest, again))


def test_a_repeat_is_the_same_text_in_a_release_that_has_more_fields() -> None:
    """Else a caller's repeat of its key after a deployment would be a conflict."""
    request = validated(RunRequest, {**JOB, "timeoutSeconds": None})
    assert canonical_json(request) == '{"job":"5Yns7JgRt25f"}'


def test_what_is_started_is_read_as_the_same_request() -> None:
    time = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "shiftDays": -1}
    asked = {**JOB, "parameters": {"a": time, "b": {"secret": "x"}, "c": "값"}, "condition": {"n": None}}
    request = validated(RunRequest, asked)
    assert validated(RunRequest, json.loads(canonical_json(request))) == request
