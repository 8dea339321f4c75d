"""Hands requests to moto: Step Functions, SQS and Secrets Manager, in this process."""

from collections.abc import Callable
from typing import Any

from moto.core.config import default_user_config
from moto.core.request import Request
from moto.secretsmanager.models import secretsmanager_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sqs.models import sqs_backends
from moto.sqs.responses import SQSResponse
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.http_server import HttpReply, HttpRequest, error_reply
from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.model import Queue

default_user_config["stepfunctions"]["execute_state_machine"] = True

# The most that every queue takes; a queue of 1 MiB must ask for it.
_LARGEST_MESSAGE_BYTES = "262144"
_DISPATCH: dict[str, Callable[..., Any]] = {
    "states": StepFunctionResponse.dispatch,
    "sqs": SQSResponse().dispatch,
    "secretsmanager": SecretsManagerResponse.dispatch,
}
_SERVICE_OF_TARGET = {"AWSStepFunctions": "states", "AmazonSQS": "sqs", "secretsmanager": "secretsmanager"}


def step_functions() -> Any:
    return stepfunctions_parser_backends[ACCOUNT_ID][REGION]


def queues() -> Any:
    return sqs_backends[ACCOUNT_ID][REGION]


def secrets() -> Any:
    return secretsmanager_backends[ACCOUNT_ID][REGION]


def reset() -> None:
    """Forgets everything, and ends executions that still run."""
    for machine in step_functions().state_machines:
        for execution in machine.executions:
            if execution.status == "RUNNING":
                execution.stop(None, None, None)
    for backend in (step_functions(), queues(), secrets()):
        backend.reset()


def operation_name(request: HttpRequest) -> str | None:
    """The API action of a request in one of AWS' JSON protocols, e.g. SendMessage."""
    _, _, action = request.headers.get("x-amz-target", "").rpartition(".")
    return action or None


def rejection_of_signature(request: HttpRequest, service: str) -> HttpReply | None:
    """None where the request is signed for that service in this region."""
    if f"/{REGION}/{service}/" in request.headers.get("authorization", ""):
        return None
    return error_reply(403, "IncompleteSignatureException", f"The request must be signed for {service} in {REGION}")


def handle(request: HttpRequest) -> HttpReply:
    target, _, _ = request.headers.get("x-amz-target", "").rpartition(".")
    service = _SERVICE_OF_TARGET.get(target.split("_")[0])
    if service is None:
        message = f"The sandbox knows {', '.join(_SERVICE_OF_TARGET)} and Lambda's Invoke, not {target!r}"
        return error_reply(404, "UnknownOperationException", message)
    rejection = rejection_of_signature(request, service)
    if rejection is not None:
        return rejection
    url = f"http://{request.headers.get('host', 'localhost')}{request.path}?{request.query}"
    normalized = Request.from_primitives(request.method, url, request.headers, request.body)
    normalized.from_wsgi_server = True
    status, headers, body = _DISPATCH[service](normalized, url, normalized.headers)
    content = body.encode() if isinstance(body, str) else bytes(body)
    kept = ((name, str(value)) for name, value in headers.items() if name.lower() != "content-length")
    return HttpReply(int(status), content, tuple(kept))


def create_queue(queue: Queue) -> None:
    attributes = {"MaximumMessageSize": _LARGEST_MESSAGE_BYTES, **queue.attributes}
    queues().create_queue(queue.name, None, region=REGION, **attributes)


def create_secret(name: str, text: str) -> None:
    secrets().create_secret(
        name=name,
        secret_string=text,
        secret_binary=None,
        description=None,
        tags=None,
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
