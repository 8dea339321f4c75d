import pytest

from farsync.errors import InvalidRequest
from farsync.run_request import RunRequest, SecretRef
from farsync.validation import validated

JOB = {"job": "5Yns7JgRt25f"}


def test_a_job_is_all_that_a_request_needs() -> None:
    request = validated(RunRequest, JOB)
    assert request.connection == "default"
    assert request.cancel_on_abort
    assert request.parameters == {}


def test_parameter_keys_stay_as_the_vendor_spells_them() -> None:
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
        ({"ifRunning": "maybe"}, "ifRunning", "must be 'start', 'fail', 'wait' or 'adopt'"),
        ({"cancelOnAbort": "yes"}, "cancelOnAbort", "must be a valid boolean"),
        ({"maxDetectionDelaySeconds": 0}, "maxDetectionDelaySeconds", "greater than or equal to 1"),
        ({"lookCostSeconds": -1}, "lookCostSeconds", "greater than 0"),
        ({"settleSeconds": 901}, "settleSeconds", "less than or equal to 900"),
        ({"labels": {"team": 1}}, "labels.team", "must be a valid string"),
        ({"schemaVersion": 2}, "schemaVersion", "must be 1"),
        ({"jobb": "x"}, "jobb", "is not a known field; remove it (known: cancelOnAbort,"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(change: dict[str, object], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        validated(RunRequest, {**JOB, **change})
    assert refused.value.field == field
    assert remedy in str(refused.value)


@pytest.mark.parametrize("job", ["a job", "작업 1", "a.b", ".a", "a.", "a-b_c:d"])
def test_letters_of_any_script_spaces_and_single_dots_may_stand_in_a_job(job: str) -> None:
    assert validated(RunRequest, {"job": job}).job == job


@pytest.mark.parametrize("name", [name for name in RunRequest.model_fields if "_" in name])
def test_a_name_that_the_state_machine_does_not_read_is_refused(name: str) -> None:
    """It would start the run, and be overlooked by the state machine."""
    default = RunRequest.model_validate(JOB).model_dump()[name]
    with pytest.raises(InvalidRequest) as refused:
        validated(RunRequest, {**JOB, name: default})
    assert refused.value.field == name
    assert "is not a known field; remove it" in str(refused.value)


def test_a_missing_job_is_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="job: is required; add it"):
        validated(RunRequest, {})


def test_a_refusal_never_repeats_a_value() -> None:
    with pytest.raises(InvalidRequest) as refused:
        validated(
            RunRequest, {**JOB, "timeoutSeconds": "hunter2", "labels": "hunter2", "parameters": {"$p": ["hunter2"]}}
        )
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None
