"""The two layers that refuse requests, each with codes of its own.

Factory codes: https://support.huaweicloud.com/api-dataartsstudio/dataartsstudio_02_0313.html
Gateway codes: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.front import Refusal
from sandbox.provider_service.http_messages import Reply, json_reply

REQUEST_ID_HEADER = "X-Request-Id"
# The same meaning in the codes of newer pages.
NEWER_CODES: Mapping[str, str] = {"0100": "30100", "0137": "30137", "0102": "30102", "0819": "20819"}


class GatewayRefusal(Refusal):
    """Refused before the request reached the Factory. `code` is the number without its prefix."""

    def __init__(self, status: int, code: str, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class FactoryRefusal(Refusal):
    """Refused by the Factory: always with status 400. `code` is the older number without its prefix."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"DLF.{code}: {message}")
        self.code = code
        self.message = message


def bad_parameter(message: str) -> FactoryRefusal:
    return FactoryRefusal("3051", message)


def job_not_found() -> FactoryRefusal:
    return FactoryRefusal("0100", "The job does not exists.")


def instance_not_found() -> FactoryRefusal:
    return FactoryRefusal("0137", "Job instance does not exist.")


def bad_state(message: str) -> FactoryRefusal:
    """No page names the code for an instance in the wrong state; the console's for a stop that failed stands in."""
    return FactoryRefusal("30118", message)


def start_failed(message: str) -> FactoryRefusal:
    return FactoryRefusal("30117", message)


def already_running() -> FactoryRefusal:
    return FactoryRefusal("30107", "The job is running.")


def quota_exceeded() -> FactoryRefusal:
    return FactoryRefusal("30101", "The quota is reached.")


def unauthenticated(message: str) -> GatewayRefusal:
    return GatewayRefusal(401, "0301", f"Incorrect IAM authentication information: {message}")


def api_not_found() -> GatewayRefusal:
    return GatewayRefusal(404, "0101", "The API does not exist or has not been published in the environment")


def refusal_reply(refusal: Refusal, settings: Settings) -> Reply:
    match refusal:
        case GatewayRefusal():
            return _gateway_reply(refusal, settings)
        case FactoryRefusal():
            is_newer = settings.error_codes == "30100"
            code = NEWER_CODES.get(refusal.code, refusal.code) if is_newer else refusal.code
            message_key = "error_msg" if settings.error_keys == "error_code" else "errorMsg"
            return json_reply({settings.error_keys: f"DLF.{code}", message_key: refusal.message}, 400)
    raise TypeError(f"{type(refusal).__name__} is no refusal of DataArts")


def _gateway_reply(refusal: GatewayRefusal, settings: Settings) -> Reply:
    request_id = secrets.token_hex(16)
    body = {
        "error_code": f"{settings.gateway_prefix}.{refusal.code}",
        "error_msg": refusal.message,
        "request_id": request_id,
    }
    headers = {REQUEST_ID_HEADER: request_id}
    if refusal.retry_after_seconds is not None:
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    return replace(json_reply(body, refusal.status), headers=headers)
