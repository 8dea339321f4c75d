"""The HTTP API with a token issuer: tokens in place of signatures."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.sandbox import Sandbox

NOW = int(time.time())


@pytest.fixture(scope="module")
def issuing() -> Iterator[Sandbox]:
    """A sandbox whose HTTP API takes tokens of the sandbox's own issuer."""
    sandbox = Sandbox(speed=20, options=["--jwt"])
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def job(issuing: Sandbox) -> str:
    return issuing.emulator.make_job()


def token(sandbox: Sandbox, **claims: Any) -> str:
    reply = requests.post(sandbox.described["jwt"]["tokenUrl"], json=claims, timeout=30)
    assert reply.ok, reply.text
    return reply.text


def start(sandbox: Sandbox, job: str, **headers: str) -> Any:
    return sandbox.http("POST", "/connections/default/runs", {"job": job}, is_signed=False, **headers)


def test_a_run_is_started_and_shown_with_a_token(issuing: Sandbox, job: str) -> None:
    bearer = f"Bearer {token(issuing, sub='alice')}"
    started = start(issuing, job, authorization=bearer)
    assert started.status_code == 202, started.text
    name = started.json()["name"]
    assert issuing.wait_for(issuing.arn_of_run(name)).status == "SUCCEEDED"
    shown = issuing.http("GET", f"/runs/{name}", is_signed=False, authorization=bearer)
    assert shown.status_code == 200, shown.text


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW - 1}, "the token has expired"),
        ({"nbf": NOW + 3600}, "the token is not valid yet"),
        ({"iat": NOW + 3600}, "the token was issued in the future"),
        ({"aud": "another-service"}, "the token does not have a valid audience"),
        ({"iss": "https://issuer.example"}, "issuer does not match"),
    ],
)
def test_a_token_with_a_wrong_claim_starts_nothing(
    issuing: Sandbox, job: str, claims: dict[str, Any], reason: str
) -> None:
    before = set(issuing.names_of_executions("run_job"))
    rejected = start(issuing, job, authorization=f"Bearer {token(issuing, **claims)}")
    assert (rejected.status_code, rejected.json()) == (401, {"message": "Unauthorized"})
    assert f'error_description="{reason}"' in rejected.headers["www-authenticate"]
    assert set(issuing.names_of_executions("run_job")) == before


def test_a_changed_token_starts_nothing(issuing: Sandbox, job: str) -> None:
    header, _, signature = token(issuing).split(".")
    _, claims, _ = token(issuing, sub="mallory").split(".")
    rejected = start(issuing, job, authorization=f"Bearer {header}.{claims}.{signature}")
    assert rejected.status_code == 401
    assert 'error_description="signature is invalid"' in rejected.headers["www-authenticate"]


def test_without_a_token_nothing_is_started_signed_or_not(issuing: Sandbox, job: str) -> None:
    assert start(issuing, job).headers["www-authenticate"] == "Bearer"
    signed = issuing.http("POST", "/connections/default/runs", {"job": job})
    assert (signed.status_code, signed.json()) == (401, {"message": "Unauthorized"})


def access_log(sandbox: Sandbox) -> str:
    return (sandbox.logs_folder / "http_api.log").read_text()


def every_log(sandbox: Sandbox) -> str:
    return "\n".join(path.read_text() for path in sandbox.logs_folder.glob("*.log"))


def test_the_access_log_names_the_subject_and_no_log_holds_a_token(issuing: Sandbox) -> None:
    good, bad = token(issuing, sub="bob"), token(issuing, sub="carol", aud="another-service")
    for one in (good, bad):
        path = "/connections/default/jobs?name=hidden-in-the-query"
        issuing.http("GET", path, is_signed=False, authorization=f"Bearer {one}")
    log = access_log(issuing)
    assert '"subject":"bob"' in log
    assert "the token does not have a valid audience" in log
    assert not [secret for secret in ("carol", "hidden-in-the-query") if secret in log]
    assert not [part for part in (*good.split("."), *bad.split(".")) if part in every_log(issuing)]


@pytest.mark.newest_dialects
def test_the_access_log_names_the_signer_and_no_log_holds_a_signature(sandbox: Sandbox) -> None:
    reply = sandbox.http("GET", f"/connections/{sandbox.emulator.connection}/jobs?name=hidden-in-the-query")
    log = access_log(sandbox)
    assert reply.headers["apigw-requestid"] in log
    assert '"caller":"arn:aws:iam::123456789012:user/sandbox"' in log
    signature = reply.request.headers["authorization"].rpartition("Signature=")[2]
    assert not [secret for secret in (sandbox.aws["accessKeyId"], "hidden-in-the-query") if secret in log]
    assert not [secret for secret in (signature, sandbox.aws["secretAccessKey"]) if secret in every_log(sandbox)]
