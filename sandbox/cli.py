"""`farsync-sandbox`: the sandbox on the command line."""

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sandbox.interruption import interrupted_by_signals

# What takes long to import (moto, boto3) is imported by the command that needs it: `--help` is quick.
if TYPE_CHECKING:
    from sandbox.settings import SandboxSettings

app = typer.Typer(
    help="Data Flow, DataArts Factory and AWS on one machine, to try farsync without an account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
RUN_FOLDER = Path(".sandbox")
WIDTH_WITHOUT_TERMINAL = 120
STOPPING = "\nStopping ...\n"


class DialectName(StrEnum):
    G1 = "G1"
    G2 = "G2"


class CloudChoice(StrEnum):
    NAVER = "naver"
    HUAWEI = "huawei"
    BOTH = "both"


FolderOption = Annotated[
    Path | None, typer.Option(file_okay=False, help="Keep jobs, buckets and logs here, for the next start too.")
]
DialectOption = Annotated[DialectName, typer.Option(help="Data Flow as its older (G1) or newest (G2) pages have it.")]


@app.command()
def up(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line and nothing else.")] = False,
    speed: Annotated[float, typer.Option(min=0.001, max=1000, help="Waits and run times this much shorter.")] = 1.0,
    folder: FolderOption = None,
    dialect: DialectOption = DialectName.G1,
    parameter: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="A parameter of template.yaml; repeatable.")
    ] = None,
    schedules: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A stack of schedules, as `make schedules` writes it."),
    ] = None,
    huawei_option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="How DataArts Factory behaves, as error-codes=30100; see `python -m sandbox.huawei_dataarts --help`; "
            "repeatable.",
        ),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=50, help="Of each function, at most.")] = 2,
    with_jwt: Annotated[
        bool, typer.Option("--jwt", help="The HTTP API takes tokens instead of signatures; the sandbox issues them.")
    ] = False,
) -> None:
    """Serve the whole sandbox until Ctrl-C or SIGTERM."""
    parameters = dict(_key_and_value(text) for text in parameter or [])
    huawei_options = dict(_option_and_value(text) for text in huawei_option or [])
    with interrupted_by_signals("" if as_json else STOPPING) as sleep:
        from sandbox.settings import SandboxSettings

        settings = SandboxSettings(
            folder,
            dialect.value,
            speed,
            template_parameters=parameters,
            schedules=schedules,
            huawei_options=huawei_options,
            has_token_issuer=with_jwt,
            processes_per_function=processes,
        )
        _serve(settings, as_json, sleep)


@app.command()
def run(
    folder: FolderOption = RUN_FOLDER,
    dialect: DialectOption = DialectName.G1,
    cloud: Annotated[CloudChoice, typer.Option(help="Where it runs.")] = CloudChoice.BOTH,
    plain: Annotated[bool, typer.Option("--plain", help="Lines without colours, as in a log.")] = False,
    event: Annotated[bool, typer.Option("--event", help="Show the first completion event whole.")] = False,
) -> None:
    """Run a real job on each cloud, by a schedule, over HTTP and from a state machine. Takes half a minute."""
    console = _console(plain)
    with interrupted_by_signals(STOPPING) as sleep:
        from sandbox.main_job.failure import MainJobFailed
        from sandbox.main_job.main import run_main_job
        from sandbox.settings import CLOUDS

        clouds = tuple(known for known in CLOUDS if cloud in (known, CloudChoice.BOTH))
        try:
            run_main_job(folder or RUN_FOLDER, dialect.value, clouds, console, sleep, is_event_shown=event)
        except MainJobFailed as failure:
            console.print(f"\n[bold red]It did not work:[/] {failure}", soft_wrap=True, highlight=False)
            raise typer.Exit(1) from failure
        except KeyboardInterrupt as interrupt:
            console.print("\nStopped.")
            raise typer.Exit(130) from interrupt


def _serve(settings: "SandboxSettings", as_json: bool, sleep: Callable[[float], None]) -> None:
    from sandbox.aws.events.schedule_expression import ScheduleInvalid
    from sandbox.aws.template import TemplateError
    from sandbox.card import describe_with_samples, show_card
    from sandbox.main_job.publishing import publish_job
    from sandbox.provider_process import SandboxFailed
    from sandbox.running import Sandbox

    try:
        with Sandbox(settings) as sandbox:
            sandbox.start()
            jobs = {cloud: publish_job(sandbox, cloud) for cloud in settings.clouds}
            if as_json:
                typer.echo(json.dumps(describe_with_samples(sandbox, jobs)))
            else:
                show_card(sandbox, jobs, _console(is_plain=False))
            while True:
                sleep(1)
    except (TemplateError, ScheduleInvalid) as error:
        raise typer.BadParameter(str(error), param_hint="--parameter or --schedules") from error
    except SandboxFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure
    except KeyboardInterrupt:
        if not as_json:
            typer.echo("\nStopped; nothing is left running.")


def _console(is_plain: bool) -> Console:
    if is_plain:
        return Console(force_terminal=False, no_color=True, width=WIDTH_WITHOUT_TERMINAL)
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH_WITHOUT_TERMINAL)


def _key_and_value(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise typer.BadParameter(f"{text!r} must be KEY=VALUE", param_hint="--parameter")
    return key, value


def _option_and_value(text: str) -> tuple[str, str]:
    """`error-codes=30100` and `--error-codes=30100` are the same."""
    name, _, value = text.partition("=")
    return f"--{name.removeprefix('--')}", value
