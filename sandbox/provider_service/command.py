"""A provider's service as a command: one JSON line on standard output, then work until a signal."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sandbox.folder_lock import FolderInUse, locked_folder
from sandbox.interruption import until_signalled
from sandbox.provider_service.server import ProviderServer

_ENDING_SECONDS = 5.0
"""A service whose parent was killed takes a moment to end."""


def option_parser(module: str, description: str | None) -> ArgumentParser:
    """With the options that every service has."""
    parser = ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--access-key", help="default: made on first start, kept in the folder")
    parser.add_argument("--secret-key")
    parser.add_argument("--queue-seconds", type=float)
    parser.add_argument("--run-seconds", type=float)
    parser.add_argument("--speed", type=float, help="waits and time-outs are divided by this")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int, help="0: any free port")
    return parser


def serve_until_signalled(parser: ArgumentParser, serve: Callable[[Mapping[str, Any]], ProviderServer]) -> None:
    """`serve` gets the options that were given. Returns after SIGTERM or SIGINT, with the server stopped."""
    options = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    with ExitStack() as endings:
        try:
            endings.enter_context(locked_folder(options["folder"], _ENDING_SECONDS))
            server = serve(options)
        except (FolderInUse, ValueError) as error:
            parser.error(str(error))
        wait = until_signalled()
        print(json.dumps(server.describe()), flush=True)
        wait()
        server.stop()
