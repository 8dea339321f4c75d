"""Every change of an execution's status is told to the sandbox; moto tells EventBridge of none."""

import functools
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current


def apply() -> None:
    for method in ("start", "stop"):
        reporting = _reporting(getattr(Execution, method), lambda execution: execution)
        replace(Execution, method, reporting)
    name = "_reflect_execution_status"
    moto_reflect = getattr(BaseExecutionWorkerCommunication, name)
    reporting = _reporting(moto_reflect, lambda communication: communication.execution)
    replace(BaseExecutionWorkerCommunication, name, reporting)


def _reporting(method: Callable[..., bool | None], execution_of: Callable[[Any], Any]) -> Callable[..., None]:
    @functools.wraps(method)
    def tell_afterwards(self: Any, *args: Any, **kwargs: Any) -> None:
        # False: the execution had ended by itself, which is told elsewhere.
        if method(self, *args, **kwargs) is not False:
            current().on_status_change(execution_of(self))

    return tell_afterwards
