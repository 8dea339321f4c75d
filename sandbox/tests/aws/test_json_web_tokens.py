"""Tokens in place of signatures: which pass, and what is said of those that do not."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.aws.http_api.authorizers import Caller, Rejected, authorize
from sandbox.aws.http_api.json_web_token import IssuerKeys, claim_texts
from sandbox.aws.http_api.token_issuer import TokenIssuer
from sandbox.aws.http_server import HttpReply, HttpRequest, HttpServer
from sandbox.aws.template.model import JwtAuthorizer, Route

Authorize = Callable[..., Caller]


@pytest.fixture(scope="module")
def issuer() -> Iterator[TokenIssuer]:
    made: list[TokenIssuer] = []

    def answer(request: HttpRequest) -> HttpReply:
        return made[0].handle(request)

    server = HttpServer(answer)
    made.append(TokenIssuer(server.endpoint))
    server.start()
    yield made[0]
    server.stop()


@pytest.fixture
def authorized(issuer: TokenIssuer) -> Authorize:
    """The caller whom a route lets pass that asks for tokens of the issuer, for `farsync` or `reports`."""

    def of(token: str, *scopes: str) -> Caller:
        authorizer = JwtAuthorizer(issuer.url, ("farsync", "reports"), "$request.header.Authorization")
        return authorize(
            HttpRequest("GET", "/", headers={"authorization": token}),
            Route("GET", "/", "f", authorizer, scopes),
            IssuerKeys(),
        )

    return of


def reason(authorized: Authorize, token: str) -> str:
    with pytest.raises(Rejected) as caught:
        authorized(token)
    assert caught.value.status == 401
    return str(caught.value).removeprefix("invalid_token: ")


@pytest.mark.parametrize("prefix", ["", "bearer "])
@pytest.mark.parametrize("claims", [{"aud": ["others", "reports"]}, {"aud": None, "client_id": "reports"}])
def test_a_token_for_one_of_the_audiences_passes(
    issuer: TokenIssuer, authorized: Authorize, prefix: str, claims: dict[str, Any]
) -> None:
    assert authorized(prefix + issuer.token(**claims)).claims


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "others", "client_id": "farsync"}, "the token does not have a valid audience"),
        ({"aud": None}, "the token does not have a valid audience"),
        ({"exp": None}, "a claim is missing"),
        ({"iss": None}, "a claim is missing"),
        ({"exp": "tomorrow"}, "the token cannot be decoded"),
    ],
)
def test_a_token_with_a_wrong_claim_is_unauthorized(
    issuer: TokenIssuer, authorized: Authorize, claims: dict[str, Any], why: str
) -> None:
    assert reason(authorized, issuer.token(**claims)) == why


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def segment(content: object) -> str:
    return encoded(json.dumps(content).encode())


def read_claims(issuer: TokenIssuer) -> dict[str, Any]:
    return {"iss": issuer.url, "aud": "farsync", "exp": int(time.time()) + 60}


def signed_by_another_key(issuer: TokenIssuer, key_id: str) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(read_claims(issuer), key, "RS256", headers={"kid": key_id})


def signed_with_the_public_key_as_a_secret(issuer: TokenIssuer) -> str:
    signed = f"{segment({'alg': 'HS256', 'kid': 'sandbox'})}.{segment(read_claims(issuer))}"
    public = issuer.handle(HttpRequest("GET", "/_sandbox/jwt/keys")).body
    return f"{signed}.{encoded(hmac.digest(public, signed.encode(), 'sha256'))}"


FORGED: dict[str, tuple[Callable[[TokenIssuer], str], str]] = {
    "another key of the same id": (lambda issuer: signed_by_another_key(issuer, "sandbox"), "signature is invalid"),
    "unknown key": (
        lambda issuer: signed_by_another_key(issuer, "unknown"),
        "unable to find a key that matches kid",
    ),
    "public key as a secret": (signed_with_the_public_key_as_a_secret, "signing method is not supported"),
    "unsigned": (
        lambda issuer: f"{segment({'alg': 'none', 'kid': 'sandbox'})}.{segment(read_claims(issuer))}.",
        "signing method is not supported",
    ),
    "four segments": (lambda _: "a.b.c.d", "token contains an invalid number of segments"),
    "no JSON": (lambda _: "a.b.c", "the token cannot be decoded"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_unauthorized(issuer: TokenIssuer, authorized: Authorize, kind: str) -> None:
    forge, why = FORGED[kind]
    assert reason(authorized, forge(issuer)) == why


def test_an_issuer_that_does_not_answer_lets_nobody_pass(issuer: TokenIssuer) -> None:
    route = Route("GET", "/", "f", JwtAuthorizer("http://127.0.0.1:9", ("farsync",), "$request.header.Authorization"))
    request = HttpRequest("GET", "/", headers={"authorization": issuer.token()})
    with pytest.raises(Rejected, match="OIDC discovery endpoint communication error"):
        authorize(request, route, IssuerKeys())


def test_a_route_with_scopes_lets_pass_who_has_one_of_them(issuer: TokenIssuer, authorized: Authorize) -> None:
    assert authorized(issuer.token(scope="jobs runs"), "runs", "admin").scopes == ("jobs", "runs")
    with pytest.raises(Rejected) as caught:
        authorized(issuer.token(scp=["jobs"]), "runs", "admin")
    assert caught.value.status == 403
    assert 'scope="runs admin" error="insufficient_scope"' in str(caught.value.challenge)


def test_claims_reach_the_function_as_texts() -> None:
    claims = {"sub": "a", "exp": 15, "admin": True, "groups": ["x", "y"], "address": {"no": 1}, "nickname": None}
    texts = {"sub": "a", "exp": "15", "admin": "true", "groups": "[x y]", "address": '{"no":1}'}
    assert claim_texts(claims) == texts
