"""Connections as Secrets Manager keeps them. Keys go from the caller to AWS, and into no text."""

import json
import re
from collections.abc import Mapping
from typing import Any

from farsync_client.aws_json import AwsJson
from farsync_client.errors import AwsRejected, FarsyncError
from farsync_client.settings import StackSettings

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
REQUIRED = ("provider", "accessKey", "secretKey")


class ConnectionRejected(FarsyncError):
    """What was given is no connection."""

    usual_remedy = "Every field stands in docs/providers/."
    is_callers = True


def add_connection(aws: AwsJson, stack: StackSettings, name: str, content: Mapping[str, Any]) -> None:
    """Raises ConnectionRejected, and what `AwsJson.call` does."""
    if not NAME.fullmatch(name):
        raise ConnectionRejected(f"{name}: a connection's name is 1 to 40 letters, digits, - and _.")
    _check(content)
    key = {"KmsKeyId": stack.kms_key_arn} if stack.kms_key_arn else {}
    secret = {"Name": _secret_name(stack, name), "SecretString": json.dumps(content), **key}
    try:
        aws.call("secretsmanager", "CreateSecret", secret)
    except AwsRejected as error:
        if error.code == "ResourceExistsException":
            raise ConnectionRejected(
                f"There is a connection {name} already.", remedy=f"Change it: farsync connections rotate {name}"
            ) from error
        raise


def rotate_connection(aws: AwsJson, stack: StackSettings, name: str, changes: Mapping[str, Any]) -> None:
    """Lays the changes over what is there. Raises ConnectionRejected, and what `AwsJson.call` does."""
    secret = {"SecretId": _secret_name(stack, name)}
    try:
        text = aws.call("secretsmanager", "GetSecretValue", secret).get("SecretString", "")
    except AwsRejected as error:
        if error.code == "ResourceNotFoundException":
            raise ConnectionRejected(
                f"There is no connection {name}.", remedy=f"Add it: farsync connections add {name} --file FILE"
            ) from error
        raise
    try:
        content = {**json.loads(text), **changes}
    except (ValueError, TypeError):
        # What is there holds keys, perhaps: it must not be the cause of an error that is shown.
        raise ConnectionRejected(f"The secret of {name} is no JSON object.") from None
    _check(content)
    aws.call("secretsmanager", "PutSecretValue", {**secret, "SecretString": json.dumps(content)})


def _secret_name(stack: StackSettings, name: str) -> str:
    return f"{stack.secrets_prefix}/connections/{name}"


def _check(content: Mapping[str, Any]) -> None:
    """What is wrong beyond that, the connection's check shows."""
    for field in REQUIRED:
        if not isinstance(content.get(field), str) or not content[field]:
            raise ConnectionRejected(f"{field}: is missing, or no text.")
