"""What the API gateway checks before the Factory sees a request: clock, access key, signature, project, call limits.

https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
"""

import hmac
from datetime import UTC, datetime

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.limits import CallLimits, KeyLock
from sandbox.huawei_dataarts.rejections import GatewayRejection, unauthenticated
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.signature import DATE_HEADER, Authorization, expected_signature, read_authorization
from sandbox.provider_service.http_messages import Request

CLOCK_WINDOW_SECONDS = 900


class Gateway:
    def __init__(self, settings: Settings, account: Account) -> None:
        self._settings = settings
        self._account = account
        self._key_lock = KeyLock(settings.speed)
        self._calls = CallLimits()

    def check(self, request: Request, operation: str, now: float) -> None:
        """`now` is the gateway's own clock, epoch seconds. Raises `GatewayRejection`."""
        settings = self._settings
        self._check_signature(request, now)
        limit = settings.job_detail_calls_per_second if operation == "ShowJob" else settings.calls_per_second
        if limit is not None and not self._calls.lets_in(operation, limit, now):
            text = f"The throttling threshold has been reached: policy user over ratelimit,limit:{limit},time:1 second"
            raise GatewayRejection(429, "0308", text, settings.throttle_retry_after_seconds)
        if request.body and "content-type" not in request.headers:
            raise GatewayRejection(400, "0106", "Invalid header parameter: Content-Type, required")
        if request.path.split("/")[2] != self._account.project_id:
            raise GatewayRejection(403, "0310", "The project is unavailable")

    def _check_signature(self, request: Request, now: float) -> None:
        authorization = read_authorization(request.headers.get("authorization", ""))
        if authorization is None or DATE_HEADER not in authorization.signed_headers:
            raise unauthenticated("verify aksk signature fail")
        self._check_clock(request, now)
        token = self._settings.security_token
        # Temporary keys without their token look like keys that nobody has.
        if authorization.access_key != self._account.keys.access_key or (
            token is not None and request.headers.get("x-security-token") != token
        ):
            raise unauthenticated(f"ak {authorization.access_key} not exist")
        if self._settings.is_locking_keys and self._key_lock.is_locked(now):
            raise unauthenticated("AK access failed to reach the limit,forbidden")
        is_right = self._is_signature_right(request, authorization)
        self._key_lock.note(now, is_right=is_right)
        if not is_right:
            raise unauthenticated("verify aksk signature fail")

    def _is_signature_right(self, request: Request, authorization: Authorization) -> bool:
        try:
            expected = expected_signature(request, authorization.signed_headers, self._account.keys.secret_key)
        except KeyError:  # a header was signed, but not sent
            return False
        return hmac.compare_digest(expected.encode(), authorization.signature.encode("latin-1", "replace"))

    def _check_clock(self, request: Request, now: float) -> None:
        try:
            signed_at = datetime.strptime(request.headers.get(DATE_HEADER, ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise unauthenticated(f"{DATE_HEADER} must look like 20191115T033655Z") from error
        if abs(signed_at.timestamp() - now) > CLOCK_WINDOW_SECONDS:
            raise GatewayRejection(401, "0303", "Incorrect authentication information: signature expired")
