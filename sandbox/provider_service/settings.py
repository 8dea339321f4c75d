"""How a provider's service is started: the settings that both have."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServiceSettings:
    """Without keys, random ones are made on first start and kept in the folder."""

    folder: Path
    access_key: str | None = None
    secret_key: str | None = None
    queue_seconds: float = 1.0
    run_seconds: float = 3.0
    """How long an execution runs at least."""
    speed: float = 1.0
    """Queue and run durations, time-outs and the like are divided by this; calls a second are not."""
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
