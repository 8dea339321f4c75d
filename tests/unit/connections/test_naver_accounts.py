"""How Data Flow's accounts differ in the ids of events."""

import pytest

from farsync.providers.naver.connection import NaverConnection


def account(endpoint: str) -> str:
    secret = {"name": "default", "provider": "naver", "accessKey": "key", "secretKey": "key", "endpoint": endpoint}
    return NaverConnection.model_validate(secret).account


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://dataflow.example",
        "https://dataflow.example:443/",
        "https://DataFlow.Example",
        "https://dataflow.example.",
    ],
)
def test_one_host_is_one_account_however_it_is_spelled(endpoint: str) -> None:
    assert account(endpoint) == "dataflow.example"


def test_another_port_is_another_account() -> None:
    assert account("https://dataflow.example:8443") == "dataflow.example:8443"
    assert account("http://127.0.0.1:80") == "127.0.0.1"
