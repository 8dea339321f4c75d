"""What a connection to Huawei Cloud holds."""

import re
from collections.abc import Hashable, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from farsync.connections.connection import Connection
from farsync.connections.fields import Endpoint, Key
from farsync.connections.object_storage import ObjectStorage
from farsync.signing.object_storage import StorageKeys

# The provider's SDK sends this region's jobs to the host of the other modules, and those of every other to `dayu-dlf`.
REGIONS_WITHOUT_FACTORY_HOST = frozenset({"cn-east-4"})

HOST_OF_REGION = re.compile(r"[a-z-]+\.([a-z0-9]+(?:-[a-z0-9]+)+)\.(myhuaweicloud\.(?:com|eu))")

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

    @property
    def object_storage(self) -> ObjectStorage | None:
        """Of the endpoint's region; None where another cloud with this API serves it, and no storage is named."""
        host = urlsplit(self.endpoint).hostname or ""
        in_host = HOST_OF_REGION.fullmatch(host)
        region = self.region or (in_host[1] if in_host else None)
        endpoint = self.object_storage_endpoint or (in_host and f"https://obs.{region}.{in_host[2]}")
        if not endpoint:
            return None
        token = self.security_token.get_secret_value() if self.security_token else None
        access_key, secret_key = self.access_key.get_secret_value(), self.secret_key.get_secret_value()
        keys = StorageKeys(access_key, secret_key, region or "region", token)
        return ObjectStorage(endpoint, keys, is_bucket_in_host=True)
