"""Sums over events: the event of an end says what its run cost at AWS."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import typer

from farsync_client.models import Event

ENDS = (
    "execution.succeeded",
    "execution.failed",
    "execution.canceled",
    "execution.timed_out",
    "run.failed",
    "run.unobservable",
)
NameOf = Callable[[Event], str]


@dataclass(frozen=True)
class CostLine:
    name: str
    runs: int
    succeeded: int
    usd: float


def sum_costs(events: Iterable[Event], name_of: NameOf) -> list[CostLine]:
    """The dearest first. A run with two events, as one that was out of sight for a while, counts once."""
    groups: dict[str, dict[str, list[Event]]] = {}
    for event in events:
        run = str(event.data.get("runName") or event.id)
        groups.setdefault(name_of(event), {}).setdefault(run, []).append(event)
    lines = [
        CostLine(
            name,
            len(runs),
            sum(any(event.short_type == "execution.succeeded" for event in ends) for ends in runs.values()),
            sum(max(_usd(event.data) for event in ends) for ends in runs.values()),
        )
        for name, runs in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line.usd, line.name))


def grouping(by: str) -> NameOf:
    """`job`, `connection`, `day`, or `label:NAME`. Raises BadParameter."""
    kind, _, label = by.partition(":")
    if kind == "label" and label:
        return lambda event: _label(event, label)
    if by in _NAMES:
        return _NAMES[by]
    raise typer.BadParameter(f"{by!r} must be job, connection, day, or label:NAME", param_hint="--by")


def _usd(data: Mapping[str, object]) -> float:
    cost = data.get("estimatedCostUsd")
    return float(cost) if isinstance(cost, int | float) else 0.0


def _label(event: Event, label: str) -> str:
    labels = event.data.get("labels")
    return str(labels.get(label, "(none)")) if isinstance(labels, Mapping) else "(none)"


_NAMES: Mapping[str, NameOf] = {
    "job": lambda event: str(event.data.get("jobName") or event.data.get("job") or "(unknown)"),
    "connection": lambda event: str(event.data.get("connection") or "(unknown)"),
    "day": lambda event: f"{event.time.astimezone():%Y-%m-%d}",
}
