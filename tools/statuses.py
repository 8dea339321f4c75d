"""The tables of statuses and of AWS's errors, as tests/unit/statuses has them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from tools.states_language import ROOT

FOLDER = ROOT / "tests" / "unit" / "statuses"
PROVIDERS = ("naver", "huawei", "other")
COLUMNS = ("read", "start", "cancel", "aws")


class StatusModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _by_provider(cell: object) -> object:
    given = cell if isinstance(cell, dict) else {"else": cell}
    return {provider: given.get(provider, given.get("else")) for provider in PROVIDERS}


Cell = Annotated[Mapping[str, str], BeforeValidator(_by_provider)]
"""An outcome for each provider."""


class StatusRow(StatusModel):
    name: str
    read: Cell
    start: Cell
    cancel: Cell
    aws: str
    why: str


class ErrorOfCall(StatusModel):
    names: tuple[str, ...]
    status: int = 400
    error: str
    words: str
    why: str


class ErrorOfSecret(StatusModel):
    names: tuple[str, ...]
    status: int = 400
    message: str = "said"
    connection: str
    parameter: str
    words: str
    why: str


class AwsErrors(StatusModel):
    calls: tuple[ErrorOfCall, ...]
    secrets: tuple[ErrorOfSecret, ...]


def read_statuses(path: Path = FOLDER / "statuses.yaml") -> dict[range, StatusRow]:
    """The rows by the statuses that they are about. Raises pydantic's ValidationError where a cell is missing."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))["statuses"]
    return {_range(str(key)): StatusRow.model_validate(row) for key, row in table.items()}


def read_aws_errors(path: Path = FOLDER / "aws_errors.yaml") -> AwsErrors:
    return AwsErrors.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _range(key: str) -> range:
    first, _, last = key.partition("-")
    return range(int(first), int(last or first) + 1)
