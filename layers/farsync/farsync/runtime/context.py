"""What one Lambda environment keeps between invocations: clock, connections, one session."""

import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from farsync.aws.client import AwsCaller, AwsRequestFailed
from farsync.connections.connection import Connection
from farsync.connections.secrets import BINARY, DEFAULT_PREFIX, unreadable_parameter
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.http_client.networks import EndpointCheck, Networks
from farsync.http_client.retry import RETRY_SECONDS, Retrying
from farsync.model.errors import FarsyncError, InvalidRequest
from farsync.runtime.connected_provider import ConnectedProvider

DEFAULT_GRACE_SECONDS = "300"


class Context(NamedTuple):
    """Time, randomness and the network, handed to every use case."""

    clock: Callable[[], float]
    sleep: Callable[[float], object]
    random: Callable[[], float]
    new_token: Callable[[], str]
    transport: Transport
    aws: AwsCaller
    connections: ConnectionStore
    variables: Mapping[str, str]

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    @property
    def grace_seconds(self) -> float:
        """How long after a deadline or an abort the execution's end is waited for before the run is unobservable."""
        return float(self.variables.get("GRACE_PERIOD_SECONDS", DEFAULT_GRACE_SECONDS))

    def fetch_parameter(self, connection_name: str, name: str, stage: str | None = None) -> str:
        """The value of `{"secret": name}` in a run over the connection; the current one, unless a stage of Secrets
        Manager is named. Raises InvalidRequest, which names the secret, and what `ConnectionStore.get` raises.
        """
        connection = self.connections.get(connection_name)
        try:
            return self._read_parameter(connection, name, stage)
        except InvalidRequest:
            fresh = self.connections.refetch(connection_name)
            if fresh.shared_parameters == connection.shared_parameters:
                raise
            return self._read_parameter(fresh, name, stage)

    def leads_to(self, connection_name: str, account: tuple[str, str]) -> bool:
        """Whether runs over this connection start jobs of the provider's account. One that cannot be read may."""
        try:
            connection = self.connections.get(connection_name)
        except FarsyncError:
            return True
        return (connection.provider, connection.account) == account

    def _read_parameter(self, connection: Connection, name: str, stage: str | None) -> str:
        secret_id = self.connections.parameter_secret(connection, name)
        try:
            return fetch_secret(self.aws, secret_id, stage)
        except AwsRequestFailed as failure:
            raise unreadable_parameter(secret_id, failure) from failure

    def provider(self, connection_name: str) -> ConnectedProvider:
        """The provider to which the connection leads. Raises what `ConnectionStore.get` raises."""
        return ConnectedProvider(self.connections, self.transport, connection_name)


def fetch_secret(aws: AwsCaller, secret_id: str, stage: str | None = None) -> str:
    asked = {"SecretId": secret_id} if stage is None else {"SecretId": secret_id, "VersionStage": stage}
    reply = aws.call("secretsmanager", "GetSecretValue", asked)
    if "SecretString" not in reply:
        raise AwsRequestFailed(BINARY, f"the secret {secret_id} holds no text", 400)
    return str(reply["SecretString"])


def lambda_context(retry_seconds: float = RETRY_SECONDS) -> Context:
    """The context of a deployed function; `retry_seconds` bounds how long one request is repeated."""
    retrying = Retrying(time.time, time.sleep, random.random, budget_seconds=retry_seconds)
    networks = Networks(os.environ.get("ENDPOINT_NETWORKS", Networks.PUBLIC))
    # AWS has a session of its own: its endpoints may stand in your subnets.
    aws = AwsCaller(Transport(retrying=retrying), os.environ)
    return Context(
        clock=time.time,
        sleep=time.sleep,
        random=random.random,
        new_token=lambda: os.urandom(16).hex(),
        transport=Transport(retrying=retrying, check_url=EndpointCheck(networks)),
        aws=aws,
        connections=ConnectionStore(
            lambda secret_id: fetch_secret(aws, secret_id),
            clock=time.time,
            secrets_prefix=os.environ.get("SECRETS_PREFIX", DEFAULT_PREFIX),
        ),
        variables=os.environ,
    )
