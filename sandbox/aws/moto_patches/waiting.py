"""Wait and Retry wait as long as they say, divided by the sandbox's speed, of which moto knows nothing."""

import time
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current

# How often a `.sync` task polls its child: moto's half second would hide differences in time.
_CHILD_POLL_SECONDS = 0.1


class _ScaledTime:
    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(seconds / current().speed)


def apply() -> None:
    replace(retrier_decl, "time", _ScaledTime)
    replace(WaitFunction, "_wait_interval", _wait_interval)
    replace(state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", _CHILD_POLL_SECONDS)


def _wait_interval(self: Any, env: Any, wait_seconds: float) -> None:  # noqa: ARG001
    ends_at = time.monotonic() + wait_seconds / current().speed
    while env.is_running() and (remaining := ends_at - time.monotonic()) > 0:
        env.program_state_event.wait(remaining)
