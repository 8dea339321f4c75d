"""`farsync schedules`: the file of schedules, and the stack that is made of it."""

from pathlib import Path
from typing import Annotated

import typer

from farsync_cli.exit_codes import ExitCode
from farsync_cli.following import how_to_go_on
from farsync_cli.moments import moment
from farsync_cli.near_names import near_names
from farsync_cli.options import JsonOption
from farsync_cli.rendering.schedules import schedule_table
from farsync_cli.rendering.values import short_name
from farsync_cli.schedule_file import ScheduleFile, ScheduleTimes, deployed_times, read_schedule_file
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client.errors import StackNotFound
from farsync_client.schedule_stack import (
    Change,
    DeployedSchedule,
    ScheduleNotFound,
    ScheduleStack,
    changes,
    schedules_in,
)
from farsync_client.schedule_stack import (
    fire as fire_schedule,
)

schedules = typer.Typer(help="Schedules that start runs: a file, and a stack of its own.", rich_markup_mode=None)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The schedules, as YAML.")]
StackOption = Annotated[
    str | None, typer.Option("--schedules", metavar="STACK", help="The schedules' stack; else <stack>-schedules.")
]


@schedules.command()
def ls(context: typer.Context, stack: StackOption = None, as_json: JsonOption = False) -> None:
    """List the schedules that are deployed."""
    surroundings = surroundings_of(context)
    deployed = _deployed(surroundings, _stack(surroundings, stack))
    _show(surroundings, deployed_times(deployed, surroundings.now()), as_json=as_json)


@schedules.command()
def check(context: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    """Check a file of schedules, and show what fires when.

    All faults are shown at once, by line.
    """
    surroundings = surroundings_of(context)
    _show(surroundings, _read(surroundings, file, as_json=as_json).times, as_json=as_json)


@schedules.command()
def diff(context: typer.Context, file: FileArgument, stack: StackOption = None, as_json: JsonOption = False) -> None:
    """Show what deploying a file would change; exit code 1 if anything."""
    surroundings = surroundings_of(context)
    read = _read(surroundings, file, as_json=as_json)
    found = changes(_stack(surroundings, stack).deployed() or {}, schedules_in(read.template))
    if as_json:
        surroundings.screen.show_json({"changes": [change._asdict() for change in found]})
    else:
        _show_changes(surroundings, found)
    raise typer.Exit(ExitCode.FAILED if found else ExitCode.SUCCEEDED)


@schedules.command()
def deploy(
    context: typer.Context,
    file: FileArgument,
    stack: StackOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask where schedules are removed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Deploy a file of schedules; what the stack had beside them is removed."""
    surroundings = surroundings_of(context)
    screen = surroundings.screen
    read = _read(surroundings, file, as_json=as_json)
    target = _stack(surroundings, stack)
    before = target.deployed()
    found = changes(before or {}, schedules_in(read.template))
    removed = [change.name for change in found if change.what == "removed"]
    if not as_json:
        _show_changes(surroundings, found)
    if removed and not yes:
        typer.confirm(f"Remove {', '.join(removed)} from {target.name}?", abort=True, err=True)
    is_changed = target.deploy(read.template, is_there=before is not None)
    if as_json:
        screen.show_json({"stack": target.name, "changes": [change._asdict() for change in found]})
    else:
        screen.show([f"Stack {target.name} {'is deployed' if is_changed else 'was so already'}."])


@schedules.command()
def fire(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The schedule's name.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="WHEN", help="The scheduled time, as 2026-11-22T03:00; else now.")
    ] = None,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start the run of a schedule for a time, as the schedule itself would.

    One schedule and time are one run: what was started before is not started twice.
    """
    surroundings = surroundings_of(context)
    now, target = surroundings.now(), _stack(surroundings, stack)
    deployed = _deployed(surroundings, target)
    if name not in deployed:
        near = near_names(name, deployed)
        raise ScheduleNotFound(
            f"There is no schedule {name} in {target.name}.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "",
        )
    arn = surroundings.client.stack.outputs.get("StartOnceStateMachineArn", "")
    run = fire_schedule(surroundings.aws, arn, target.name, deployed[name], moment(at, now, "--at") or now)
    if as_json:
        surroundings.screen.show_json({"name": run})
        return
    surroundings.screen.show([f"Run {short_name(run)} of schedule {name} has begun, unless that time was run before."])
    surroundings.screen.note(how_to_go_on(run))


def _stack(surroundings: Surroundings, name: str | None) -> ScheduleStack:
    farsync = surroundings.client.stack.stack or "farsync"
    return ScheduleStack(name or f"{farsync}-schedules", farsync, surroundings.cloudformation, surroundings.sleep)


def _deployed(surroundings: Surroundings, stack: ScheduleStack) -> dict[str, DeployedSchedule]:
    """Raises StackNotFound."""
    deployed = stack.deployed()
    if deployed is None:
        region = surroundings.client.stack.region or "this region"
        raise StackNotFound(
            f"There is no stack {stack.name} in {region}.",
            remedy="Deploy schedules: farsync schedules deploy FILE, or name their stack: --schedules STACK",
        )
    return deployed


def _read(surroundings: Surroundings, file: Path, *, as_json: bool) -> ScheduleFile:
    """Exits with the faults, if there are any."""
    read = read_schedule_file(file, surroundings.now())
    if isinstance(read, ScheduleFile):
        return read
    if as_json:
        surroundings.screen.show_json({"faults": read})
    else:
        surroundings.screen.show(read)
    raise typer.Exit(ExitCode.FAILED)


def _show(surroundings: Surroundings, found: list[ScheduleTimes], *, as_json: bool) -> None:
    screen = surroundings.screen
    if as_json:
        items = [
            {**schedule._asdict(), "next_time": schedule.next_time and schedule.next_time.isoformat()}
            for schedule in found
        ]
        screen.show_json({"schedules": items})
    elif found:
        screen.show(schedule_table(found, surroundings.now(), screen.width))
    else:
        screen.note("No schedules.")


def _show_changes(surroundings: Surroundings, found: list[Change]) -> None:
    surroundings.screen.show([f"{change.what:<8} {change.name}" for change in found] or ["Nothing would change."])
