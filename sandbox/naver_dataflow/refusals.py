"""The two layers that refuse requests, each in the shape of its own.

https://api.ncloud-docs.com/docs/en/analytics-dataflow documents the nested body, which the gateway sends;
NAVER's own sample program expects top-level `detail` and `errorType` from Data Flow itself.
"""

import json
from typing import Literal

from sandbox.provider_service.front import Refusal
from sandbox.provider_service.http_messages import Reply, json_reply

# The gateway labels its JSON as text, so that clients must not dispatch on the content type.
GATEWAY_CONTENT_TYPE = "text/plain;charset=UTF-8"


class GatewayRefusal(Refusal):
    """Refused before the request reached Data Flow."""

    def __init__(self, status: int, code: str, message: str, details: str) -> None:
        super().__init__(f"{status} {code} {message}: {details}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details


class DataFlowRefusal(Refusal):
    """Refused by Data Flow itself."""

    def __init__(self, status: int, error_type: str, detail: str) -> None:
        super().__init__(f"{status} {error_type}: {detail}")
        self.status = status
        self.error_type = error_type
        self.detail = detail


def bad_parameter(detail: str) -> DataFlowRefusal:
    return DataFlowRefusal(400, "bad-parameter", detail)


def bad_state(detail: str) -> DataFlowRefusal:
    return DataFlowRefusal(400, "bad-state", detail)


def not_found(detail: str) -> DataFlowRefusal:
    return DataFlowRefusal(404, "not-found", detail)


def unauthenticated(details: str) -> GatewayRefusal:
    return GatewayRefusal(401, "200", "Authentication Failed", details)


def bad_request() -> GatewayRefusal:
    return GatewayRefusal(400, "100", "Bad Request Exception", "Bad request.")


def url_not_found() -> GatewayRefusal:
    return GatewayRefusal(404, "300", "Not Found Exception", "URL not found.")


def refusal_reply(refusal: Refusal, error_shape: Literal["detail", "nested"]) -> Reply:
    match refusal:
        case GatewayRefusal():
            body = nested_error(refusal.code, refusal.message, refusal.details)
            return Reply(refusal.status, json.dumps(body).encode(), GATEWAY_CONTENT_TYPE)
        case DataFlowRefusal() if error_shape == "nested":
            return json_reply(nested_error(str(refusal.status), refusal.error_type, refusal.detail), refusal.status)
        case DataFlowRefusal():
            return json_reply({"detail": refusal.detail, "errorType": refusal.error_type}, refusal.status)
    raise TypeError(f"{type(refusal).__name__} is no refusal of Data Flow")


def nested_error(code: str, message: str, details: str) -> dict[str, object]:
    return {"error": {"errorCode": code, "message": message, "details": details}}
