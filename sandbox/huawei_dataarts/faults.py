"""Faults on demand, in the words of the Factory and its gateway."""

from sandbox.huawei_dataarts.refusals import (
    GatewayRefusal,
    already_running,
    bad_parameter,
    bad_state,
    instance_not_found,
    job_not_found,
    quota_exceeded,
    start_failed,
    unauthenticated,
)
from sandbox.provider_service.faults import Fault
from sandbox.provider_service.front import Refusal

ON_AN_INSTANCE = ("ShowJobInstance", "StopJobInstance", "RestoreJobInstance")


def refusal_for(fault: Fault, operation: str) -> Refusal | None:
    """None where the fault is no refusal."""
    match fault:
        case "http_401":
            return unauthenticated("verify aksk signature fail")
        case "http_403":
            return GatewayRefusal(403, "0302", "The IAM user is not authorized to access the API")
        case "http_429":
            return GatewayRefusal(429, "0308", "The throttling threshold has been reached")
        case "http_500":
            return GatewayRefusal(500, "0601", "Internal server error")
        case "http_503":
            return GatewayRefusal(503, "0613", "The IAM service is unavailable")
        case "http_504":
            return GatewayRefusal(504, "0201", "Backend timeout")
        case "not_found":
            return instance_not_found() if operation in ON_AN_INSTANCE else job_not_found()
        case "bad_state":
            message = "The operation is not possible in this state."
            return start_failed(message) if operation == "RunOnce" else bad_state(message)
        case "refuse":
            return bad_parameter("The request parameter is invalid.")
        case "already_running":
            return already_running()
        case "quota_exceeded":
            return quota_exceeded()
    return None
