"""What a state takes, gives or hands to a task has 262,144 bytes of JSON in UTF-8 at most.

moto counts a letter beyond ASCII as the six characters of its escape, and hands any amount to a task.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

import json
from typing import Any

from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_lambda
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service

from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.request_limits import DATA_BYTES


def apply() -> None:
    def before_execution(self: Any, env: Any, resource_runtime_part: Any, raw_parameters: Any, **more: Any) -> None:
        self._verify_size_quota(env, raw_parameters)
        moto_before(self, env, resource_runtime_part, raw_parameters, **more)

    for module in (state, state_task_lambda, state_task_service):
        replace(module, "is_within_size_quota", _fits)
    moto_before = replace(state_task_service.StateTaskService, "_before_eval_execution", before_execution)


def _fits(value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return len(text.encode(errors="surrogatepass")) <= DATA_BYTES
