"""`python -m sandbox.aws --template template.yaml --folder F`: prints one JSON line and serves until SIGTERM."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.running import AwsSandbox
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template import TemplateError
from sandbox.folder_lock import FolderInUse, locked_folder
from sandbox.interruption import until_signalled


def main(
    template: Annotated[Path, typer.Option(help="The SAM template.")],
    folder: Annotated[Path, typer.Option(help="Where logs go.")],
    speed: Annotated[float, typer.Option(min=0.001, help="Divides the waits of state machines.")] = 1.0,
    parameter: Annotated[list[str] | None, typer.Option(help="Name=value, of the template.")] = None,
    stack_name: Annotated[str, typer.Option(help="AWS::StackName.")] = "farsync",
    secrets: Annotated[Path | None, typer.Option(help="A JSON file: names to values of secrets.")] = None,
) -> None:
    parameters = dict(_name_and_value(text) for text in parameter or [])
    wait = until_signalled()
    settings = AwsSettings(
        template=template,
        folder=folder,
        stack_name=stack_name,
        parameters=parameters,
        secrets=json.loads(secrets.read_text()) if secrets else {},
        speed=speed,
    )
    with ExitStack() as endings:
        try:
            endings.enter_context(locked_folder(folder))
            sandbox = AwsSandbox(settings)
        except FolderInUse as error:
            raise typer.BadParameter(str(error), param_hint="--folder") from error
        except (TemplateError, ScheduleInvalid) as error:
            raise typer.BadParameter(str(error), param_hint="--template") from error
        sandbox.start()
        sys.stdout.write(json.dumps(sandbox.describe()) + "\n")
        sys.stdout.flush()
        wait()
        sandbox.stop()


def _name_and_value(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter(f"{text!r} must be Name=value", param_hint="--parameter")
    return name, value


if __name__ == "__main__":
    typer.run(main)
