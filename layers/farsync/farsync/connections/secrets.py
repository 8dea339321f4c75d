"""Secrets in Secrets Manager: their names, which begin with the stack's prefix, and remedies for unreadable ones."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from farsync.aws.client import AwsRequestFailed, named
from farsync.model.errors import ConnectionInvalid, ConnectionNotFound, FarsyncError, InvalidRequest

DEFAULT_PREFIX = "farsync"
NOT_THERE = "ResourceNotFoundException"
BINARY = "BinarySecret"
LASTING_CODES = frozenset(
    {"InvalidRequestException", "InvalidParameterException", "ValidationException", "DecryptionFailure", BINARY}
)
"""What AWS answers until somebody changes the secret."""


def connection_secret(prefix: str, connection_name: str) -> str:
    return f"{prefix}/connections/{connection_name}"


def parameter_secret(prefix: str, connection_name: str, shared_patterns: Iterable[str], name: str) -> str:
    """Secret parameters stand below their connection's name, shared ones beside it. A shared name may lie below another
    connection's: `*` never reaches over a '/', so that only a pattern which spells such a place out leads there.
    """
    folder = f"{prefix}/parameters"
    is_shared = any(_matches(name.split("/"), pattern.split("/")) for pattern in shared_patterns)
    return f"{folder}/{name}" if is_shared else f"{folder}/{connection_name}/{name}"


def _matches(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def unreadable_connection(connection_name: str, secret_id: str, failure: AwsRequestFailed) -> FarsyncError:
    """The failure under a name that the state machine knows."""
    if failure.code == NOT_THERE:
        return ConnectionNotFound(f"There is no connection {connection_name}; create the secret {secret_id}.")
    if (remedy := _remedy(failure)) is None:
        return named(failure)
    kind = ConnectionNotFound if _is_being_deleted(failure) else ConnectionInvalid
    return kind(f"Connection {connection_name}: the secret {secret_id} {remedy}.")


def unreadable_parameter(secret_id: str, failure: AwsRequestFailed) -> FarsyncError:
    """Missing and forbidden read the same: who may name a secret does not learn whether it is there."""
    if failure.code == NOT_THERE or (_is_denied(failure) and not _is_about_its_key(failure)):
        problem = f"there is no secret {secret_id} that runs over this connection may read; create it, as text"
    elif (remedy := _remedy(failure)) is not None:
        problem = f"the secret {secret_id} {remedy}"
    else:
        return named(failure)
    return InvalidRequest(f"parameters: {problem}", field="parameters")


def _remedy(failure: AwsRequestFailed) -> str | None:
    """What is wrong with the secret, and what to do; None where waiting may help."""
    if not failure.is_lasting:
        return None
    if _is_being_deleted(failure):
        return "is marked for deletion; restore it"
    if failure.code == BINARY:
        return "is binary; store it as text"
    if failure.code == "DecryptionFailure" or _is_about_its_key(failure):
        return "cannot be decrypted; give its key as the stack's KmsKeyArn, and let the key's policy and state allow it"
    return f"is rejected by AWS; put it right ({failure})" if failure.code in LASTING_CODES else None


def _is_being_deleted(failure: AwsRequestFailed) -> bool:
    return failure.code == "InvalidRequestException" and "delet" in str(failure)


def _is_denied(failure: AwsRequestFailed) -> bool:
    return failure.code.startswith("AccessDenied")


def _is_about_its_key(failure: AwsRequestFailed) -> bool:
    """Secrets Manager reports a denial of KMS under the same code as one of its own."""
    return _is_denied(failure) and re.search("Access to KMS|kms:", str(failure)) is not None
