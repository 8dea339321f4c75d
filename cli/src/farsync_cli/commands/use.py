"""`farsync use`: which stack is meant from now on."""

from typing import Annotated

import typer

from farsync_cli.options import JsonOption
from farsync_cli.rendering.page import field
from farsync_cli.surroundings import Surroundings, surroundings_of
from farsync_client.errors import NoStackChosen
from farsync_client.opening import read_stack
from farsync_client.settings import StackSettings, load_settings, save_settings, settings_path


def use(
    context: typer.Context,
    stack: Annotated[str | None, typer.Option("--stack", metavar="NAME", help="The stack's name.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Its AWS region; else the profile's.")] = None,
    profile: Annotated[str | None, typer.Option("--profile", help="The AWS profile that calls it.")] = None,
    api_url: Annotated[
        str | None,
        typer.Option("--api-url", metavar="URL", help="Its HTTP API, where you may not read the stack itself."),
    ] = None,
    token_command: Annotated[
        str | None,
        typer.Option("--token-command", metavar="COMMAND", help="Prints a token, where the API takes tokens."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Choose the stack for all commands.

    Its outputs are read once. Without options, show which one is in use.
    """
    surroundings = surroundings_of(context)
    path = settings_path(surroundings.environ)
    if stack is None and api_url is None:
        if region or profile or token_command:
            raise typer.BadParameter("goes with --stack", param_hint="--region, --profile or --token-command")
        settings = load_settings(path)
        if not settings.current:
            raise NoStackChosen("No stack has been chosen yet.")
        _show(surroundings, settings.stacks[settings.current], as_json=as_json)
        return
    if api_url:
        chosen = StackSettings(
            stack=stack or "farsync", api_url=api_url, region=region, profile=profile, token_command=token_command
        )
    else:
        chosen = read_stack(
            stack or "farsync",
            region=region,
            profile=profile,
            token_command=token_command,
            environ=surroundings.environ,
            session=surroundings.session,
        )
    save_settings(path, load_settings(path).using(chosen))
    _show(surroundings, chosen, as_json=as_json)


def _show(surroundings: Surroundings, stack: StackSettings, *, as_json: bool) -> None:
    screen = surroundings.screen
    if as_json:
        screen.show_json(stack.model_dump(exclude_none=True))
        return
    screen.show([f"Using stack {stack.stack}."])
    for label, value in (("API", stack.api_url), ("region", stack.region), ("profile", stack.profile)):
        screen.show(field(label, value, screen.width))
    screen.show(field("tokens", stack.token_command or stack.token_issuer, screen.width))
    if stack.token_issuer and not stack.token_command:
        screen.note(
            f"This stack takes tokens of {stack.token_issuer}. Say how to get one: "
            f'farsync use --stack {stack.stack} --token-command "COMMAND"'
        )
