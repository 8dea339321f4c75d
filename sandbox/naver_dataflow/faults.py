"""Faults on demand, in the words of Data Flow and its gateway."""

from collections.abc import Callable, Mapping

from sandbox.naver_dataflow.rejections import (
    DataFlowRejection,
    GatewayRejection,
    bad_parameter,
    bad_state,
    not_found,
    unauthenticated,
)
from sandbox.provider_service.faults import Fault

__all__ = ["OPERATIONS", "REJECTIONS", "START_OPERATION", "Fault"]

START_OPERATION = "createJobExecution"
OPERATIONS = (
    "getJobs",
    "createJob",
    "verifyJob",
    "getJob",
    "updateJob",
    "deleteJob",
    START_OPERATION,
    "updateJobExecutionConfig",
    "getJobExecutions",
    "getJobExecution",
    "cancelJobExecution",
)
REJECTIONS: Mapping[str, Callable[[], GatewayRejection | DataFlowRejection]] = {
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
