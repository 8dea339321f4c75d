"""Lambda: the functions of the layer, called as AWS calls them; some calls die, some are lost sight of."""

import json
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

from farsync.connections.connection import Connection, parse_connection
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.http_client.retry import Retrying
from farsync.model.errors import FarsyncError
from farsync.operations import (
    close_run,
    find_execution,
    poll_execution,
    prepare_execution,
    sweep_runs,
    trigger_execution,
)
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from farsync.runtime.queue_messages import Record
from farsync.runtime.request import Answer, Invocation
from tests.model.agenda import Agenda
from tests.model.calls import FUNCTION_SECONDS, Call, Killed, Strand
from tests.model.cloud import Cloud
from tests.model.cloud_api import CloudApi
from tests.model.faults import Faults
from tests.model.machine import Done
from tests.model.queues import Message
from tests.model.runs import EMIT_EVENT_ARN, RUN_JOB_ARN, START_ONCE_ARN
from tests.model.step_functions import Account, AwsOfCall

Result = TypeVar("Result")

SWEEP_SECONDS = 300.0
TASKS: Mapping[str, tuple[ModuleType, str]] = {
    "${PrepareExecutionFunction}": (prepare_execution, "prepare"),
    "${TriggerExecutionFunction}": (trigger_execution, "start"),
    "${FindExecutionFunction}": (find_execution, "find"),
}
CONNECTION = parse_connection(
    "default", json.dumps({"provider": "naver", "accessKey": "model", "secretKey": "model-secret"})
)
NEVER_CALLED = ("Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.ResourceNotFoundException")
KILLED, TIMED_OUT = "Runtime.ExitError", "Sandbox.Timedout"
VARIABLES = {
    "RUN_JOB_ARN": RUN_JOB_ARN,
    "EMIT_EVENT_ARN": EMIT_EVENT_ARN,
    "START_ONCE_ARN": START_ONCE_ARN,
    "POLL_QUEUE_URL": "PollQueue",
    "CLOSE_QUEUE_URL": "CloseQueue",
    "POLL_DEAD_LETTER_QUEUE_URL": "PollDeadLetters",
    "CLOSE_DEAD_LETTER_QUEUE_URL": "CloseDeadLetters",
    "AWS_REGION": "ap-northeast-2",
    "GRACE_PERIOD_SECONDS": "300",
}


class Connections(ConnectionStore):
    def __init__(self) -> None:
        """All lead to the one account."""

    def get(self, name: str) -> Connection:  # noqa: ARG002
        return CONNECTION


class ModelContext(Context):
    """That of one call."""

    cloud_api: CloudApi

    def provider(self, connection_name: str) -> ConnectedProvider:  # noqa: ARG002
        return cast("ConnectedProvider", self.cloud_api)

    def fetch_parameter(self, connection_name: str, name: str, stage: str | None = None) -> str:  # noqa: ARG002
        return name.removeprefix("of/")


