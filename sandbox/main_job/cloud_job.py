"""What the main job needs to know of a job in one of the clouds."""

from pathlib import Path
from typing import Protocol

from sandbox.settings import Cloud


class CloudJob(Protocol):
    """A job over the airports, ready to be run."""

    @property
    def cloud(self) -> Cloud: ...

    @property
    def connection(self) -> str:
        """Of farsync's, which leads to this cloud."""

    @property
    def job(self) -> str:
        """Its id or name, as a run request gives it."""

    @property
    def purpose(self) -> str:
        """What it does, as the rest of a sentence about it."""

    def parameters(self, min_elevation_feet: int) -> dict[str, str]:
        """What one run hands to the job."""

    def provider_status(self, execution_id: str) -> str:
        """The provider's own word."""

    def output_files(self, min_elevation_feet: int) -> list[Path]:
        """What a run with this bound wrote."""
