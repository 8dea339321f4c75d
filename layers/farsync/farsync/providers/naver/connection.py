"""What a connection to NAVER Cloud holds."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from farsync.connections.connection import Connection
from farsync.connections.fields import Endpoint
from farsync.connections.object_storage import ObjectStorage
from farsync.signing.object_storage import StorageKeys

DATA_FLOW_ENDPOINT = "https://dataflow.apigw.ntruss.com"
STORAGE_ENDPOINT, STORAGE_REGION = "https://kr.object.ncloudstorage.com", "kr-standard"
"""https://api.ncloud-docs.com/docs/en/storage-objectstorage"""
DEFAULT_PORTS = {"https": 443, "http": 80}


class NaverConnection(Connection):
    """Keys of a main or a sub account."""

    provider: Literal["naver"]
    endpoint: Endpoint = DATA_FLOW_ENDPOINT
    run_marker: Annotated[Literal["logPath"] | None, Field(description="give 'logPath', or leave it out")] = None
    """Whether each run logs into a folder of its own, which proves whose execution it is."""

    @property
    def account(self) -> str:
        """The endpoint's host, spelled in one way: a default port, capitals or a last dot make no other account."""
        parts = urlsplit(self.endpoint)
        host = (parts.hostname or "").rstrip(".")
        return host if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"

    @property
    def object_storage(self) -> ObjectStorage:
        keys = StorageKeys(self.access_key.get_secret_value(), self.secret_key.get_secret_value(), STORAGE_REGION)
        return ObjectStorage(self.object_storage_endpoint or STORAGE_ENDPOINT, keys)
