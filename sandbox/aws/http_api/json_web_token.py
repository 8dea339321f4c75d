"""Checks a JSON Web Token as a JWT authorizer of an HTTP API does.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import json
from collections.abc import Mapping
from typing import Any

import jwt
import requests

from sandbox.aws.template.model import JwtAuthorizer

_ALGORITHMS = ("RS256", "RS384", "RS512")
_DISCOVERY = "/.well-known/openid-configuration"
_TIMEOUT_SECONDS = 5.0
_KEPT_SECONDS = 7200.0
_OPTIONS: Any = {"require": ["exp"], **dict.fromkeys(("verify_aud", "verify_sub", "verify_jti"), False)}
# The first that fits. AWS's words where they are known.
_REASONS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "the token has expired"),
    (jwt.ImmatureSignatureError, "the token is not valid yet"),
    (jwt.InvalidIssuerError, "issuer does not match"),
    (jwt.InvalidAlgorithmError, "signing method is not supported"),
    (jwt.InvalidSignatureError, "signature is invalid"),
    (jwt.MissingRequiredClaimError, "a claim is missing"),
    (jwt.PyJWKClientConnectionError, "JWKS communication error"),
    (jwt.PyJWKClientError, "unable to find a key that matches kid"),
    (jwt.PyJWTError, "the token cannot be decoded"),
)


class TokenInvalid(Exception):
    """The message says what is wrong with the token, and holds nothing of it."""


class IssuerKeys:
    """The public keys of issuers, found as OpenID Connect says and kept for two hours, as API Gateway does.

    https://openid.net/specs/openid-connect-discovery-1_0.html
    """

    def __init__(self) -> None:
        self._clients: dict[str, jwt.PyJWKClient] = {}

    def find(self, issuer: str, token: str) -> jwt.PyJWK:
        """Asks the issuer again for an id that is new. Raises TokenInvalid and PyJWT's errors."""
        if issuer not in self._clients:
            try:
                found = requests.get(issuer.rstrip("/") + _DISCOVERY, timeout=_TIMEOUT_SECONDS).json()["jwks_uri"]
            except (requests.RequestException, LookupError, TypeError) as error:
                raise TokenInvalid("OIDC discovery endpoint communication error") from error
            self._clients[issuer] = jwt.PyJWKClient(
                str(found), lifespan=_KEPT_SECONDS, timeout=_TIMEOUT_SECONDS, cooldown_duration=0
            )
        return self._clients[issuer].get_signing_key_from_jwt(token)


def valid_claims(token: str, authorizer: JwtAuthorizer, keys: IssuerKeys) -> Mapping[str, Any]:
    """The claims of a token that is signed by the authorizer's issuer and good now. Raises TokenInvalid."""
    if token.count(".") != 2:
        raise TokenInvalid("token contains an invalid number of segments")
    try:
        key = keys.find(authorizer.issuer, token)
        claims = jwt.decode(token, key, _ALGORITHMS, issuer=authorizer.issuer, options=_OPTIONS)
    except jwt.PyJWTError as error:
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
        is_from_future = reason == "the token is not valid yet" and "(iat)" in str(error)
        raise TokenInvalid("the token was issued in the future" if is_from_future else reason) from error
    audience = claims["aud"] if "aud" in claims else claims.get("client_id")
    if not set(authorizer.audience) & set(audience if isinstance(audience, list) else [str(audience)]):
        raise TokenInvalid("the token does not have a valid audience")
    return claims


def scopes_in(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """`scope`, or else `scp`: a list, or a text with spaces."""
    found = claims.get("scope", claims.get("scp", ()))
    return tuple(found.split()) if isinstance(found, str) else tuple(map(str, found or ()))


def claim_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """As API Gateway hands claims on. A list is `[a b]`, as was measured: https://github.com/floci-io/floci/pull/2011"""
    return {name: _text(value) for name, value in claims.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(_text, value))}]"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
