"""`sam build` and `sam deploy`, as a user calls them."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.deploy_check.emulator import REGION

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
PARAMETERS = {"Runtime": RUNTIME, "Architecture": ARCHITECTURE}
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
_BIN = Path(sys.executable).parent


class SamFailed(Exception):
    """A command of SAM ended badly. The text is the end of what it said."""


def build(template: Path, folder: Path) -> Path:
    """Builds for this machine's Python and processor; returns the built template."""
    environment = {"RUNTIME": RUNTIME, "ARCHITECTURE": ARCHITECTURE}
    folder.mkdir()
    _sam(
        folder.parent, ["build", "--template-file", str(template), "--build-dir", str(folder)], environment, PARAMETERS
    )
    return folder / "template.yaml"


def deploy(template: Path, stack_name: str, endpoint: str, parameters: Mapping[str, str]) -> None:
    command = ["deploy", "--template-file", str(template), "--stack-name", stack_name, "--resolve-s3"]
    command += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"]
    _sam(template.parent, command, {"AWS_ENDPOINT_URL": endpoint, **KEYS}, parameters)


def _sam(folder: Path, command: list[str], environment: Mapping[str, str], parameters: Mapping[str, str]) -> None:
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    own_configuration = folder / "samconfig.toml"
    own_configuration.write_text("version = 0.1\n")
    own = {"SAM_CLI_TELEMETRY": "0", "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    # Neither a profile nor a saved configuration may lead to a real account.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [_BIN / "sam", *command, "--config-file", str(own_configuration), "--parameter-overrides", *overrides],
        env={**kept, "AWS_DEFAULT_REGION": REGION, **own, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SamFailed(f"sam {command[0]}: {done.stdout[-3000:]}")
