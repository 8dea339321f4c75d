"""What a connection to Huawei Cloud holds."""

from collections.abc import Hashable, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from farsync.connections.connection import Connection
from farsync.connections.fields import Endpoint, Key

# The provider's SDK sends this region's jobs to the host of the other modules, and those of every other to `dayu-dlf`.
REGIONS_WITHOUT_FACTORY_HOST = frozenset({"cn-east-4"})

Identifier = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class HuaweiConnection(Connection):
    """Keys of an IAM user, permanent or temporary, and where its jobs live."""

    provider: Literal["huawei"]
    project_id: Annotated[
        Identifier, Field(description="give the project id of the region, as 'My Credentials' in the console shows it")
    ]
    region: Annotated[
        str | None, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$", description="give a region's id, as 'cn-north-4'")
    ] = None
    endpoint: Annotated[
        Endpoint,
        Field(
            description="give 'region' instead, or an https address: a host, a port and a path if need be, and nothing "
            "else"
        ),
    ]
    workspace: Annotated[
        Identifier | None, Field(description="give the workspace's id, or leave it out for the one named 'default'")
    ] = None
    security_token: Annotated[
        Key | None, Field(description="give the token that came with temporary keys, without spaces, or leave it out")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _endpoint_of_region(cls, content: Mapping[str, object]) -> Mapping[str, object]:
        region = content.get("region")
        if "endpoint" in content or not isinstance(region, str):
            return content
        host = "dayu" if region in REGIONS_WITHOUT_FACTORY_HOST else "dayu-dlf"
        return {**content, "endpoint": f"https://{host}.{region}.myhuaweicloud.com"}

    @property
    def credentials(self) -> tuple[Hashable, ...]:
        return *super().credentials, self.security_token

    @property
    def account(self) -> str:
        return self.project_id
