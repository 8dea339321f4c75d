"""Where requests may go: an endpoint is a place that somebody with a connection's secret has chosen."""

from collections.abc import Callable, Sequence

import pytest

from farsync.http_client.client import Transport
from farsync.http_client.networks import EndpointCheck, Networks
from farsync.model.errors import ConnectionInvalid
from farsync.runtime.context import lambda_context
from tests.unit.http_client.wire_server import reply, wire_server

ALLOWED_IN = {
    "93.184.216.34": "public private loopback",
    "2606:2800:220:1:248:1893:25c8:1946": "public private loopback",
    "10.1.2.3": "private loopback",
    "172.16.0.1": "private loopback",
    "192.168.1.1": "private loopback",
    "100.64.0.1": "private loopback",
    "fd12:3456::1": "private loopback",
    "64:ff9b::10.1.2.3": "private loopback",
    "2002:a01:203::1": "private loopback",
    "127.0.0.1": "loopback",
    "127.1.2.3": "loopback",
    "::1": "loopback",
    "::ffff:127.0.0.1": "loopback",
    "64:ff9b::127.0.0.1": "loopback",
    "169.254.169.254": "",
    "169.254.170.2": "",
    "::ffff:169.254.169.254": "",
    "64:ff9b::169.254.169.254": "",
    "fe80::1%eth0": "",
    "fd00:ec2::254": "",
    "0.0.0.0": "",  # noqa: S104 - nothing is bound to it
    "::": "",
    "224.0.0.1": "",
    "ff0e::1": "",
    "255.255.255.255": "",
}


def is_rejected(check: EndpointCheck, url: str = "https://provider.example/api") -> bool:
    try:
        check(url)
    except ConnectionInvalid:
        return True
    return False


@pytest.mark.parametrize(("address", "networks"), ALLOWED_IN.items())
def test_a_host_is_called_where_its_network_is_allowed_and_nowhere_else(address: str, networks: str) -> None:
    allowed = [each for each in Networks if not is_rejected(EndpointCheck(each, lambda _: [address]))]
    assert " ".join(allowed) == networks


@pytest.mark.parametrize("addresses", [["93.184.216.34", "10.0.0.1"], ["127.0.0.1", "93.184.216.34"]])
def test_of_a_host_with_several_addresses_all_must_be_allowed(addresses: Sequence[str]) -> None:
    assert is_rejected(EndpointCheck(Networks.PUBLIC, lambda _: addresses))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_an_address_is_known_in_whatever_spelling(host: str) -> None:
    assert is_rejected(EndpointCheck(Networks.PUBLIC), f"https://{host}:8443/api")


def test_a_host_is_resolved_once_and_one_that_cannot_be_resolved_again_the_next_time() -> None:
    resolved: list[str] = []

    def resolve(host: str) -> list[str]:
        resolved.append(host)
        if len(resolved) == 1:
            raise OSError("no such name")
        return ["93.184.216.34"]

    check = EndpointCheck(Networks.PUBLIC, resolve)
    for _ in range(3):
        check("https://provider.example/api")
    assert resolved == ["provider.example"] * 2


@pytest.mark.parametrize(
    "send",
    [
        lambda transport, url: transport.get(url),
        lambda transport, url: transport.post(url, None, read=str),
        lambda transport, url: transport.post_once(url),
    ],
    ids=["get", "post", "post_once"],
)
def test_nothing_is_sent_to_a_network_that_is_not_allowed_and_what_it_is_stays_unsaid(
    send: Callable[[Transport, str], object],
) -> None:
    transport = Transport(check_url=EndpointCheck(Networks.PUBLIC))
    with wire_server(reply()) as server, pytest.raises(ConnectionInvalid) as caught:
        send(transport, f"{server.endpoint}/api")
    assert (server.connections_opened, "127.0.0.1" in str(caught.value)) == (0, False)
    transport.close()


@pytest.mark.parametrize("variables", [{}, {"ENDPOINT_NETWORKS": "public"}, {"ENDPOINT_NETWORKS": "private"}], ids=str)
def test_a_deployed_function_calls_no_loopback_but_for_aws(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.delenv("ENDPOINT_NETWORKS", raising=False)
    keys = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "key"}
    with wire_server(reply()) as server:
        for name, value in {**variables, **keys, "AWS_ENDPOINT_URL": server.endpoint}.items():
            monkeypatch.setenv(name, value)
        context = lambda_context()
        with pytest.raises(ConnectionInvalid):
            context.transport.get(server.endpoint)
        assert context.aws.call("states", "DescribeExecution", {}) == {}
    assert [request.headers["x-amz-target"] for request in server.requests] == ["AWSStepFunctions.DescribeExecution"]
