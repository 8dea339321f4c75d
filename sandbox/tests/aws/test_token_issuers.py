"""Issuers of tokens: how the gateway learns their keys, and the sandbox's own."""

from typing import Any

import pytest
import requests

from sandbox.aws.http_api.issuer_keys import IssuerKeys, KeysUnavailable


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
