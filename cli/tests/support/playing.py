"""Commands played in this process: on a terminal of 80 columns, or piped."""

import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import requests

from cli.tests.support.records import NOW
from farsync_cli.application import run_command
from farsync_cli.screen import Screen
from farsync_cli.surroundings import Surroundings
from farsync_client import Farsync

ESCAPES = re.compile(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]")

Open = Callable[..., Farsync]
"""A client for the stack; variables of the environment are laid over those of the user."""


class Played(NamedTuple):
    code: int
    output: str
    """On a terminal with what goes to standard error between it."""
    errors: str
    raw: str
    """The output with what steers a terminal."""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Time:
    """Stands still but for what is slept."""

    def __init__(self, text: str = NOW) -> None:
        self.moment = datetime.fromisoformat(text)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


def environment(url: str, folder: str) -> dict[str, str]:
    """Of a user with credentials, for whom AWS is at `url`."""
    return {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_REGION": "ap-northeast-2",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": f"{folder}/aws-config",
        "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/aws-credentials",
        "AWS_ENDPOINT_URL": url,
        "XDG_CONFIG_HOME": folder,
        "FARSYNC_STACK": "farsync",
        "TZ": "UTC",
    }


def play(
    *arguments: str,
    environ: Mapping[str, str],
    time: Time | None = None,
    sleep: Callable[[float], None] | None = None,
    columns: int | None = 80,
) -> Played:
    """`columns` None: standard output is piped."""
    time = time or Time()
    output: io.StringIO = Terminal() if columns else io.StringIO()
    errors = output if columns else io.StringIO()
    steering = {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "24"} if columns else {}
    surroundings = Surroundings(
        screen=Screen(output, errors, steering),
        environ=environ,
        session=requests.Session(),
        now=time.now,
        sleep=sleep or time.sleep,
    )
    code = run_command(arguments, surroundings)
    return Played(code, as_seen(output.getvalue()), "" if columns else errors.getvalue(), output.getvalue())


def as_seen(raw: str) -> str:
    """What remains on a terminal: without colours and links, and without lines that others took the place of."""
    lines = raw.replace("\r\n", "\n").split("\n")
    return "\n".join(ESCAPES.sub("", line.rpartition("\r\x1b[2K")[2]).rstrip() for line in lines)
