"""The two layers that reject requests, each in the shape of its own.

https://api.ncloud-docs.com/docs/en/analytics-dataflow documents the nested body, which the gateway sends;
NAVER's own sample program expects top-level `detail` and `errorType` from Data Flow itself.
"""

import json
from typing import Literal

from sandbox.provider_service.front import Rejection
from sandbox.provider_service.http_messages import Reply, json_reply

# The gateway labels its JSON as text, so that clients must not dispatch on the content type.
GATEWAY_CONTENT_TYPE = "text/plain;charset=UTF-8"


class GatewayRejection(Rejection):
    """Rejected before the request reached Data Flow."""

    def __init__(self, status: int, code: str, message: str, details: str) -> None:
        super().__init__(f"{status} {code} {message}: {details}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details


class DataFlowRejection(Rejection):
    """Rejected by Data Flow itself."""

    def __init__(self, status: int, error_type: str, detail: str) -> None:
        super().__init__(f"{status} {error_type}: {detail}")
        self.status = status
        self.error_type = error_type
        self.detail = detail


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
