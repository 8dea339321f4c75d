"""A branch or an iteration that fails by one of States' own errors fails its Parallel or Map state by that error.

moto knows only other errors there, and ends the whole execution by States.Runtime.
https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html#state-parallel-error-handling
"""

from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    ILLEGAL_CUSTOM_ERROR_PREFIX,
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl

from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    for module in (branches_decl, iteration_worker):
        replace(module, "CustomErrorName", _named)


def _named(error_name: str | None) -> Any:
    if error_name is not None and error_name.startswith(ILLEGAL_CUSTOM_ERROR_PREFIX):
        return StatesErrorName.from_name(error_name)
    return CustomErrorName(error_name=error_name)
