"""The fault matrix, as tests/state_machines/fault_matrix.yaml has it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from tools.states_language import ROOT

MATRIX_FILE = ROOT / "tests" / "state_machines" / "fault_matrix.yaml"


class MatrixModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


class End(MatrixModel):
    """The end of a run, as seen from outside. `events` are types without `io.farsync.`."""

    status: str
    error: str | None = None
    executions: int
    events: tuple[str, ...]


class Circumstances(MatrixModel):
    """How the fault is met, by a row, a column or a way; the more special prevails."""

    times: int | None = None
    skip: int | None = None
    done: bool | None = None
    seconds: float | None = None
    retry_after: int | None = None
    request: Mapping[str, object] = {}
    run_seconds: float | None = None


class Operation(Circumstances):
    title: str
    about: str
    cloud: str | None = None
    """The only cloud that plays it: no provider has a part in it."""


class Fault(Circumstances):
    fault: str | None = None
    """The stand-ins' word; none where the fault is not theirs but the key's."""
    is_key_old: bool = False


class Way(Circumstances):
    """One way to meet the fault, and the name of the end that it comes to."""

    end: str
    when: str | None = None
    cloud: str | None = None
    is_reply_lost: bool = False
    """The function that starts dies before it can return the provider's reply."""
    is_secret_old: bool = False
    """The secret has not been rotated."""


class NoWay(MatrixModel):
    """Why the operation cannot meet the fault."""

    because: str


def _read_ways(cell: object) -> object:
    if isinstance(cell, dict) and "because" in cell:
        return cell
    ways = cell if isinstance(cell, list) else [cell]
    return tuple({"end": way} if isinstance(way, str) else way for way in ways)


Cell = Annotated[tuple[Way, ...] | NoWay, BeforeValidator(_read_ways)]


class FaultMatrix(MatrixModel):
    ends: Mapping[str, End]
    operations: Mapping[str, Operation]
    faults: Mapping[str, Fault]
    cells: Mapping[str, Mapping[str, Cell]]

    @model_validator(mode="after")
    def _check(self) -> "FaultMatrix":
        if self.cells.keys() != self.operations.keys():
            raise ValueError("there must be cells for every operation and no other")
        for operation, row in self.cells.items():
            if row.keys() != self.faults.keys():
                raise ValueError(f"{operation}: wrong or missing: {sorted(row.keys() ^ self.faults.keys())}")
        for operation, fault, way in self.ways():
            if way.end not in self.ends:
                raise ValueError(f"{operation}, {fault}: there is no end {way.end}")
        return self

    def ways(self, cloud: str | None = None) -> Iterator[tuple[str, str, Way]]:
        """Operation, fault and way, for each way of each cell that holds for the cloud; for any, without one."""
        for operation, row in self.cells.items():
            for fault, cell in row.items():
                ways = () if isinstance(cell, NoWay) else cell
                for way in ways:
                    if cloud is None or {way.cloud, self.operations[operation].cloud} <= {None, cloud}:
                        yield operation, fault, way


def read_fault_matrix(path: Path = MATRIX_FILE) -> FaultMatrix:
    """Raises pydantic's ValidationError where a cell is missing, or names an end that is not there."""
    return FaultMatrix.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
