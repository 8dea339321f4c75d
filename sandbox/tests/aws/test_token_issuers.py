"""Issuers of tokens: how the gateway learns their keys, and the sandbox's own."""

import json
from typing import Any

import jwt
import pytest
import requests

from sandbox.aws.http_api.issuer_keys import IssuerKeys, KeysUnavailable
from sandbox.aws.http_api.token_issuer import TokenIssuer
from sandbox.aws.http_server import HttpReply, HttpRequest


@pytest.fixture(scope="module")
def issuer() -> TokenIssuer:
    return TokenIssuer("http://127.0.0.1:1", clock=lambda: 1000)


def test_keys_are_asked_for_once_in_two_hours_and_again_for_a_new_key() -> None:
    asked: list[str] = []
    now = 1000.0
    published = [{"kid": "old"}]

    def fetch(url: str) -> Any:
        asked.append(url)
        return {"jwks_uri": "https://i.example/keys", "keys": published}

    keys = IssuerKeys(fetch, clock=lambda: now)
    for _ in range(3):
        assert keys.find("https://i.example/", "old") == {"kid": "old"}
    assert asked == ["https://i.example/.well-known/openid-configuration", "https://i.example/keys"]
    published.append({"kid": "new"})
    assert keys.find("https://i.example/", "new") == {"kid": "new"}
    assert len(asked) == 4
    now += 7201
    assert keys.find("https://i.example/", "old") == {"kid": "old"}
    assert len(asked) == 6


def unreachable(url: str) -> Any:
    raise requests.ConnectionError(url)


@pytest.mark.parametrize(
    ("fetch", "message"),
    [
        (unreachable, "OIDC discovery endpoint communication error"),
        (lambda _: {}, "OIDC discovery endpoint communication error"),
        (lambda _: {"jwks_uri": "https://i.example/keys"}, "JWKS communication error"),
    ],
)
def test_an_issuer_that_does_not_answer_is_asked_again_by_the_next_call(fetch: Any, message: str) -> None:
    answers = [fetch]

    def answer(url: str) -> Any:
        return answers[-1](url)

    keys = IssuerKeys(answer)
    with pytest.raises(KeysUnavailable, match=message):
        keys.find("https://i.example", "k")
    answers.append(lambda _: {"jwks_uri": "https://i.example/keys", "keys": [{"kid": "k"}]})
    assert keys.find("https://i.example", "k") == {"kid": "k"}


def minted(issuer: TokenIssuer, body: bytes) -> HttpReply:
    return issuer.handle(HttpRequest("POST", "/_sandbox/jwt/tokens", body=body))


def test_the_issuer_gives_a_token_with_the_claims_that_are_asked_for(issuer: TokenIssuer) -> None:
    reply = minted(issuer, b'{"sub": "alice", "iat": null}')
    assert (reply.status, reply.headers) == (200, (("Content-Type", "application/jwt"),))
    claims = jwt.decode(reply.body, options={"verify_signature": False})
    assert claims == {"iss": issuer.url, "aud": "farsync", "sub": "alice", "exp": 4600}


@pytest.mark.parametrize("body", [b"[]", b"{"])
def test_the_issuer_rejects_claims_that_are_no_object(issuer: TokenIssuer, body: bytes) -> None:
    assert minted(issuer, body).status == 400


def test_the_issuer_publishes_no_private_key(issuer: TokenIssuer) -> None:
    (key,) = json.loads(issuer.handle(HttpRequest("GET", "/_sandbox/jwt/keys")).body)["keys"]
    assert set(key) == {"kty", "key_ops", "n", "e", "kid", "use", "alg"}
