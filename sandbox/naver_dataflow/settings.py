"""How a Data Flow service is started, and the keys that its clients sign with."""

import secrets
from dataclasses import dataclass
from typing import Literal

from sandbox.provider_service.keys import Keys, keep
from sandbox.provider_service.settings import ServiceSettings


@dataclass(frozen=True)
class Settings(ServiceSettings):
    dialect: Literal["G1", "G2"] = "G1"
    error_shape: Literal["detail", "nested"] = "detail"
    """How Data Flow's own errors look: top-level `detail`/`errorType`, or nested like the gateway's."""
    is_echoing_parameters: bool = False


def resolve_keys(settings: Settings) -> Keys:
    """The keys of the settings, else those kept in the folder, else new random ones."""
    if settings.access_key is not None and settings.secret_key is not None:
        return Keys(settings.access_key, settings.secret_key)
    fresh = {
        "accessKey": f"ncp_iam_{secrets.token_hex(10).upper()}",
        "secretKey": f"ncp_iam_{secrets.token_hex(20).upper()}",
    }
    kept = keep(settings.folder / "keys.json", fresh)
    return Keys(kept["accessKey"], kept["secretKey"])
