"""CloudFormation, asked by signed requests: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html"""

import os
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree

import requests

from farsync_client.errors import (
    AnswerUnreadable,
    AwsRejected,
    CredentialsExpired,
    FarsyncError,
    NoFarsyncStack,
    StackNotFound,
    Unreachable,
)
from farsync_client.identity import AwsIdentity, Signature

NAMESPACE = {"c": "http://cloudformation.amazonaws.com/doc/2010-05-15/"}
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")


class StackFacts:
    """Outputs and parameters of a stack, by name, and its status in CloudFormation's words."""

    def __init__(self, outputs: Mapping[str, str], parameters: Mapping[str, str], status: str = "") -> None:
        self.outputs = outputs
        self.parameters = parameters
        self.status = status

    @property
    def api_url(self) -> str:
        """Raises NoFarsyncStack."""
        if "HttpApiUrl" not in self.outputs:
            raise NoFarsyncStack("The stack has no output HttpApiUrl.")
        return self.outputs["HttpApiUrl"]


def endpoint(service: str, variable: str, region: str, environ: Mapping[str, str]) -> str:
    """Where a service of AWS is. `variable` is the end of the name by which every AWS tool takes another address:
    https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
    """
    override = environ.get(f"AWS_ENDPOINT_URL_{variable}") or environ.get("AWS_ENDPOINT_URL")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return override or f"https://{service}.{region}.{suffix}"


class CloudFormation:
    """Every method raises StackNotFound, NoCredentials, CredentialsExpired, AwsRejected, Unreachable and
    AnswerUnreadable.
    """

    def __init__(
        self, identity: AwsIdentity, session: requests.Session, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._identity = identity
        self._session = session
        self._environ = environ

    def describe(self, stack: str) -> StackFacts:
        document = self.ask("DescribeStacks", stack)
        return StackFacts(
            _pairs(document, "Outputs", "OutputKey", "OutputValue"),
            _pairs(document, "Parameters", "ParameterKey", "ParameterValue"),
            document.findtext(".//c:StackStatus", "", NAMESPACE),
        )

    def template(self, stack: str) -> str:
        """As it was deployed."""
        return self.ask("GetTemplate", stack).findtext(".//c:TemplateBody", "", NAMESPACE)

    def ask(self, action: str, stack: str, fields: Mapping[str, str] | None = None) -> ElementTree.Element:
        region = self._identity.region
        url = endpoint("cloudformation", "CLOUDFORMATION", region, self._environ)
        asked = {"Action": action, "Version": "2010-05-15", "StackName": stack, **(fields or {})}
        try:
            response = self._session.post(
                f"{url.rstrip('/')}/",
                data=urlencode(asked),
                headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
                auth=Signature(self._identity, "cloudformation"),
                timeout=(10, 30),
            )
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"No answer from {url}.", remedy="Check region and network, then call again.") from error
        try:
            document = ElementTree.fromstring(response.content)  # noqa: S314 - AWS's own answer
        except ElementTree.ParseError as error:
            raise AnswerUnreadable(f"{url} answered with something that is not CloudFormation's.") from error
        if not response.ok:
            raise _rejection(document, stack, region)
        return document


def describe_stack(
    name: str, identity: AwsIdentity, session: requests.Session, environ: Mapping[str, str] = os.environ
) -> StackFacts:
    """Raises as `CloudFormation` does."""
    return CloudFormation(identity, session, environ).describe(name)


def _rejection(document: ElementTree.Element, stack: str, region: str) -> FarsyncError:
    code = document.findtext(".//c:Code", "", NAMESPACE)
    message = document.findtext(".//c:Message", "", NAMESPACE)
    if code == "ValidationError" and "does not exist" in message:
        return StackNotFound(f"There is no stack {stack} in {region}.")
    if code in EXPIRED:
        return CredentialsExpired("The AWS credentials have expired.")
    return AwsRejected(f"CloudFormation: {message or code}.".replace("..", "."), code=code)


def _pairs(document: ElementTree.Element, group: str, key: str, value: str) -> dict[str, str]:
    members = document.iterfind(f".//c:{group}/c:member", NAMESPACE)
    return {
        member.findtext(f"c:{key}", "", NAMESPACE): member.findtext(f"c:{value}", "", NAMESPACE) for member in members
    }
