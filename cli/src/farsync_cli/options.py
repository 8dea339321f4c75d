"""Options and arguments that several commands have."""

from collections.abc import Iterable
from typing import Annotated

import typer

from farsync_cli.completion import connection_names, job_names, run_names

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
RunArgument = Annotated[
    str,
    typer.Argument(metavar="RUN", help="Name of the run, or the beginning that `ls` shows.", autocompletion=run_names),
]
JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="The job's name, or its id.", autocompletion=job_names)]
ConnectionOption = Annotated[
    str,
    typer.Option(
        "-c",
        "--connection",
        envvar="FARSYNC_CONNECTION",
        help="Over which connection.",
        autocompletion=connection_names,
    ),
]
AnyConnectionOption = Annotated[
    str | None,
    typer.Option(
        "-c", "--connection", help="Only over this connection; else over all.", autocompletion=connection_names
    ),
]
JobOption = Annotated[str | None, typer.Option("--job", help="Only of this job.", autocompletion=job_names)]
ParameterOption = Annotated[
    list[str] | None, typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="A parameter; repeatable.")
]
LabelOption = Annotated[
    list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="A label, repeated in the event; repeatable.")
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="One key is one run, however often it is sent; for repeats.")
]
WatchOption = Annotated[bool, typer.Option("-w", "--watch", help="Follow it to its end; the exit code is the outcome.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="2h, 7d, today, yesterday, or 2026-11-22T06:00.")
]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Likewise.")]


def pairs(texts: Iterable[str] | None, option: str) -> dict[str, str]:
    """KEY=VALUE texts as an object. Raises BadParameter."""
    found: dict[str, str] = {}
    for text in texts or ():
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise typer.BadParameter(f"{text!r} must be KEY=VALUE", param_hint=option)
        if key in found:
            raise typer.BadParameter(f"{key} is given twice", param_hint=option)
        found[key] = value
    return found
