"""A job over the airports in one of the clouds, ready to be run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.main_job.provider_client import ProviderClient
from sandbox.settings import Cloud


@dataclass(frozen=True)
class CloudJob:
    """Texts have `{feet}` where a run's least elevation stands."""

    cloud: Cloud
    connection: str
    """Of farsync's, which leads to this cloud."""
    job: str
    """Its id or name, as a run request gives it."""
    purpose: str
    """What it does, as the rest of a sentence about it."""
    parameter_texts: Mapping[str, str]
    buckets_folder: Path
    output_text: str
    """The folder that a run writes, below the buckets."""
    client: ProviderClient
    executions_path: str

    def parameters(self, min_elevation_feet: int) -> dict[str, str]:
        """What one run hands to the job."""
        return {name: text.format(feet=min_elevation_feet) for name, text in self.parameter_texts.items()}

    def provider_status(self, execution_id: str) -> str:
        """The provider's own word."""
        return str(self.client.call("GET", f"{self.executions_path}/{execution_id}")["status"])

    def output_files(self, min_elevation_feet: int) -> list[Path]:
        """What a run with this bound wrote."""
        return sorted((self.buckets_folder / self.output_text.format(feet=min_elevation_feet)).glob("*.csv"))
