"""Tokens in place of signatures: which pass, and what is said of those that do not."""

import base64
import datetime
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.aws.http_api.authorizers import Caller, Rejected, authorize
from sandbox.aws.http_api.issuer_keys import IssuerKeys
from sandbox.aws.http_api.token_issuer import TokenIssuer
from sandbox.aws.http_server import HttpRequest
from sandbox.aws.template.model import JwtAuthorizer, Route

NOW = datetime.datetime.now(tz=datetime.UTC)
SECONDS = int(NOW.timestamp())
ENDPOINT = "http://127.0.0.1:1"
HEADER = "$request.header.Authorization"

Authorize = Callable[..., Caller]


@pytest.fixture(scope="module")
def issuer() -> TokenIssuer:
    return TokenIssuer(ENDPOINT, clock=NOW.timestamp)


def ask(issuer: TokenIssuer, url: str) -> Any:
    """Asks the issuer without a network between."""
    reply = issuer.handle(HttpRequest("GET", url.removeprefix(ENDPOINT)))
    if reply.status != 200:
        raise requests.HTTPError(str(reply.status))
    return json.loads(reply.body)


@pytest.fixture
def authorized(issuer: TokenIssuer) -> Authorize:
    """The caller whom a route lets pass that asks for tokens of the issuer, for `farsync` or `reports`."""

    def of(token: str, *scopes: str, source: str = HEADER, query: str = "", at: datetime.datetime = NOW) -> Caller:
        authorizer = JwtAuthorizer(issuer.url, ("farsync", "reports"), source)
        route = Route("GET", "/", "f", authorizer, scopes)
        request = HttpRequest("GET", "/", query, {"authorization": token} if token else {})
        return authorize(request, route, IssuerKeys(lambda url: ask(issuer, url)), at)

    return of


def rejection(authorized: Authorize, token: str, *scopes: str) -> Rejected:
    with pytest.raises(Rejected) as caught:
        authorized(token, *scopes)
    return caught.value


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_a_token_of_the_issuer_passes_with_or_without_bearer(
    issuer: TokenIssuer, authorized: Authorize, prefix: str
) -> None:
    caller = authorized(prefix + issuer.token(sub="alice"))
    assert caller.claims
    assert caller.claims["sub"] == "alice"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["others", "reports"]},
        {"aud": None, "client_id": "reports"},
        {"nbf": SECONDS, "iat": SECONDS},
        {"iat": None},
    ],
)
def test_a_token_for_one_of_the_audiences_and_this_moment_passes(
    issuer: TokenIssuer, authorized: Authorize, claims: dict[str, Any]
) -> None:
    assert authorized(issuer.token(**claims)).claims


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "issuer does not match"),
        ({"aud": "others"}, "the token does not have a valid audience"),
        ({"aud": "others", "client_id": "farsync"}, "the token does not have a valid audience"),
        ({"aud": None}, "the token does not have a valid audience"),
        ({"exp": SECONDS}, "the token has expired"),
        ({"exp": None}, "the token has expired"),
        ({"exp": "tomorrow"}, "exp is no time"),
        ({"nbf": SECONDS + 60}, "the token is not valid yet"),
        ({"iat": SECONDS + 60}, "the token was issued in the future"),
    ],
)
def test_a_token_with_a_wrong_claim_is_unauthorized_and_the_challenge_says_why(
    issuer: TokenIssuer, authorized: Authorize, claims: dict[str, Any], reason: str
) -> None:
    rejected = rejection(authorized, issuer.token(**claims))
    assert rejected.status == 401
    assert rejected.challenge == f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    assert str(rejected) == f"invalid_token: {reason}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def segment(content: object) -> str:
    return encoded(json.dumps(content).encode())


def test_a_token_whose_claims_were_changed_is_unauthorized(issuer: TokenIssuer, authorized: Authorize) -> None:
    header, _, signature = issuer.token().split(".")
    claims = {"iss": issuer.url, "aud": "farsync", "exp": SECONDS + 60, "sub": "mallory"}
    assert (
        str(rejection(authorized, f"{header}.{segment(claims)}.{signature}")) == "invalid_token: signature is invalid"
    )


def test_a_token_signed_by_another_key_of_the_same_id_is_unauthorized(
    issuer: TokenIssuer, authorized: Authorize
) -> None:
    forged = TokenIssuer(ENDPOINT, clock=NOW.timestamp).token()
    assert str(rejection(authorized, forged)) == "invalid_token: signature is invalid"


def test_a_token_signed_with_the_public_key_as_a_secret_is_unauthorized(
    issuer: TokenIssuer, authorized: Authorize
) -> None:
    claims = {"iss": issuer.url, "aud": "farsync", "exp": SECONDS + 60}
    signed = f"{segment({'alg': 'HS256', 'kid': 'sandbox'})}.{segment(claims)}"
    public = json.dumps(ask(issuer, f"{issuer.url}/keys")["keys"][0])
    forged = f"{signed}.{encoded(hmac.digest(public.encode(), signed.encode(), 'sha256'))}"
    assert str(rejection(authorized, forged)) == "invalid_token: signing method is not supported"


def test_an_unsigned_token_is_unauthorized(issuer: TokenIssuer, authorized: Authorize) -> None:
    claims = {"iss": issuer.url, "aud": "farsync", "exp": SECONDS + 60}
    forged = f"{segment({'alg': 'none', 'kid': 'sandbox'})}.{segment(claims)}."
    assert str(rejection(authorized, forged)) == "invalid_token: signing method is not supported"


def test_a_token_whose_key_the_issuer_does_not_publish_is_unauthorized(
    issuer: TokenIssuer, authorized: Authorize
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": issuer.url, "aud": "farsync", "exp": SECONDS + 60}
    for headers in ({"kid": "unknown"}, {}):
        token = jwt.encode(claims, key, "RS256", headers=headers)
        assert str(rejection(authorized, token)) == "invalid_token: unable to find a key that matches kid"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "a.b.c.d", "..", f"{segment([])}.{segment({})}.x"])
def test_what_is_no_token_is_unauthorized(authorized: Authorize, token: str) -> None:
    assert rejection(authorized, token).status == 401


@pytest.mark.parametrize("claims", [{"scope": "jobs runs"}, {"scp": ["runs"]}, {"scp": "runs"}])
def test_a_route_with_scopes_lets_pass_who_has_one_of_them(
    issuer: TokenIssuer, authorized: Authorize, claims: dict[str, Any]
) -> None:
    caller = authorized(issuer.token(**claims), "runs", "admin")
    assert caller.scopes
    assert "runs" in caller.scopes


def test_a_token_without_any_of_the_scopes_is_forbidden(issuer: TokenIssuer, authorized: Authorize) -> None:
    rejected = rejection(authorized, issuer.token(scope="jobs"), "runs", "admin")
    assert rejected.status == 403
    assert rejected.challenge
    assert rejected.challenge.startswith('Bearer scope="runs admin" error="insufficient_scope"')
