"""Which stacks are known, and which one is meant: a file of this user's, written by `farsync use`."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import BaseModel, ConfigDict, ValidationError

from farsync_client.errors import SettingsUnreadable


class StackSettings(BaseModel):
    """One stack: where its API is, and who calls it how. Holds no secret."""

    model_config = ConfigDict(frozen=True)

    stack: str
    api_url: str
    region: str | None = None
    profile: str | None = None
    token_issuer: str | None = None
    """Set where the API takes this issuer's tokens, and no signatures."""
    token_command: str | None = None
    """Prints such a token."""
    secrets_prefix: str = "farsync"
    kms_key_arn: str | None = None
    outputs: Mapping[str, str] = {}


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True)

    current: str | None = None
    stacks: Mapping[str, StackSettings] = {}

    def using(self, stack: StackSettings) -> "Settings":
        return Settings(current=stack.stack, stacks={**self.stacks, stack.stack: stack})


def settings_path(environ: Mapping[str, str]) -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/"""
    base = environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith(os.sep) else Path.home() / ".config") / "farsync" / "settings.json"


def load_settings(path: Path) -> Settings:
    """Raises SettingsUnreadable."""
    try:
        return Settings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, ValidationError) as error:
        raise SettingsUnreadable(f"{path} cannot be read.") from error


def save_settings(path: Path, settings: Settings) -> None:
    """Whole or not at all. Raises SettingsUnreadable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(settings.model_dump_json(indent=2, exclude_none=True) + "\n")
        Path(file.name).replace(path)
    except OSError as error:
        raise SettingsUnreadable(
            f"{path} cannot be written ({error.strerror}).", remedy="Set XDG_CONFIG_HOME to a folder of yours."
        ) from error
