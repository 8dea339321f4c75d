"""An environment of functions over a provider's service in this process."""

import json
from collections.abc import Callable

from farsync.aws.client import AwsRequestFailed
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.runtime.context import Context
from tests.unit.operations.emulator_in_process import EmulatorInProcess, FakeClock
from tests.unit.operations.step_functions_memory import RUN_JOB_ARN, StepFunctions

ANOTHER_ACCOUNT = {"endpoint": "https://another.example.com", "projectId": "0" * 32}


def environment_in_process(
    emulator: EmulatorInProcess,
    clock: FakeClock,
    step_functions: StepFunctions,
    secret: Callable[[], dict[str, str]],
    chance: Callable[[], float],
) -> Context:
    """That of a function whose connections lead to the provider; `secret` gives what they hold. `elsewhere` leads to
    another account, and `gone` has no secret.
    """

    def fetch(secret_id: str) -> str:
        match secret_id.rpartition("/")[2]:
            case "gone":
                raise AwsRequestFailed("ResourceNotFoundException", "no such secret", 400)
            case "elsewhere":
                held = secret()
                return json.dumps(held | {name: text for name, text in ANOTHER_ACCOUNT.items() if name in held})
        return json.dumps(secret())

    return Context(
        clock=clock,
        sleep=clock.sleep,
        random=chance,
        new_token=lambda: "token",
        transport=Transport(session_factory=emulator.session, clock=clock, sleep=clock.sleep, random=chance),
        aws=step_functions,
        connections=ConnectionStore(fetch, clock=clock),
        variables={"RUN_JOB_ARN": RUN_JOB_ARN},
    )
