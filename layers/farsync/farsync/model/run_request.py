"""The run request: input of `run_job`, body of `POST /connections/{connection}/runs`, input of a schedule."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel
from farsync.model.identifiers import ConnectionName, JobId
from farsync.model.time_text import TimeText
from farsync.model.validation import Model, validated

LONGEST_RUN_MINUTES = 30 * 24 * 60
LONGEST_RUN_SECONDS = LONGEST_RUN_MINUTES * 60
LARGEST_REQUEST_BYTES = 100 * 1024
"""Step Functions and SQS take 262,144 bytes, and text in quotes in quotes grows on its way."""
LARGEST_LABELS_BYTES = 16 * 1024
EVENT_MEMBERS = frozenset({"detail", "detail-type", "requestContext", "Records", "httpMethod"})


def _kind_of_parameter(value: object) -> str | None:
    if isinstance(value, str):
        return "(text)"
    if isinstance(value, TimeText) or (isinstance(value, Mapping) and "time" in value):
        return "(time)"
    return "(secret)" if isinstance(value, Mapping | SecretRef) else None


def _as_whole(value: object) -> object:
    """JSON knows one kind of number, so that 60.0 is as whole as 60."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


OptionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
STRICT = ConfigDict(strict=True)
"""For what people send: nothing is coerced."""
WHOLE = BeforeValidator(_as_whole)


def _check_secret_name(name: str) -> str:
    if ".." in name or not {"", "."}.isdisjoint(name.split("/")):
        raise PydanticCustomError("secret", "must be parts between single '/', none of them '.', and without '..'")
    return name


class SecretRef(WireModel):
    """A parameter whose value is read from Secrets Manager when the job is started, never earlier."""

    secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9/_+=.@-]{1,400}$"), AfterValidator(_check_secret_name)]
    """Its name below `<prefix>/parameters/<connection>/`; below `<prefix>/parameters/` where the connection's
    `sharedParameters` hold it. The prefix is the stack's, `farsync` by default.
    """


ParameterValue = Annotated[
    Annotated[str, Tag("(text)")] | Annotated[SecretRef, Tag("(secret)")] | Annotated[TimeText, Tag("(time)")],
    Discriminator(
        _kind_of_parameter,
        custom_error_type="parameter",
        custom_error_message='must be a string, {"secret": name} or {"time": ..}; write numbers and booleans in quotes',
    ),
]


class _TimeOut(BaseModel):
    """What farsync itself reads of run settings: after how many minutes the provider ends an execution.

    The providers' own limits differ from page to page (1440, yet 2880 in an example; 0 in one dialect and not in the
    other), so the bound is that of a run; 0 says nothing of time.
    """

    model_config = ConfigDict(strict=True)

    timeout: Annotated[int, Field(ge=0, le=LONGEST_RUN_MINUTES), WHOLE] = 0


def _with_whole_time_out(condition: Mapping[str, object]) -> Mapping[str, object]:
    """Its violation is reported as one of `condition.timeout`; every other setting is the provider's to check."""
    read = _TimeOut.model_validate(condition)
    return {**condition, "timeout": read.timeout} if "timeout" in condition else condition


RunSettings = Annotated[
    Mapping[str, object],
    AfterValidator(_with_whole_time_out),
    Field(
        json_schema_extra={"properties": {"timeout": {"type": "integer", "minimum": 0, "maximum": LONGEST_RUN_MINUTES}}}
    ),
]


class ProviderOptions(WireModel):
    """What only one provider knows. Data Flow's are query parameters of its start:
    https://api.ncloud-docs.com/docs/en/analytics-dataflow-executejob
    """

    model_config = STRICT

    trigger_id: OptionId | None = None
    workflow_id: OptionId | None = None

    @property
    def query(self) -> dict[str, str]:
        """Those that are given, by the provider's names."""
        return self.model_dump(by_alias=True, exclude_none=True)


def _with_small_labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    if len(json.dumps(labels, ensure_ascii=False).encode(errors="replace")) > LARGEST_LABELS_BYTES:
        raise PydanticCustomError(
            "labels", "must be at most {bytes} bytes of JSON in all; shorten them", {"bytes": LARGEST_LABELS_BYTES}
        )
    return labels


class RunRequest(WireModel):
    """What to run and how; unknown fields are rejected, nothing is coerced."""

    model_config = STRICT

    schema_version: Annotated[Literal[1], WHOLE] = 1
    connection: ConnectionName = "default"
    job: JobId
    parameters: Mapping[str, ParameterValue] = {}
    condition: RunSettings | None = None
    provider_options: ProviderOptions | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=LONGEST_RUN_SECONDS), WHOLE] | None = None
    if_running: Literal["start", "fail", "wait", "attach"] = "start"
    cancel_on_abort: bool = True
    consistency_window_seconds: Annotated[int, Field(ge=0, le=900), WHOLE] = 60
    poll_cost_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None
    max_detection_delay_seconds: Annotated[int, Field(ge=1, le=3600), WHOLE] | None = None
    labels: Annotated[Mapping[str, str], Field(max_length=50), AfterValidator(_with_small_labels)] = {}

    @model_validator(mode="after")
    def _fits_a_state(self) -> Self:
        if len(canonical_json(self).encode(errors="replace")) > LARGEST_REQUEST_BYTES:
            raise PydanticCustomError(
                "size",
                "the run request must be at most {bytes} bytes of JSON; hand large values over by a file",
                {"bytes": LARGEST_REQUEST_BYTES},
            )
        return self

    @property
    def options(self) -> dict[str, str]:
        """The provider's own options by the provider's names; empty without any."""
        return self.provider_options.query if self.provider_options else {}

    @property
    def condition_timeout_minutes(self) -> int:
        """After how many minutes the provider is asked to end the execution; 0 where the request does not say."""
        return _TimeOut.model_validate(self.condition or {}).timeout


def canonical_json(request: RunRequest) -> str:
    """The text with which a run is started: the same request is the same text, whatever a release has for defaults."""
    body = request.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude_none=True, include=set(RunRequest.model_fields)
    )
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_run_request(payload: Mapping[str, object], beside: type[Model]) -> tuple[RunRequest, Model | None]:
    """The run request of a payload, alone or as `request`, and what stands beside it. Raises InvalidRequest."""
    if "request" not in payload:
        return validated(RunRequest, payload), None
    request = payload["request"]
    if not isinstance(request, dict):
        raise InvalidRequest("the input must be a run request, a JSON object", field="$")
    if "job" not in request and request.keys() & EVENT_MEMBERS:
        raise InvalidRequest(
            "the input is an event of EventBridge, SQS or an HTTP API; hand over the run request in it instead",
            field="$",
        )
    extras = {name: value for name, value in payload.items() if name != "request"}
    return validated(RunRequest, request), validated(beside, extras)
