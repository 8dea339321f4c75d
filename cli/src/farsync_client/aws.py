"""CloudFormation, asked for a stack's outputs, by signed requests: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html"""

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
    """Outputs and parameters of a stack, by name."""

    def __init__(self, outputs: Mapping[str, str], parameters: Mapping[str, str]) -> None:
        self.outputs = outputs
        self.parameters = parameters

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


def describe_stack(
    name: str, identity: AwsIdentity, session: requests.Session, environ: Mapping[str, str] = os.environ
) -> StackFacts:
    """Raises StackNotFound, NoCredentials, CredentialsExpired, AwsRejected, Unreachable, AnswerUnreadable."""
    region = identity.region
    url = endpoint("cloudformation", "CLOUDFORMATION", region, environ)
    try:
        response = session.post(
            f"{url.rstrip('/')}/",
            data=urlencode({"Action": "DescribeStacks", "Version": "2010-05-15", "StackName": name}),
            headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
            auth=Signature(identity, "cloudformation"),
            timeout=(10, 30),
        )
    except requests.exceptions.RequestException as error:
        raise Unreachable(f"No answer from {url}.", remedy="Check region and network, then call again.") from error
    try:
        document = ElementTree.fromstring(response.content)  # noqa: S314 - AWS's own answer
    except ElementTree.ParseError as error:
        raise AnswerUnreadable(f"{url} answered with something that is not CloudFormation's.") from error
    if not response.ok:
        raise _rejection(document, name, region)
    return StackFacts(
        _pairs(document, "Outputs", "OutputKey", "OutputValue"),
        _pairs(document, "Parameters", "ParameterKey", "ParameterValue"),
    )


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
