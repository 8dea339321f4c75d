"""The sandbox's own routes under `/_sandbox/`, which need no signature: faults, pace, ledger, requests."""

import json
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.provider_service.faults import FaultBook, FaultRulesInvalid
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.pace import PaceBook
from sandbox.provider_service.request_log import RequestLog

CONTROL_PREFIX = "/_sandbox/"
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class ControlRejected(Exception):
    """A control request that makes no sense; the text names the field and the remedy."""


class PaceChange(BaseModel):
    """A job is named by its id with Data Flow, by its name with DataArts."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    job: Annotated[str, Field(validation_alias=AliasChoices("jobId", "jobName"))]
    queue_seconds: Seconds | None = None
    run_seconds: Seconds | None = None


class ControlRoutes:
    """`ledger` gives one entry per execution truly started; `job_key` is `jobId` or `jobName`."""

    def __init__(
        self,
        faults: FaultBook,
        paces: PaceBook,
        requests: RequestLog,
        ledger: Callable[[], list[dict[str, object]]],
        job_key: str,
    ) -> None:
        self._faults = faults
        self._paces = paces
        self._requests = requests
        self._ledger = ledger
        self._job_key = job_key

    def answer(self, request: Request) -> Reply | None:
        """None where no such route exists. Raises `ControlRejected`."""
        match request.method, request.path.removeprefix(CONTROL_PREFIX):
            case "GET", "faults":
                return json_reply(self._faults.left())
            case "PUT" | "POST" | "DELETE" as method, "faults":
                return json_reply(self._order_faults(method, control_body(request)))
            case "PUT", "pace":
                return json_reply(self._set_pace(control_body(request)))
            case "GET", "ledger":
                return json_reply(self._ledger())
            case "GET", "requests":
                return json_reply(self._requests.shown())
        return None

    def _order_faults(self, method: str, rules: Any) -> list[dict[str, Any]]:
        order = {"PUT": self._faults.replace, "POST": self._faults.add, "DELETE": self._faults.withdraw}[method]
        try:
            order(rules)
        except FaultRulesInvalid as error:
            raise ControlRejected(str(error)) from error
        return self._faults.left()

    def _set_pace(self, body: Any) -> dict[str, object]:
        try:
            change = PaceChange.model_validate(body)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise ControlRejected(f"{where}: {first['msg']}") from error
        pace = self._paces.set(change.job, change.queue_seconds, change.run_seconds)
        return {self._job_key: change.job, "queueSeconds": pace.queue_seconds, "runSeconds": pace.run_seconds}


def control_body(request: Request) -> Any:
    """Raises `ControlRejected` unless the body is JSON."""
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise ControlRejected("body: must be JSON") from error
