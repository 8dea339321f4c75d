"""What a rejection of DataArts Factory or of the API gateway before it means, as one of our errors.

The gateway answers with codes `APIGW.nnnn` (`APIG.nnnn` in some regions) and fitting HTTP statuses:
https://support.huaweicloud.com/devg-apisign/api-sign-errorcode.html. The service answers every fault by 400, even
"not found", and a code `DLF.nnnn`, which newer generations write with a 3 or a 2 in front (`DLF.0137`, `DLF.30137`):
https://support.huaweicloud.com/api-dataartsstudio/dataartsstudio_02_0313.html. Their messages vary and are not asked.
"""

from farsync.http_client.response import Reply
from farsync.model import errors
from farsync.model.errors import FarsyncError, ProviderReply
from farsync.providers.huawei.replies import clock_gap_seconds, provider_reply
from farsync.providers.rejections import Operation, code_in
from farsync.providers.replies import Reader

__all__ = ["Operation", "reading", "rejection"]

SERVICE = "DataArts Factory"
KEY_LOCK_SECONDS = 300.0
"""So long must rejected keys rest: the gateway locks a key after more than five rejections in a row."""
CLOCK_TOLERANCE_SECONDS = 15 * 60


JOB_UNKNOWN = frozenset({"0100", "30100"})
INSTANCE_UNKNOWN = frozenset({"0137", "30137"})
WORKSPACE_UNKNOWN = frozenset({"0819", "20819"})
QUOTA_USED_UP = frozenset({"0101", "30101", "30114"})
RUNNING_ALREADY = frozenset({"30107", "30116"})
ACCOUNT_NOT_ALLOWED = frozenset({"6888"})
STOP_FAILED = frozenset({"30118", "30119"})
NOT_RUNNABLE = frozenset({"0136", "1006", "30103", "30104", "30105", "30106", "30117", "30122", "30123"})
"""Real-time jobs, empty jobs, and jobs whose nodes need something that is not there."""
WRONG_REQUEST = frozenset(
    {
        *("0802", "0803", "0815", "1242", "2014", "3004", "3018", "3051"),
        *("30109", "30111", "30121", "6201", "6241", "6263", "6264", "6322"),
    }
)
"""What else a start may name that is wrong or not there."""
REJECTS_A_START = frozenset().union(
    JOB_UNKNOWN, WORKSPACE_UNKNOWN, QUOTA_USED_UP, RUNNING_ALREADY, ACCOUNT_NOT_ALLOWED, NOT_RUNNABLE, WRONG_REQUEST
)
REJECTED_BY_SERVICE: tuple[tuple[frozenset[str], type[FarsyncError], str], ...] = (
    (JOB_UNKNOWN, errors.JobNotFound, "DataArts Factory knows no such job in this workspace."),
    (INSTANCE_UNKNOWN, errors.ExecutionNotFound, "DataArts Factory knows no such instance of the job."),
    (
        WORKSPACE_UNKNOWN,
        errors.ConnectionInvalid,
        "workspace: there is no such workspace in the project; correct it in the connection's secret.",
    ),
    (RUNNING_ALREADY, errors.AlreadyRunning, "The job runs already, and DataArts Factory allows no second instance."),
    (QUOTA_USED_UP, errors.QuotaExceeded, "The workspace's quota is used up."),
    (ACCOUNT_NOT_ALLOWED, errors.PermissionDenied, "The user lacks a role in the workspace."),
)
GATEWAYS = frozenset({"APIGW", "APIG"})
GATEWAY_REJECTIONS = frozenset({"0101", "0103", "0104", "0105", "0106", "0201", "0310", "0602", "0607", "1009"})
"""Codes beside a 400 or 494 by which the gateway says that it passed nothing on."""
STARTED_NOTHING = frozenset({401, 403, 404, 405, 409, 413, 414, 429})
"""Documented statuses by which a request is rejected before anything is done, whatever stands in the body."""


