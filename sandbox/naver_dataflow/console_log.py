"""The console log of an execution, where its `consoleLogPath` says."""

from sandbox.naver_dataflow.execution_store import Execution
from sandbox.naver_dataflow.wire_values import log_timestamp


def console_log_path(execution: Execution, running_at: float) -> str:
    """`{logPath}console/{jobId}/{executionId}_{local time}.log`, colons kept, as the provider's example has it."""
    folder = str(execution.condition["logPath"]).rstrip("/")
    name = f"{execution.execution_id}_{log_timestamp(running_at)}.log"
    return f"{folder}/console/{execution.job_id}/{name}"
