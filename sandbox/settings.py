"""What a sandbox is started with, and what that means for each provider's service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

Cloud = Literal["naver", "huawei"]
CLOUDS: tuple[Cloud, ...] = get_args(Cloud)
MODULES: Mapping[Cloud, str] = {"naver": "sandbox.naver_dataflow", "huawei": "sandbox.huawei_dataarts"}
SERVICES: Mapping[Cloud, str] = {"naver": "Data Flow", "huawei": "DataArts Factory"}
TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"


@dataclass(frozen=True)
class SandboxSettings:
    """Without a folder, a temporary one is used, and removed in the end."""

    folder: Path | None = None
    dialect: Literal["G1", "G2"] = "G1"
    """Of Data Flow."""
    speed: float = 1.0
    """Waits and the providers' run times are divided by this."""
    queue_seconds: float = 1.0
    run_seconds: float = 3.0
    template: Path = TEMPLATE
    template_parameters: Mapping[str, str] = field(default_factory=dict)
    has_token_issuer: bool = False
    """The HTTP API takes tokens of the sandbox's own issuer."""
    processes_per_function: int = 2
    clouds: tuple[Cloud, ...] = CLOUDS
    """The connection `default` leads to the first of them."""
    huawei_options: Mapping[str, str] = field(default_factory=dict)
    """Further options of `python -m sandbox.huawei_dataarts`, `--error-codes` for one; a flag's value is empty."""
    schedules: Path | None = None
    """The template of a stack of schedules, as `make schedules` writes it."""

    def connection_secret(self, name: str) -> str:
        """What the template's functions call the secret of a connection."""
        return f"{self.template_parameters.get('SecretsPrefix', 'farsync')}/connections/{name}"

    def provider_options(self, cloud: Cloud, folder: Path) -> dict[str, str]:
        """Of the command that serves this cloud, which keeps its files in `folder`."""
        own = {"--dialect": self.dialect} if cloud == "naver" else self.huawei_options
        return {
            "--folder": str(folder),
            "--queue-seconds": str(self.queue_seconds),
            "--run-seconds": str(self.run_seconds),
            "--speed": str(self.speed),
            **own,
        }
