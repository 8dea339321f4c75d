"""What `$context` holds of a request, for the access log: never a header's value but Host's and User-Agent's,
and never the query."""

import datetime

from sandbox.aws.http_api.authorizers import Caller
from sandbox.aws.http_api.claims import claim_texts
from sandbox.aws.http_api.routing import decoded_path
from sandbox.aws.http_server import HttpReply, HttpRequest
from sandbox.aws.settings import ACCOUNT_ID

API_ID = "sandbox"
STAGE = "$default"
USER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox"
USER_ID = "AIDASANDBOX000000000"


def context_of_request(request: HttpRequest, request_id: str, now: datetime.datetime) -> dict[str, str]:
    return {
        "accountId": ACCOUNT_ID,
        "apiId": API_ID,
        "dataProcessed": str(len(request.body)),
        "domainName": request.headers.get("host", ""),
        "domainPrefix": API_ID,
        "extendedRequestId": request_id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.headers.get("user-agent", ""),
        "path": decoded_path(request.path),
        "protocol": "HTTP/1.1",
        "requestId": request_id,
        "requestTime": time_text(now),
        "requestTimeEpoch": str(int(now.timestamp() * 1000)),
        "stage": STAGE,
    }


def context_of_caller(caller: Caller) -> dict[str, str]:
    if caller.access_key is not None:
        return {
            "identity.accountId": ACCOUNT_ID,
            "identity.caller": USER_ID,
            "identity.user": USER_ID,
            "identity.userArn": USER_ARN,
        }
    return {f"authorizer.claims.{name}": text for name, text in claim_texts(caller.claims or {}).items()}


def context_of_reply(reply: HttpReply, seconds: float) -> dict[str, str]:
    return {
        "responseLatency": str(round(seconds * 1000)),
        "responseLength": str(len(reply.body)),
        "status": str(reply.status),
    }


def time_text(moment: datetime.datetime) -> str:
    """As the Common Log Format writes it."""
    return moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
