"""How a run ended, and what to do next."""

from collections.abc import Iterator

from rich.text import Text

from farsync_cli.rendering.page import command, field
from farsync_cli.rendering.values import dollars, duration, short_name, state_text
from farsync_client.models import RunDetails


def outcome(run: RunDetails, median_seconds: float | None, width: int | None) -> Iterator[Text]:
    """The end of a run that was followed."""
    yield state_text(run.state).append(f"  {run.job_name or run.job}").append(f"  run {short_name(run.name)}", "dim")
    yield from field("reason", reason(run), width)
    yield from field("took", took(run, median_seconds), width)
    yield from field("detected", detected(run), width)
    yield from field("cost", dollars(run.cost), width)
    for label, text in next_steps(run):
        yield from field(label, command(text), width)


def reason(run: RunDetails) -> str:
    return f"{run.reason.name}: {run.reason.message}" if run.reason and run.state != "SUCCEEDED" else ""


def took(run: RunDetails, median_seconds: float | None) -> str:
    text = duration(run.took_seconds)
    return f"{text} (median {duration(median_seconds)})" if text and median_seconds else text


def detected(run: RunDetails) -> str:
    """How long after the end it was seen."""
    delay = run.result.detection_delay_seconds if run.result else None
    return "" if delay is None else f"{delay:.0f} s after the end"


def next_steps(run: RunDetails) -> Iterator[tuple[str, str]]:
    """What a person does next, as labels and commands."""
    name = short_name(run.name)
    if not run.is_over:
        yield "follow", f"farsync watch {name}"
        if run.state != "STOPPING":
            yield "stop", f"farsync abort {name}"
        return
    yield "more", f"farsync show {name}"
    if run.execution is not None:
        yield "log", f"farsync logs {name}"
    if run.state != "SUCCEEDED":
        yield "run again", f"farsync rerun {name} --watch"
