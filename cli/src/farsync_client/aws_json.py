"""Services of AWS that speak JSON, by signed requests: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html"""

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

import requests

from farsync_client.aws import EXPIRED, endpoint
from farsync_client.errors import AnswerUnreadable, AwsRejected, CredentialsExpired, Unreachable
from farsync_client.identity import AwsIdentity, Signature

Service = Literal["monitoring", "secretsmanager", "sqs", "states"]


class _Protocol(NamedTuple):
    target: str
    version: str
    variable: str
    """The end of the variable that names another endpoint."""


PROTOCOLS: Mapping[Service, _Protocol] = {
    "monitoring": _Protocol("GraniteServiceVersion20100801", "1.0", "CLOUDWATCH"),
    "secretsmanager": _Protocol("secretsmanager", "1.1", "SECRETS_MANAGER"),
    "sqs": _Protocol("AmazonSQS", "1.0", "SQS"),
    "states": _Protocol("AWSStepFunctions", "1.0", "SFN"),
}


class FunctionFailed(AwsRejected):
    """A function raised; `code` is the error's name."""

    usual_remedy = "Correct what the text names, and call again."

    @property
    def name(self) -> str:
        return self.code


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
        headers = {
            "content-type": f"application/x-amz-json-{protocol.version}",
            "x-amz-target": f"{protocol.target}.{action}",
        }
        return _read(self._post(service, protocol.variable, "/", body, headers), action)

    def invoke(self, function: str, payload: Mapping[str, object]) -> dict[str, Any]:
        """What a function returns. Raises FunctionFailed where it raised, and what `call` does.

        https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
        """
        path = f"/2015-03-31/functions/{quote(function, safe='')}/invocations"
        response = self._post("lambda", "LAMBDA", path, payload, {"content-type": "application/json"})
        content = _read(response, "Invoke")
        if "x-amz-function-error" in response.headers:
            raise FunctionFailed(
                str(content.get("errorMessage") or "it gave no reason"), code=str(content.get("errorType") or "Fault")
            )
        return content

    def account_limit(self, name: str) -> int:
        """Of Lambda in this account and region, as ConcurrentExecutions. Raises as `call` does.

        https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
        """
        response = self._send("GET", "lambda", "LAMBDA", "/2016-08-19/account-settings", None, {})
        limit = _read(response, "GetAccountSettings").get("AccountLimit", {}).get(name)
        if not isinstance(limit, int):
            raise AnswerUnreadable("GetAccountSettings was answered without that limit.")
        return limit

    def _post(
        self, service: str, variable: str, path: str, body: Mapping[str, object], headers: Mapping[str, str]
    ) -> requests.Response:
        return self._send("POST", service, variable, path, json.dumps(body), headers)

    def _send(
        self, method: str, service: str, variable: str, path: str, data: str | None, headers: Mapping[str, str]
    ) -> requests.Response:
        url = endpoint(service, variable, self._identity.region, self._environ).rstrip("/")
        try:
            return self._session.request(
                method,
                f"{url}{path}",
                data=data,
                headers=dict(headers),
                auth=Signature(self._identity, service),
                timeout=(10, 35),
            )
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"No answer from {url}.", remedy="Check region and network, then call again.") from error


def _read(response: requests.Response, action: str) -> dict[str, Any]:
    try:
        content = json.loads(response.content or b"{}")
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise AnswerUnreadable(f"{action} was answered {response.status_code} with something that is no answer.")
    if response.ok:
        return content
    code = str(content.get("__type", f"HTTP {response.status_code}")).split("#")[-1].split(":")[0]
    if code in EXPIRED:
        raise CredentialsExpired("The AWS credentials have expired.")
    message = content.get("message") or content.get("Message") or "no reason given"
    raise AwsRejected(f"{action}: {code}: {message}", code=code)