class Functions:
    def __init__(self, agenda: Agenda, faults: Faults, account: Account, cloud: Cloud) -> None:
        self._agenda, self._faults, self._account, self._cloud = agenda, faults, account, cloud
        self.bugs: list[str] = []
        """Exceptions where the layer promises none."""
        self.dead_polls: list[tuple[int, Call]] = []
        """Messages whose token was dead, at each receive."""
        self._strands: list[Strand] = []
        retrying = Retrying(agenda.clock, agenda.sleep, agenda.random.random)
        self._transport = cast(Transport, SimpleNamespace(retrying=retrying))

    def call_task(self, function: str, payload: Mapping[str, Any], done: Done) -> None:
        module, operation = TASKS[function]
        name = module.__name__.rpartition(".")[2]
        agenda, chance = self._agenda, self._agenda.random
        is_away = agenda.now < self._faults.conditions["lambda away"]
        fault = None if is_away else self._faults.at(name, "invoke")
        kind = fault.kind if fault else ""
        if is_away or kind == "not called":
            error = chance.choice(NEVER_CALLED)
            agenda.after(0.5, lambda: done(None, error, ""))
            return
        late_seconds = fault.seconds if fault and kind == "lost sight of" else 0.0
        if kind == "lost sight of":
            # Step Functions gives up; the function does its work, soon or as late as it may.
            error, after = chance.choice((("Lambda.ServiceException", 1.0), ("States.Timeout", 40.0)))
            agenda.after(after, lambda: done(None, error, ""))

        def over(answer: Answer | None, error: str, cause: str) -> None:
            if kind == "answer lost by AWS":
                done(None, "Lambda.Unknown", cause)
            elif kind == "":
                body = answer.body.model_dump(mode="json", by_alias=True, exclude_none=True) if answer else None
                done(body, error, cause)

        def begin() -> None:
            call = Call(agenda, self._faults, name, seconds=FUNCTION_SECONDS - late_seconds)
            operate = getattr(module, operation)  # a rule of it may be undone
            self._run(call, lambda: operate(self._context(call), Invocation("state_machine", payload)), over)

        agenda.after(chance.uniform(0.05, 3.0) + late_seconds, begin)

    def consume_polls(self, record: Record, message: Message) -> None:
        call = self._consume("poll_execution", poll_execution.consume, record, message)
        if call.met_dead_token:
            self.dead_polls.append((message.number, call))

    def consume_ends(self, record: Record, message: Message) -> None:
        self._consume("close_run", close_run.consume, record, message)

    def sweep(self) -> None:
        if self._agenda.now >= self._faults.conditions["lambda away"]:
            call = Call(self._agenda, self._faults, "sweep_runs", seconds=SWEEP_SECONDS)
            work = lambda: sweep_runs.sweep(self._context(call), Invocation("schedule", {}))  # noqa: E731
            self._run(call, work, lambda *_: None)

    def kill_held_up_calls(self) -> None:
        """At the end of a trace no thread stays behind."""
        self._agenda.sleep(SWEEP_SECONDS)
        for strand in self._strands:
            if not strand.is_over:
                strand.go_on()

    def _consume(
        self, function: str, consume: Callable[[Context, Record], bool], record: Record, message: Message
    ) -> Call:
        call = Call(self._agenda, self._faults, function)

        def over(is_done: bool | None, error: str, cause: str) -> None:
            if error in (KILLED, TIMED_OUT):
                return
            if is_done is None:
                self.bugs.append(f"{function} raised {error}: {cause}")
            elif self._faults.at(function, "delete"):
                call.is_disturbed = True
            elif is_done:
                message.delete()

        self._run(call, lambda: consume(self._context(call), record), over)
        return call

    def _run(self, call: Call, work: Callable[[], Result], over: Callable[[Result | None, str, str], None]) -> None:
        def run() -> None:
            try:
                result = work()
            except Killed as killed:
                self._agenda.log(call.function, "dies: %s", killed)
                over(None, KILLED if str(killed) == "killed" else TIMED_OUT, "")
            except FarsyncError as failure:
                self._agenda.log(call.function, "raises %s: %s", type(failure).__name__, failure)
                over(None, type(failure).__name__, json.dumps({"errorMessage": str(failure)}))
            except Exception:  # noqa: BLE001 # a bug of the layer or of the model, which the trace reports
                self.bugs.append(traceback.format_exc())
                over(None, "Bug", "")
            else:
                over(result, "", "")

        if self._faults.may_hold_up(call.function):
            call.strand = Strand(run)
            self._strands.append(call.strand)
            call.strand.go_on()
        else:
            run()

    def _context(self, call: Call) -> Context:
        context = ModelContext(
            clock=self._agenda.clock,
            sleep=self._agenda.sleep,
            random=self._agenda.random.random,
            new_token=lambda: "token",
            transport=self._transport,
            aws=AwsOfCall(self._account, call),
            connections=Connections(),
            variables=VARIABLES,
        )
        context.cloud_api = CloudApi(self._cloud, call)
        context.cloud_api.connection = CONNECTION
        return context
