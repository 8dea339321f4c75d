"""What a command gets from outside: the screen, the environment, the network, time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import requests
import typer

from farsync_cli.screen import Screen
from farsync_client import Farsync
from farsync_client.aws import CloudFormation
from farsync_client.aws_json import AwsJson
from farsync_client.identity import AwsIdentity


@dataclass(frozen=True)
class Surroundings:
    screen: Screen
    environ: Mapping[str, str]
    session: requests.Session
    now: Callable[[], datetime]
    """With its offset."""
    sleep: Callable[[float], None]
    stack: str | None = None
    """Chosen for this call alone, by --stack."""

    @cached_property
    def client(self) -> Farsync:
        """Raises NoStackChosen, and what reading a stack does."""
        return Farsync(self.stack, session=self.session, environ=self.environ, clock=self.seconds, sleep=self.sleep)

    @cached_property
    def aws(self) -> AwsJson:
        """Other services of the stack's account, by the same credentials."""
        stack = self.client.stack
        return AwsJson(AwsIdentity(stack.profile, stack.region), self.session, self.environ)

    @cached_property
    def cloudformation(self) -> CloudFormation:
        stack = self.client.stack
        return CloudFormation(AwsIdentity(stack.profile, stack.region), self.session, self.environ)

    def seconds(self) -> float:
        return self.now().timestamp()


def surroundings_of(context: typer.Context) -> Surroundings:
    found = context.find_object(Surroundings)
    if found is None:
        raise LookupError("the command was called without its surroundings")
    return found
