"""What a connection to NAVER Cloud holds."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from farsync.connections import Connection, Endpoint

DATA_FLOW_ENDPOINT = "https://dataflow.apigw.ntruss.com"


class NaverConnection(Connection):
    """Keys of a main or a sub account."""

    provider: Literal["naver"]
    endpoint: Endpoint = DATA_FLOW_ENDPOINT
    run_marker: Annotated[Literal["logPath"] | None, Field(description="give 'logPath', or leave it out")] = None
    """Whether each run logs into a folder of its own, which proves whose execution it is."""

    @property
    def account(self) -> str:
        return urlsplit(self.endpoint).netloc
