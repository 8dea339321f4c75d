"""Who may pass: nobody in particular, whoever signs with known keys, or whoever shows a token of the issuer."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from sandbox.aws.http_api.json_web_token import IssuerKeys, TokenInvalid, scopes_in, valid_claims
from sandbox.aws.http_api.signature import signing_access_key
from sandbox.aws.http_server import HttpRequest
from sandbox.aws.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from sandbox.aws.template.model import JwtAuthorizer, Route

_SECRETS = {ACCESS_KEY_ID: SECRET_ACCESS_KEY}


@dataclass(frozen=True)
class Caller:
    """What the authorizer found; nothing on an open route. `scopes` only where the route asks for some."""

    access_key: str | None = None
    claims: Mapping[str, Any] | None = None
    scopes: tuple[str, ...] | None = None


class Rejected(Exception):
    """`challenge` is the value of the www-authenticate header, if the reply has one; the message is for the log."""

    def __init__(self, status: int, reason: str, challenge: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.challenge = challenge


def authorize(request: HttpRequest, route: Route, keys: IssuerKeys) -> Caller:
    """Raises Rejected."""
    if route.authorizer == "NONE":
        return Caller()
    if route.authorizer == "AWS_IAM":
        access_key = signing_access_key(request, _SECRETS, REGION, datetime.datetime.now(tz=datetime.UTC))
        if access_key is None:
            raise Rejected(403, "the signature is missing or does not hold")
        return Caller(access_key=access_key)
    return _token_bearer(request, route.authorizer, route.scopes, keys)


def _token_bearer(request: HttpRequest, authorizer: JwtAuthorizer, wanted: tuple[str, ...], keys: IssuerKeys) -> Caller:
    token = _token(request, authorizer.identity_source)
    if not token:
        raise Rejected(401, "missing: token not provided", "Bearer")
    try:
        claims = valid_claims(token, authorizer, keys)
    except TokenInvalid as error:
        challenge = _challenge(wanted, "invalid_token", str(error))
        raise Rejected(401, f"invalid_token: {error}", challenge) from error
    scopes = scopes_in(claims)
    if wanted and not set(wanted) & set(scopes):
        reason = "the token has none of the scopes that the route asks for"
        raise Rejected(403, f"insufficient_scope: {reason}", _challenge(wanted, "insufficient_scope", reason))
    return Caller(claims=claims, scopes=scopes if wanted else None)


def _token(request: HttpRequest, identity_source: str) -> str:
    """The token alone, or with `Bearer` before it."""
    _, place, name = identity_source.split(".", 2)
    header = request.headers.get(name.lower(), "")
    found = header if place == "header" else parse_qs(request.query).get(name, [""])[0]
    scheme, _, rest = found.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else found.strip()


def _challenge(scopes: tuple[str, ...], error: str, description: str) -> str:
    return f'Bearer scope="{" ".join(scopes)}" error="{error}" error_description="{description}"'
