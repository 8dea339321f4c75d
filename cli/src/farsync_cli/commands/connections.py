"""`farsync connections`: which there are, whether they work, new ones, new keys."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from farsync_cli.completion import connection_names
from farsync_cli.exit_codes import ExitCode
from farsync_cli.findings import check_deeply
from farsync_cli.options import JsonOption
from farsync_cli.rendering.findings import findings_page
from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client.connection_secrets import add_connection, rotate_connection
from farsync_client.models import ConnectionItem

connections = typer.Typer(help="Accounts at providers, by name.", rich_markup_mode=None)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The connection's name.", autocompletion=connection_names)
]


@connections.command()
def ls(context: typer.Context, as_json: JsonOption = False) -> None:
    """List connections; keys are never shown."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    found = surroundings.client.connections()
    if as_json:
        screen.show_json({"connections": [connection.as_sent() for connection in found]})
    elif found:
        columns = (Column("CONNECTION", is_flexible=True), Column("PROVIDER"), Column("REGION"))
        rows = [Row([item.name, item.provider or "", item.region or ""], _error(item)) for item in found]
        screen.show(table(columns, rows, screen.width))
    else:
        screen.note("No connections yet. Add one: farsync connections add NAME --file FILE")


@connections.command()
def check(context: typer.Context, name: NameArgument, as_json: JsonOption = False) -> None:
    """Check a connection as the deployed functions see it; nothing is started."""
    surroundings = surroundings_of(context)
    _show_check(surroundings, name, as_json=as_json)


@connections.command()
def add(
    context: typer.Context,
    name: NameArgument,
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="The connection as JSON, - for standard input.")],
    as_json: JsonOption = False,
) -> None:
    """Add a connection: its secret is made, then checked."""
    surroundings = surroundings_of(context)
    add_connection(surroundings.aws, surroundings.client.stack, name, _read(file))
    surroundings.screen.note(f"Connection {name} has been added.")
    _show_check(surroundings, name, as_json=as_json)


@connections.command()
def rotate(
    context: typer.Context,
    name: NameArgument,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Fields to change, as JSON; else keys are asked for.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Give a connection new keys; its other fields stay. Then it is checked."""
    surroundings = surroundings_of(context)
    if file is not None:
        changes = _read(file)
    else:
        access_key = typer.prompt("New access key", err=True)
        changes = {"accessKey": access_key, "secretKey": typer.prompt("New secret key", hide_input=True, err=True)}
    rotate_connection(surroundings.aws, surroundings.client.stack, name, changes)
    surroundings.screen.note(f"Connection {name} has new values. Remove the old keys at the provider in five minutes.")
    _show_check(surroundings, name, as_json=as_json)


def _show_check(surroundings: Surroundings, name: str, *, as_json: bool) -> None:
    screen = surroundings.screen
    findings = check_deeply(surroundings.client, name)
    if as_json:
        screen.show_json({"connection": name, "findings": [finding._asdict() for finding in findings]})
    else:
        screen.show(findings_page(findings, screen.width))
    raise typer.Exit(ExitCode.SUCCEEDED if all(finding.is_ok for finding in findings) else ExitCode.FAILED)


def _read(path: Path) -> dict[str, Any]:
    """Raises BadParameter; its text holds nothing of the file, which has keys."""
    try:
        content = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="--file") from error
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise typer.BadParameter(f"{path}: must hold one JSON object in UTF-8", param_hint="--file")
    return content


def _error(connection: ConnectionItem) -> str:
    error = connection.error
    return "" if error is None else error if isinstance(error, str) else f"{error.name}: {error.message}"
