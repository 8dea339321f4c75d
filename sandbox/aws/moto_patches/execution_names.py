"""Names of executions: one is made up where none is given, illegal ones are rejected, each is taken once.

moto names every nameless execution None, accepts any name, and searches and adds without a lock.
"""

import re
import threading
import uuid
from typing import Any

from moto.stepfunctions.exceptions import InvalidName
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from sandbox.aws.moto_patches.replacing import replace

_LEGAL_NAME = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,80}""")
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""
_one_start_at_a_time = threading.Lock()


def apply() -> None:
    def start_execution(
        self: Any,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        if name is not None and not _LEGAL_NAME.fullmatch(name):
            raise InvalidName(f"Invalid Name: '{name}'")
        with _one_start_at_a_time:
            return moto_start(self, state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header)

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        moto_init(self, *args, **kwargs)
        # An execution is listed before it is started; its status must be readable from then on.
        self.exec_status = ExecutionStatus.RUNNING

    moto_start = replace(StepFunctionsParserBackend, "start_execution", start_execution)
    moto_init = replace(Execution, "__init__", init)
