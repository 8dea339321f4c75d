"""The sandbox's own routes under `/_sandbox/`, which need no signature: faults, pace, execution log, requests."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.provider_service.faults import FaultBook
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.pace import PaceBook
from sandbox.provider_service.request_log import RequestLog
from sandbox.provider_service.validation import ControlRejected, first_fault

CONTROL_PREFIX = "/_sandbox/"
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class PaceChange(BaseModel):
    """A job is named by its id with Data Flow, by its name with DataArts."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    job: Annotated[str, Field(validation_alias=AliasChoices("jobId", "jobName"))]
    queue_seconds: Seconds | None = None
    run_seconds: Seconds | None = None


@dataclass
class ControlRoutes:
    """`execution_log` gives an entry for each execution truly started; `job_key` is `jobId` or `jobName`."""

    faults: FaultBook
    paces: PaceBook
    requests: RequestLog
    execution_log: Callable[[], list[dict[str, object]]]
    job_key: str

    def answer(self, request: Request) -> Reply | None:
        """None where no such route exists. Raises `ControlRejected`."""
        match request.method, request.path.removeprefix(CONTROL_PREFIX):
            case "GET", "faults":
                return json_reply(self.faults.left())
            case "PUT" | "POST" | "DELETE" as method, "faults":
                self.faults.order(method, control_body(request))
                return json_reply(self.faults.left())
            case "PUT", "pace":
                return json_reply(self._set_pace(control_body(request)))
            case "GET", "executions":
                return json_reply(self.execution_log())
            case "GET", "requests":
                return json_reply(self.requests.shown())
        return None

    def _set_pace(self, body: Any) -> dict[str, object]:
        try:
            change = PaceChange.model_validate(body)
        except ValidationError as error:
            raise ControlRejected(": ".join(first_fault(error))) from error
        pace = self.paces.set(change.job, **change.model_dump(exclude={"job"}))
        return {self.job_key: change.job, "queueSeconds": pace.queue_seconds, "runSeconds": pace.run_seconds}


def control_body(request: Request) -> Any:
    """Raises `ControlRejected` unless the body is JSON."""
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise ControlRejected("body: must be JSON") from error
