"""Faults on demand, in the words of the Factory and its gateway."""

from sandbox.huawei_dataarts.rejections import (
    GatewayRejection,
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
from sandbox.provider_service.front import Rejection

ON_AN_INSTANCE = ("ShowJobInstance", "StopJobInstance", "RestoreJobInstance")


def rejection_for(fault: Fault, operation: str) -> Rejection | None:
    """None where the fault is no rejection."""
    match fault:
        case "http_401":
            return unauthenticated("verify aksk signature fail")
        case "http_403":
            return GatewayRejection(403, "0302", "The IAM user is not authorized to access the API")
        case "http_429":
            return GatewayRejection(429, "0308", "The throttling threshold has been reached")
        case "http_500":
            return GatewayRejection(500, "0601", "Internal server error")
        case "http_503":
            return GatewayRejection(503, "0613", "The IAM service is unavailable")
        case "http_504":
            return GatewayRejection(504, "0201", "Backend timeout")
        case "not_found":
            return instance_not_found() if operation in ON_AN_INSTANCE else job_not_found()
        case "bad_state":
            message = "The operation is not possible in this state."
            return start_failed(message) if operation == "RunOnce" else bad_state(message)
        case "reject":
            return bad_parameter("The request parameter is invalid.")
        case "already_running":
            return already_running()
        case "quota_exceeded":
            return quota_exceeded()
    return None