def _started_nothing(reply: Reply, said: ProviderReply) -> bool:
    """The service answers every fault of its own by 400, so that a code which no page knows may be one of them."""
    layer, _, number = (said.code or "").partition(".")
    if _is_of_service(reply.status, layer):
        return number in REJECTS_A_START
    if layer in GATEWAYS and reply.status in (400, 494):
        return number in GATEWAY_REJECTIONS
    return reply.status in STARTED_NOTHING


def _named(reply: Reply, operation: Operation, said: ProviderReply) -> FarsyncError | None:
    layer, _, number = (said.code or "").partition(".")
    if _is_of_service(reply.status, layer):
        return _rejected_by_service(number, operation, said)
    if layer in GATEWAYS and (rejected := _rejected_by_gateway(number, reply, said)):
        return rejected
    match reply.status:
        case 401:
            return _not_authenticated(reply, said)
        case 403:
            return errors.PermissionDenied("The keys are not allowed to do this; check the user's roles.", said=said)
        case 404 | 410:
            return _no_such_service(said)
    return None


_reader = Reader(SERVICE, provider_reply, _started_nothing, _named)
reading, rejection = _reader.reading, _reader.rejection


def _is_of_service(status: int, layer: str) -> bool:
    return layer == "DLF" and status in (400, 404, 409)


def _rejected_by_service(number: str, operation: Operation, said: ProviderReply) -> FarsyncError:
    for numbers, error, text in REJECTED_BY_SERVICE:
        if number in numbers:
            return error(text, said=said)
    if operation is Operation.START and number in NOT_RUNNABLE:
        return errors.JobNotRunnable(
            f"The job cannot be run as it stands ({said.code}); see to it in the console.", said=said
        )
    if operation is Operation.CANCEL and number in STOP_FAILED:
        return errors.ProviderUnavailable("The instance cannot be stopped in its present state.", said=said)
    return errors.InvalidRequest(f"DataArts Factory rejected the request{code_in(said)}.", said=said)


def _rejected_by_gateway(number: str, reply: Reply, said: ProviderReply) -> FarsyncError | None:
    match number:
        case "0101":
            return _no_such_service(said)
        case "0103" | "0104" | "0105" if reply.status < 500:
            return errors.ProviderUnavailable("The API gateway does not reach DataArts Factory.", said=said)
        case "0106" if "workspace" in (said.message or "").lower():
            return errors.ConnectionInvalid(
                "workspace: this account needs it; add it to the connection's secret.", said=said
            )
        case "0307":
            return errors.AuthenticationFailed(
                "Huawei Cloud rejected the temporary keys, which have run out or belong to another region; put new "
                "ones into the secret.",
                said=said,
                retry_after_seconds=KEY_LOCK_SECONDS,
            )
        case "0310":
            return errors.ConnectionInvalid(
                "projectId: the project is not available; correct it in the connection's secret.", said=said
            )
        case "0501" | "0502":
            return errors.QuotaExceeded("The account's quota of API calls is used up.", said=said)
    return None


def _no_such_service(said: ProviderReply) -> FarsyncError:
    """An unknown job is a 400: a 404 is the gateway's, for a path that it does not know at this address."""
    return errors.ConnectionInvalid(
        "endpoint: DataArts Factory's job API is not at this address; correct region or endpoint in the connection's "
        "secret.",
        said=said,
    )


def _not_authenticated(reply: Reply, said: ProviderReply) -> FarsyncError:
    gap_seconds = clock_gap_seconds(reply) or 0.0
    is_clock_off = abs(gap_seconds) > CLOCK_TOLERANCE_SECONDS
    clock = f" This machine's clock is {gap_seconds:+.0f} s off, which may be why; set it." if is_clock_off else ""
    return errors.AuthenticationFailed(
        "Huawei Cloud rejected the keys or the signature; check accessKey, secretKey and, for temporary keys, "
        f"securityToken. It locks a key for five minutes after more than five rejections.{clock}",
        said=said,
        retry_after_seconds=KEY_LOCK_SECONDS,
    )
