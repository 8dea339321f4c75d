"""Schemathesis calls every operation of docs/openapi.json, rightly and wrongly, in a whole sandbox.

It keeps all of its own checks but `unsupported_method`: API Gateway answers a method that a path has not by 404, not by
the 405 that the check wants.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, Phase, settings
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.specs.openapi.checks import unsupported_method

from farsync.runtime.http_api import Problem
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually
from tools.export_openapi import DOCUMENT
from tools.http_api.document import PROBLEM_TYPES

EXAMPLES = 10
schema = schemathesis.openapi.from_path(DOCUMENT)
# The signature is ours; random words in its place would be about the signing library.
schema.config.generation.update(with_security_parameters=False)
# What is far too long for a request line is rejected before anybody reads it.
schema.config.checks.negative_data_rejection.expected_statuses.append("431")


class Signature(AuthBase):
    """By botocore: requests-aws4auth cannot read a header with a quotation mark in it, and odd ones are sent here."""

    def __init__(self, aws: dict[str, Any]) -> None:
        credentials = Credentials(aws["accessKeyId"], aws["secretAccessKey"])
        self._signer = SigV4Auth(credentials, "execute-api", aws["region"])

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = AWSRequest(request.method, request.url, data=request.body)
        self._signer.add_auth(signed)
        request.headers.update(dict(signed.headers))
        return request


@dataclass(frozen=True)
class Served:
    """A sandbox, and what is there to be asked for, by the names of the path parameters."""

    sandbox: Sandbox
    signature: Signature
    there: dict[str, str]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    sandbox = Sandbox(speed=20)
    aws = sandbox.aws
    job = sandbox.emulator.make_job()
    jobs = f"/connections/{sandbox.emulator.connection}/jobs"
    run = sandbox.http("POST", f"/connections/{sandbox.emulator.connection}/runs", {"job": job}).json()["name"]
    execution = sandbox.http("POST", f"{jobs}/{job}/executions", {}).json()["execution"]["executionId"]
    eventually(lambda: sandbox.http("GET", f"/runs/{run}").json()["state"] == "SUCCEEDED")
    yield Served(
        sandbox,
        Signature(aws),
        {"connection": sandbox.emulator.connection, "job": job, "executionId": execution, "name": run},
    )
    sandbox.stop()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_of_the_http_api_is_as_its_document_says(case: schemathesis.Case[Any], served: Served) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        ask_for_what_may_be(case, served)
    answered = case.call_and_validate(
        base_url=served.sandbox.aws["httpApi"], auth=served.signature, excluded_checks=[unsupported_method]
    )
    if "problem" in answered.headers["content-type"][0]:
        documented = case.operation.definition.raw["responses"][str(answered.status_code)]
        assert Problem.model_validate_json(answered.content).type in documented[PROBLEM_TYPES]


def ask_for_what_may_be(case: schemathesis.Case[Any], served: Served) -> None:
    """Data of the right shape is rejected all the same where only Step Functions or the provider can know that it is
    wrong: a token that was never given, a window that ends before it begins, a state that no job knows, a node that the
    execution has not, run settings, a secret that is not there, letters that no provider's name has. Every other case
    asks for what is there, since chance would never name it.
    """
    path, query = case.path_parameters, case.query
    for name in ("nextToken", "since", "until", "node"):
        query.pop(name, None)
    if "status" in query:
        query["status"] = "RUNNING"
    body: Any = case.body
    if isinstance(body, dict):
        body.pop("condition", None)
        if isinstance(body.get("parameters"), dict):
            body["parameters"] = {key: value for key, value in body["parameters"].items() if isinstance(value, str)}
    for place in (path, query, body if isinstance(body, dict) else {}):
        if "job" in place and any(unicodedata.category(letter)[0] == "C" for letter in str(place["job"])):
            place["job"] = served.there["job"]
    if len(str(path.get("connection", path.get("name")))) % 2:
        path.update({name: served.there[name] for name in path})
        if isinstance(body, dict) and "job" in body:
            body["job"] = served.there["job"]
