"""One process of a function: started cold, kept warm, killed when it overruns."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from sandbox import child_process
from sandbox.aws.lambdas.runtime_api import Invocation, InvocationResult, RuntimeApi
from sandbox.aws.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, SESSION_TOKEN
from sandbox.aws.template.model import Function

# AWS gives a function ten seconds to initialise; processes of a sandbox share few cores.
_INIT_TIMEOUT_SECONDS = 30.0


class Worker:
    """Starts the process at once. A worker that is no longer alive must be replaced."""

    def __init__(self, function: Function, environment: Mapping[str, str], log: Path) -> None:
        self._function = function
        self._api = RuntimeApi()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, child_process.__file__, "awslambdaric", function.handler],
                cwd=function.code_folder,
                env={**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
                stdin=subprocess.PIPE,  # never written to; see child_process
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        threading.Thread(target=self._report_exit, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def run(self, payload: bytes, request_id: str) -> InvocationResult:
        """Waits for the result as long as the function's Timeout allows; then the process is killed."""
        timeout_seconds = self._function.timeout_seconds
        if not self._api.is_ready.wait(_INIT_TIMEOUT_SECONDS):
            self.stop()
            return _timed_out(request_id, _INIT_TIMEOUT_SECONDS)
        deadline_ms = int((time.time() + timeout_seconds) * 1000)
        invocation = Invocation(request_id, self._function.arn, deadline_ms, payload)
        try:
            result = self._api.run(invocation, timeout_seconds)
        except TimeoutError:
            self.stop()
            return _timed_out(request_id, timeout_seconds)
        if self._api.has_failed_to_load:
            self.stop()
        if result is _EXITED:
            return InvocationResult.failure("Runtime.ExitError", self._exit_message(request_id))
        return result

    def crash_after(self, request_id: str) -> InvocationResult:
        """The process dies when its work is done, before its result is known."""
        self.stop()
        return InvocationResult.failure("Runtime.ExitError", self._exit_message(request_id))

    def overrun_after(self, request_id: str) -> InvocationResult:
        """The work is done, but the result comes too late."""
        self.stop()
        return _timed_out(request_id, self._function.timeout_seconds)

    def kill(self) -> None:
        """Whoever waits for this process gets its exit; a later call finds it dead."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self.kill()
        if self._process.stdin:
            self._process.stdin.close()
        self._api.close()

    def _report_exit(self) -> None:
        self._process.wait()
        self._api.give_up(_EXITED)

    def _exit_message(self, request_id: str) -> str:
        status = self._process.wait()
        if status == 0:
            return f"RequestId: {request_id} Error: Runtime exited without providing a reason"
        reason = "signal: killed" if status < 0 else f"exit status {status}"
        return f"RequestId: {request_id} Error: Runtime exited with error: {reason}"


_EXITED = InvocationResult(b"", is_error=True)


def _timed_out(request_id: str, seconds: float) -> InvocationResult:
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return InvocationResult.failure("Sandbox.Timedout", message)


def process_environment(function: Function, endpoint: str) -> dict[str, str]:
    """What Lambda sets for every function, the sandbox as the only AWS, then the template's own variables."""
    python_path = [function.code_folder, *function.layer_folders]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(str(path) for path in python_path),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "sandbox",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(function.code_folder),
        **function.environment,
    }
