"""The two layers that reject requests, each with codes of its own.

Factory codes: https://support.huaweicloud.com/api-dataartsstudio/dataartsstudio_02_0313.html
Gateway codes: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.front import Rejection
from sandbox.provider_service.http_messages import Reply, json_reply

REQUEST_ID_HEADER = "X-Request-Id"
# The same meaning in the codes of newer pages.
NEWER_CODES: Mapping[str, str] = {"0100": "30100", "0137": "30137", "0102": "30102", "0819": "20819"}


@dataclass(eq=False)
class GatewayRejection(Rejection):
    """Rejected before the request reached the Factory. `code` is the number without its prefix."""

    status: int
    code: str
    message: str
    retry_after_seconds: int | None = None


@dataclass(eq=False)
class FactoryRejection(Rejection):
    """Rejected by the Factory: always with status 400. `code` is the older number without its prefix."""

    code: str
    message: str


def bad_parameter(message: str) -> FactoryRejection:
    return FactoryRejection("3051", message)


def job_not_found() -> FactoryRejection:
    return FactoryRejection("0100", "The job does not exists.")


def instance_not_found() -> FactoryRejection:
    return FactoryRejection("0137", "Job instance does not exist.")


def bad_state(message: str, code: str = "30118") -> FactoryRejection:
    """No page names the code for an instance in the wrong state; the console's for a stop that failed stands in."""
    return FactoryRejection(code, message)


def unauthenticated(message: str) -> GatewayRejection:
    return GatewayRejection(401, "0301", f"Incorrect IAM authentication information: {message}")


def api_not_found() -> GatewayRejection:
    return GatewayRejection(404, "0101", "The API does not exist or has not been published in the environment")


ON_AN_INSTANCE = ("ShowJobInstance", "StopJobInstance", "RestoreJobInstance")
FAULTS: Mapping[str, Callable[[str], Rejection]] = {
    "http_401": lambda _: unauthenticated("verify aksk signature fail"),
    "http_403": lambda _: GatewayRejection(403, "0302", "The IAM user is not authorized to access the API"),
    "http_429": lambda _: GatewayRejection(429, "0308", "The throttling threshold has been reached"),
    "http_500": lambda _: GatewayRejection(500, "0601", "Internal server error"),
    "http_503": lambda _: GatewayRejection(503, "0613", "The IAM service is unavailable"),
    "http_504": lambda _: GatewayRejection(504, "0201", "Backend timeout"),
    "not_found": lambda operation: instance_not_found() if operation in ON_AN_INSTANCE else job_not_found(),
    "bad_state": lambda operation: bad_state(
        "The operation is not possible in this state.", code="30117" if operation == "RunOnce" else "30118"
    ),
    "reject": lambda _: bad_parameter("The request parameter is invalid."),
    "already_running": lambda _: FactoryRejection("30107", "The job is running."),
    "quota_exceeded": lambda _: FactoryRejection("30101", "The quota is reached."),
}
"""The rejections among the faults on demand, by operation."""


def rejection_reply(rejection: Rejection, settings: Settings) -> Reply:
    if isinstance(rejection, GatewayRejection):
        return _gateway_reply(rejection, settings)
    if not isinstance(rejection, FactoryRejection):
        raise TypeError(f"{type(rejection).__name__} is no rejection of DataArts")
    is_newer = settings.error_codes == "30100"
    code = NEWER_CODES.get(rejection.code, rejection.code) if is_newer else rejection.code
    message_key = "error_msg" if settings.error_keys == "error_code" else "errorMsg"
    return json_reply({settings.error_keys: f"DLF.{code}", message_key: rejection.message}, 400)


def _gateway_reply(rejection: GatewayRejection, settings: Settings) -> Reply:
    request_id = secrets.token_hex(16)
    body = {
        "error_code": f"{settings.gateway_prefix}.{rejection.code}",
        "error_msg": rejection.message,
        "request_id": request_id,
    }
    headers = {REQUEST_ID_HEADER: request_id}
    if rejection.retry_after_seconds is not None:
        headers["Retry-After"] = str(rejection.retry_after_seconds)
    return replace(json_reply(body, rejection.status), headers=headers)
