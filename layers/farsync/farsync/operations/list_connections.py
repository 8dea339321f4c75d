"""List connections: names and providers, and what is wrong with a secret; never a key."""

import re
from collections.abc import Iterator

from farsync.aws.client import named_failures
from farsync.connections.secrets import DEFAULT_PREFIX, connection_secret
from farsync.model.errors import ConnectionInvalid, ConnectionNotFound
from farsync.model.execution import WireModel
from farsync.model.validation import validated
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

PAGE_SIZE = 100
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


class ListConnections(WireModel):
    """All of them."""


class ConnectionListed(WireModel):
    """A connection, without its keys."""

    name: str
    provider: str | None = None
    """Absent where the secret cannot be read."""
    region: str | None = None
    """Absent where the connection names none."""
    error: str | None = None
    """What is wrong with the secret, if anything is."""


class ConnectionList(WireModel):
    """By name."""

    connections: tuple[ConnectionListed, ...]


def list_connections(context: Context, invocation: Invocation) -> Answer:
    """Of secrets under another name below the prefix nothing is shown: no request could name them."""
    validated(ListConnections, invocation.payload)
    with named_failures():
        names = sorted(_names(context))
    return Answer(ConnectionList(connections=tuple(_listed(context, name) for name in names)))


def _names(context: Context) -> Iterator[str]:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html"""
    begin = connection_secret(context.variables.get("SECRETS_PREFIX", DEFAULT_PREFIX), "")
    question: dict[str, object] = {"Filters": [{"Key": "name", "Values": [begin]}], "MaxResults": PAGE_SIZE}
    while True:
        page = context.aws.call("secretsmanager", "ListSecrets", question)
        for secret in page["SecretList"]:
            name = str(secret["Name"]).removeprefix(begin)
            if _NAME.fullmatch(name):
                yield name
        if not page.get("NextToken"):
            return
        question["NextToken"] = page["NextToken"]


def _listed(context: Context, name: str) -> ConnectionListed:
    try:
        connection = context.connections.refetch(name)
    except (ConnectionInvalid, ConnectionNotFound) as wrong:
        return ConnectionListed(name=name, error=str(wrong))
    return ConnectionListed(name=name, provider=connection.provider, region=getattr(connection, "region", None))
