"""The two layers that reject requests, each in the shape of its own.

https://api.ncloud-docs.com/docs/en/analytics-dataflow documents the nested body, which the gateway sends;
NAVER's own sample program expects top-level `detail` and `errorType` from Data Flow itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.provider_service.front import Rejection
from sandbox.provider_service.http_messages import Reply, json_reply

# The gateway labels its JSON as text, so that clients must not dispatch on the content type.
GATEWAY_CONTENT_TYPE = "text/plain;charset=UTF-8"


@dataclass(eq=False)
class GatewayRejection(Rejection):
    """Rejected before the request reached Data Flow."""

    status: int
    code: str
    message: str
    details: str


@dataclass(eq=False)
class DataFlowRejection(Rejection):
    """Rejected by Data Flow itself."""

    status: int
    error_type: str
    detail: str


def bad_parameter(detail: str) -> DataFlowRejection:
    return DataFlowRejection(400, "bad-parameter", detail)


def bad_state(detail: str) -> DataFlowRejection:
    return DataFlowRejection(400, "bad-state", detail)


def not_found(detail: str) -> DataFlowRejection:
    return DataFlowRejection(404, "not-found", detail)


def unauthenticated(details: str) -> GatewayRejection:
    return GatewayRejection(401, "200", "Authentication Failed", details)


def bad_request() -> GatewayRejection:
    return GatewayRejection(400, "100", "Bad Request Exception", "Bad request.")


def url_not_found() -> GatewayRejection:
    return GatewayRejection(404, "300", "Not Found Exception", "URL not found.")


FAULTS: Mapping[str, Callable[[], Rejection]] = {
    "http_401": lambda: unauthenticated("Invalid authentication information."),
    "http_403": lambda: GatewayRejection(403, "230", "Forbidden", "Forbidden."),
    "http_429": lambda: GatewayRejection(429, "410", "Throttle Limited", "Too many requests."),
    "http_500": lambda: GatewayRejection(500, "900", "Unexpected Error", "Unexpected error."),
    "http_503": lambda: GatewayRejection(503, "500", "Endpoint Error", "The endpoint failed."),
    "http_504": lambda: GatewayRejection(504, "510", "Endpoint Timeout", "The endpoint did not answer in time."),
    "not_found": lambda: not_found("the resource does not exist"),
    "bad_state": lambda: bad_state("the resource is not in a state for this request"),
    "reject": lambda: bad_parameter("the request was rejected"),
    "already_running": lambda: bad_state("the job is running already"),
    "quota_exceeded": lambda: GatewayRejection(429, "400", "Quota Exceeded", "The quota is used up."),
}
"""The rejections among the faults on demand."""


def rejection_reply(rejection: Rejection, error_shape: Literal["detail", "nested"]) -> Reply:
    match rejection:
        case GatewayRejection():
            body = nested_error(rejection.code, rejection.message, rejection.details)
            return Reply(rejection.status, json.dumps(body).encode(), GATEWAY_CONTENT_TYPE)
        case DataFlowRejection() if error_shape == "nested":
            return json_reply(
                nested_error(str(rejection.status), rejection.error_type, rejection.detail), rejection.status
            )
        case DataFlowRejection():
            return json_reply({"detail": rejection.detail, "errorType": rejection.error_type}, rejection.status)
    raise TypeError(f"{type(rejection).__name__} is no rejection of Data Flow")


def nested_error(code: str, message: str, details: str) -> dict[str, object]:
    return {"error": {"errorCode": code, "message": message, "details": details}}
