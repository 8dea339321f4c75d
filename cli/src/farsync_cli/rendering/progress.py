"""One line about a run that goes on."""

from datetime import datetime

from rich.text import Text

from farsync_cli.rendering.values import clock_time, duration, state_text
from farsync_client import FarsyncError
from farsync_client.models import RunDetails


def progress(run: RunDetails, now: datetime, median_seconds: float | None, failure: FarsyncError | None) -> Text:
    """State and time elapsed; then what is in the way, or the share of the median of past runs and the deadline."""
    elapsed = (now - run.started_at).total_seconds()
    line = state_text(run.state).append(f"  {duration(elapsed)}")
    if failure:
        return line.append(f"  trying again: {failure.message}", "yellow")
    if step(run) != run.state:
        line.append(f"  {step(run)}")
    if run.last_error:
        return line.append(f"  {run.last_error.name}: {run.last_error.message}", "yellow")
    if median_seconds:
        line.append(f"  {elapsed / median_seconds:.0%} of the median {duration(median_seconds)}", "dim")
    if run.deadline_at:
        left = (run.deadline_at - now).total_seconds()
        text = f"deadline {clock_time(run.deadline_at, now)}"
        line.append(f"  {text} (in {duration(left)})" if left > 0 else f"  {text} has passed", "dim")
    return line


def step(run: RunDetails) -> str:
    """What happens at the moment: in words, or in the provider's."""
    if run.state == "STOPPING":
        return "what it left is being stopped"
    if run.execution is None:
        return {"Prepare": "being prepared", "AwaitConsistency": "looking for its execution"}.get(
            run.step or "", "being started"
        )
    status = run.execution.provider_status or run.execution.status
    return status or "started"
