"""Every name of an error that AWS may answer: what passes is repeated, all else is there at once with its remedy."""

import json
import re
from typing import Any, cast

import botocore.session
import pytest
import requests
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from farsync.aws import error_codes
from farsync.aws.client import READING_ACTIONS, AwsCaller, AwsRequestFailed, named
from farsync.connections.store import ConnectionStore
from farsync.model.errors import FarsyncError
from farsync.runtime.context import Context, fetch_secret
from tests.unit.statuses.replying import ENVIRON, transport_answering
from tools.states_language import ROOT
from tools.statuses import ErrorOfCall, ErrorOfSecret, read_aws_errors

ERRORS = read_aws_errors()
LAYER = ROOT / "layers" / "farsync" / "farsync"
ACTION = re.compile(r'"((?:Change|Describe|Get|List|Send|Start|Stop)[A-Z]\w+[a-z])"')
SERVICES = ("logs", "secretsmanager", "sqs", "stepfunctions")
CONNECTION = '{"provider": "naver", "accessKey": "access", "secretKey": "secret"}'
REPEATED = ("Throttled", "ProviderUnavailable")


def rejection(name: str, status: int, message: str = "said") -> tuple[int, bytes]:
    return status, json.dumps({"__type": f"com.amazonaws#{name}", "message": message}).encode()


@pytest.mark.parametrize(
    ("row", "name"), [(row, name) for row in ERRORS.calls for name in row.names], ids=lambda value: str(value)[:30]
)
def test_a_call_that_aws_rejects_fails_by_its_name_with_the_remedy(row: ErrorOfCall, name: str) -> None:
    asked: list[object] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, bytes]:
        asked.append(request)
        return rejection(name, row.status)

    aws = AwsCaller(transport_answering(answer, max_attempts=3), ENVIRON)
    with pytest.raises(AwsRequestFailed) as caught:
        aws.call("states", "DescribeExecution", {"executionArn": "arn"})
    error = named(caught.value)
    assert type(error).__name__ == row.error
    assert row.words in str(error)
    assert f"{name}: said" in str(error)
    assert len(asked) == (3 if caught.value.is_transient else 1)
    assert not caught.value.is_lasting or row.error not in REPEATED


@pytest.mark.parametrize(
    ("row", "name"), [(row, name) for row in ERRORS.secrets for name in row.names], ids=lambda value: str(value)[:30]
)
def test_a_secret_that_cannot_be_read_is_named_with_the_remedy(row: ErrorOfSecret, name: str) -> None:
    asked: list[str] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, bytes]:
        secret_id = json.loads(cast("bytes", request.body))["SecretId"]
        asked.append(secret_id)
        if secret_id == "farsync/connections/good":
            return 200, json.dumps({"Name": secret_id, "SecretString": CONNECTION}).encode()
        if name == "BinarySecret":
            return 200, json.dumps({"Name": secret_id, "SecretBinary": "AAEC"}).encode()
        return rejection(name, row.status, row.message)

    context = context_of(AwsCaller(transport_answering(answer), ENVIRON))
    for expected, secret_id, read in (
        (row.connection, "farsync/connections/bad", lambda: context.connections.get("bad")),
        (row.parameter, "farsync/parameters/good/token", lambda: context.fetch_parameter("good", "token")),
    ):
        with pytest.raises(FarsyncError) as caught:
            read()
        assert type(caught.value).__name__ == expected
        if expected not in (*REPEATED, "PermissionDenied"):
            assert secret_id in str(caught.value)
            assert row.words in str(caught.value)
        assert secret_id in asked


def context_of(aws: AwsCaller) -> Context:
    nothing = cast("Any", None)
    store = ConnectionStore(lambda secret_id: fetch_secret(aws, secret_id), lambda: 0.0)
    return Context(nothing, nothing, nothing, nothing, nothing, aws, store, {})


def test_every_error_of_every_call_that_farsync_makes_is_in_the_table() -> None:
    texts = [path.read_text(encoding="utf-8") for path in LAYER.rglob("*.py")]
    made = {action for text in texts if ".call(" in text for action in ACTION.findall(text)}
    models = [botocore.session.get_session().get_service_model(service) for service in SERVICES]
    known = {action: model.operation_model(action) for model in models for action in made & {*model.operation_names}}
    assert made >= READING_ACTIONS
    assert known.keys() == made
    listed = set[str]().union(*(row.names for row in ERRORS.calls), *(row.names for row in ERRORS.secrets))
    assert {shape.name for action in known.values() for shape in action.error_shapes} <= listed


def test_what_amazons_own_sdk_repeats_is_repeated() -> None:
    throttled = vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]
    transient = vars(TransientRetryableChecker)["_TRANSIENT_ERROR_CODES"]
    assert set(throttled) <= error_codes.THROTTLED
    assert set(transient) <= error_codes.THROTTLED | error_codes.FAILED_WITHIN_AWS
