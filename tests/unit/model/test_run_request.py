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


def test_a_whole_number_may_be_written_with_a_fraction_of_nothing_and_settings_stay_as_they_are() -> None:
    """JSON knows one kind of number, so 60.0 is 60."""
    settings = {"timeout": 30.0, "numWorker": 2.0, "nrn": None}
    request = validated(RunRequest, {**JOB, "timeoutSeconds": 60.0, "schemaVersion": 1.0, "condition": settings})
    assert isinstance(request.timeout_seconds, int)
    assert repr(request.condition) == "{'timeout': 30, 'numWorker': 2.0, 'nrn': None}"


ODD_PATH = "without '/', '\\', '..', a lone '.' or control characters"


@pytest.mark.parametrize(
    ("field", "remedy", "values"),
    [
        ("job", "must be a valid string", [None, 5]),
        ("job", "must have at least 1 character", [""]),
        ("job", ODD_PATH, ["a/b", "..", "a..b", "a\nb", ".", "a\\b", "a\x7fb"]),
        ("job", "must have at most 128 characters", ["j" * 129]),
        ("connection", "must match pattern", ["a/b"]),
        ("parameters", "must be a", [[]]),
        ("parameters.$n", "must be a string", [5]),
        ("parameters.$n.secret", "must match pattern", ["a b", "a" * 401]),
        ("parameters.$n.secret", "must be parts between single", ["../team-b/token", "a/./b", "/a", "a/", "a//b"]),
        ("condition", "must be a", ["x"]),
        ("condition.x", "is a number that JSON cannot write", [float("inf"), float("nan")]),
        ("condition.x.y.0", "is a number that JSON cannot write", [float("nan")]),
        ("condition.timeout", "greater than or equal to 0", [-5]),
        ("condition.timeout", "less than or equal to 43200", [43201, 10**30]),
        ("condition.timeout", "must be a valid integer", [30.5, "30", True]),
        ("providerOptions", "must be a", ["x"]),
        ("providerOptions.triggerId", "must match pattern", ["", "a/b", "a&b=c", "a" * 65]),
        ("providerOptions.trigger", "is not a known field; remove it, or write triggerId", ["x"]),
        ("timeoutSeconds", "greater than or equal to 1", [0]),
        ("timeoutSeconds", "must be a valid integer", ["60", 60.5, True]),
        ("timeoutSeconds", "less than or equal to", [10**9]),
        ("ifRunning", "must be 'start', 'fail', 'wait' or 'attach'", ["maybe"]),
        ("cancelOnAbort", "must be a valid boolean", ["yes"]),
        ("maxDetectionDelaySeconds", "greater than or equal to 1", [0]),
        ("pollCostSeconds", "greater than 0", [-1]),
        ("consistencyWindowSeconds", "less than or equal to 900", [901]),
        ("labels.team", "must be a valid string", [1]),
        ("schemaVersion", "must be 1", [2]),
        ("jobb", "is not a known field; remove it, or write job (known: cancelOnAbort,", ["x"]),
        ("elsewhere", "is not a known field; remove it (known: cancelOnAbort,", ["x"]),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(field: str, remedy: str, values: list[object]) -> None:
    for value in values:
        change: Any = value
        for name in reversed(field.split(".")):
            change = {name: change}
        with pytest.raises(InvalidRequest) as rejected:
            validated(RunRequest, {**JOB, **change})
        assert (rejected.value.field, remedy in str(rejected.value)) == (field, True)


def test_a_name_that_was_mistyped_inside_a_parameter_is_offered_as_it_is_spelled() -> None:
    with pytest.raises(InvalidRequest, match=r"secert: is not a known field; remove it, or write secret \(known: "):
        validated(RunRequest, {**JOB, "parameters": {"$n": {"secret": "a", "secert": "b"}}})


@pytest.mark.parametrize("change", [{}, {"parameters": {"$n": {"secrt": "x"}}}], ids=["job", "secret"])
def test_a_missing_field_is_asked_for(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest, match=r"(job|parameters.\$n.secret): is required; add it"):
        validated(RunRequest, {**change, **(JOB if change else {})})


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


@pytest.mark.parametrize("field", ["endpoint", "provider", "region", "projectId", "accessKey", "sharedParameters"])
def test_where_requests_go_is_not_for_a_run_request_to_say(field: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{field}: is not a known field"):
        validated(RunRequest, {**JOB, field: "https://attacker.example"})


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
def test_labels_are_few_and_small_since_every_event_repeats_them(letter: str) -> None:
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    most = letter * ((16_384 - len('{"team": ""}')) // each)
    assert validated(RunRequest, {**JOB, "labels": {"team": most}}).labels == {"team": most}
    with pytest.raises(InvalidRequest, match=r"^labels: .*at most 16384 bytes"):
        validated(RunRequest, {**JOB, "labels": {"team": most + letter}})
    labels = {str(number): "x" for number in range(50)}
    assert len(validated(RunRequest, {**JOB, "labels": labels}).labels) == 50
    with pytest.raises(InvalidRequest, match=r"^labels: must have at most 50 items"):
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
