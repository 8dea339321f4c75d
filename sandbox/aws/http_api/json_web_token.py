"""Checks a JSON Web Token as a JWT authorizer of an HTTP API does.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import datetime
from collections.abc import Mapping
from typing import Any

import jwt

from sandbox.aws.http_api.issuer_keys import IssuerKeys, KeysUnavailable
from sandbox.aws.template.model import JwtAuthorizer

_ALGORITHMS = ("RS256", "RS384", "RS512")
_SIGNATURE_ONLY: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


class TokenInvalid(Exception):
    """The message says what is wrong with the token, and holds nothing of it."""


def valid_claims(token: str, authorizer: JwtAuthorizer, keys: IssuerKeys, now: datetime.datetime) -> Mapping[str, Any]:
    """The claims of a token that is signed by the authorizer's issuer and good now. Raises TokenInvalid."""
    claims = _signed_claims(token, authorizer.issuer, keys)
    if claims.get("iss") != authorizer.issuer:
        raise TokenInvalid("issuer does not match")
    audience = claims["aud"] if "aud" in claims else claims.get("client_id")
    audiences = audience if isinstance(audience, list) else [audience]
    if not set(authorizer.audience).intersection(one for one in audiences if isinstance(one, str)):
        raise TokenInvalid("the token does not have a valid audience")
    seconds = now.timestamp()
    if _moment(claims, "exp", 0) <= seconds:
        raise TokenInvalid("the token has expired")
    if _moment(claims, "nbf", 0) > seconds:
        raise TokenInvalid("the token is not valid yet")
    if _moment(claims, "iat", 0) > seconds:
        raise TokenInvalid("the token was issued in the future")
    return claims


def scopes_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """`scope`, or else `scp`: a list, or a text with spaces."""
    found = claims.get("scope", claims.get("scp", ()))
    return tuple(found.split()) if isinstance(found, str) else tuple(str(one) for one in found or ())


def _signed_claims(token: str, issuer: str, keys: IssuerKeys) -> Mapping[str, Any]:
    if token.count(".") != 2:
        raise TokenInvalid("token contains an invalid number of segments")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in _ALGORITHMS:
            raise TokenInvalid("signing method is not supported")
        key = keys.find(issuer, str(header.get("kid")))
        if key is None:
            raise TokenInvalid("unable to find a key that matches kid")
        return jwt.decode(token, jwt.PyJWK.from_dict(dict(key)), algorithms=[header["alg"]], options=_SIGNATURE_ONLY)
    except KeysUnavailable as error:
        raise TokenInvalid(str(error)) from error
    except jwt.InvalidSignatureError as error:
        raise TokenInvalid("signature is invalid") from error
    except jwt.PyJWTError as error:
        raise TokenInvalid("the token cannot be decoded") from error


def _moment(claims: Mapping[str, Any], name: str, default: float) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenInvalid(f"{name} is no time")
    return value
