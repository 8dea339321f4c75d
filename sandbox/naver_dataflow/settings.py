"""How a Data Flow service is started, and the keys that its clients sign with."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.provider_service.keys import Keys, keep


@dataclass(frozen=True)
class Settings:
    """Everything a service needs. Without keys, random ones are made on first start and kept in the folder."""

    folder: Path
    access_key: str | None = None
    secret_key: str | None = None
    dialect: Literal["G1", "G2"] = "G1"
    error_shape: Literal["detail", "nested"] = "detail"
    """How Data Flow's own errors look: top-level `detail`/`errorType`, or nested like the gateway's."""
    is_echoing_parameters: bool = False
    queue_seconds: float = 1.0
    run_seconds: float = 3.0
    """How long an execution is RUNNING at least."""
    speed: float = 1.0
    """Queue, run and time-out durations are divided by this."""
    host: str = "127.0.0.1"
    port: int = 0
    """0: any free port."""

    def __post_init__(self) -> None:
        if self.speed <= 0:
            raise ValueError(f"speed must be above 0, got {self.speed}")
        if self.queue_seconds < 0 or self.run_seconds < 0:
            raise ValueError("queue_seconds and run_seconds must not be negative")
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key belong together: give both or neither")

    @property
    def buckets_folder(self) -> Path:
        return self.folder / "buckets"


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
