"""Who stops an execution, or fails a branch beside it, stops the children that it waits for by `.sync`.

moto leaves them running. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError, ProgramStopped

from sandbox.aws.moto_patches.clients import integration_client
from sandbox.aws.moto_patches.replacing import replace
from sandbox.aws.moto_patches.wiring import current
from sandbox.aws.settings import REGION


def apply() -> None:
    def eval_sync(self: Any, env: Any, **given: Any) -> Any:
        outcome = moto_sync(self, env=env, **given)
        child = getattr(given["sync_resolver"], "child_arn", None)
        if outcome is None and child and isinstance(env.program_state(), ProgramStopped | ProgramError):
            client = integration_client(REGION, "stepfunctions", current().endpoint)
            client.stop_execution(executionArn=child, cause="The execution that waits for this one was stopped.")
        return outcome

    for name in ("_build_sync_resolver", "_build_sync2_resolver"):
        replace(StateTaskServiceSfn, name, _remembering_the_child(getattr(StateTaskServiceSfn, name)))
    moto_sync = replace(StateTaskServiceCallback, "_eval_sync", eval_sync)


def _remembering_the_child(build: Callable[..., Any]) -> Callable[..., Any]:
    def built(self: Any, env: Any, **given: Any) -> Any:
        arn = env.stack[-1]["ExecutionArn"]
        resolver = build(self, env=env, **given)

        def resolve() -> Any:
            return resolver()

        resolve.child_arn = arn  # type: ignore[attr-defined]
        return resolve

    return built
