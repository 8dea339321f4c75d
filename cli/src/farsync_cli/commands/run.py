"""`farsync run`: start a run, and follow it if asked."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from farsync_cli.following import follow, how_to_go_on
from farsync_cli.near_names import near_names_offered
from farsync_cli.options import (
    ConnectionOption,
    JobArgument,
    JsonOption,
    KeyOption,
    LabelOption,
    ParameterOption,
    WatchOption,
    pairs,
)
from farsync_cli.rendering.values import short_name
from farsync_cli.surroundings import surroundings_of


def run(
    context: typer.Context,
    job: JobArgument,
    parameter: ParameterOption = None,
    connection: ConnectionOption = "default",
    label: LabelOption = None,
    key: KeyOption = None,
    timeout: Annotated[
        int | None, typer.Option(min=1, metavar="SECONDS", help="How long the run may take, queueing included.")
    ] = None,
    if_running: Annotated[
        str | None, typer.Option(metavar="WHAT", help="While the job runs already: start, fail, wait or attach.")
    ] = None,
    request: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A run request as JSON, - for standard input; options are laid over it."),
    ] = None,
    watch: WatchOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a run of a job."""
    surroundings = surroundings_of(context)
    fields = _read_request(request) if request else {}
    fields.pop("job", None)
    given = {"timeoutSeconds": timeout, "ifRunning": if_running}
    parameters = {**fields.pop("parameters", {}), **pairs(parameter, "--parameter")}
    labels = {**fields.pop("labels", {}), **pairs(label, "--label")}
    fields |= {name: value for name, value in given.items() if value is not None}
    over = fields.pop("connection", connection) if connection == "default" else connection
    with near_names_offered(surroundings.client, over, job):
        begun = surroundings.client.run(
            job, connection=over, parameters=parameters or None, labels=labels or None, key=key, **fields
        )
    screen = surroundings.screen
    if watch:
        screen.note(f"Run {short_name(begun.name)} of {job} has begun. Ctrl-C leaves it alone.")
        raise follow(surroundings, begun.name, as_json=as_json)
    if as_json:
        screen.show_json({"name": begun.name})
        return
    screen.show([f"Run {short_name(begun.name)} of {job} has begun."])
    screen.note(how_to_go_on(begun.name))


def _read_request(path: Path) -> dict[str, Any]:
    """Raises BadParameter."""
    try:
        content = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="--request") from error
    except ValueError as error:
        raise typer.BadParameter(f"{path}: is no JSON: {error}", param_hint="--request") from error
    if not isinstance(content, dict) or not all(
        isinstance(content.get(name, {}), dict) for name in ("parameters", "labels")
    ):
        raise typer.BadParameter(f"{path}: must be an object, and so parameters and labels", param_hint="--request")
    return content
