"""Services of AWS that speak JSON, by signed requests: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html"""

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import requests

from farsync_client.aws import EXPIRED, endpoint
from farsync_client.errors import AnswerUnreadable, AwsRejected, CredentialsExpired, Unreachable
from farsync_client.identity import AwsIdentity, Signature

Service = Literal["secretsmanager", "sqs", "states"]


class _Protocol(NamedTuple):
    target: str
    version: str
    variable: str
    """The end of the variable that names another endpoint."""


PROTOCOLS: Mapping[Service, _Protocol] = {
    "secretsmanager": _Protocol("secretsmanager", "1.1", "SECRETS_MANAGER"),
    "sqs": _Protocol("AmazonSQS", "1.0", "SQS"),
    "states": _Protocol("AWSStepFunctions", "1.0", "SFN"),
}


class AwsJson:
    def __init__(self, identity: AwsIdentity, session: requests.Session, environ: Mapping[str, str]) -> None:
        self._identity = identity
        self._session = session
        self._environ = environ

    def call(self, service: Service, action: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Sent once. Raises AwsRejected, CredentialsExpired, NoCredentials, Unreachable, AnswerUnreadable.

        No error's text holds anything of the body.
        """
        protocol = PROTOCOLS[service]
        url = endpoint(service, protocol.variable, self._identity.region, self._environ)
        try:
            response = self._session.post(
                f"{url.rstrip('/')}/",
                data=json.dumps(body),
                headers={
                    "content-type": f"application/x-amz-json-{protocol.version}",
                    "x-amz-target": f"{protocol.target}.{action}",
                },
                auth=Signature(self._identity, service),
                timeout=(10, 30),
            )
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"No answer from {url}.", remedy="Check region and network, then call again.") from error
        return _read(response, service, action)


def _read(response: requests.Response, service: str, action: str) -> dict[str, Any]:
    try:
        content = json.loads(response.content or b"{}")
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise AnswerUnreadable(f"{service} answered {response.status_code} with something that is no answer.")
    if response.ok:
        return content
    code = str(content.get("__type", f"HTTP {response.status_code}")).split("#")[-1].split(":")[0]
    if code in EXPIRED:
        raise CredentialsExpired("The AWS credentials have expired.")
    message = content.get("message") or content.get("Message") or "no reason given"
    raise AwsRejected(f"{action}: {code}: {message}", code=code)
