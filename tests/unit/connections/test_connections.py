"""Connections: what a secret may hold, where it leads, and how a wrong one is reported."""

import json
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from farsync.connections.connection import Connection, parse_connection
from farsync.model.errors import ConnectionInvalid

KEYS = {"accessKey": "access-value", "secretKey": "secret-value"}
GOOD: dict[str, dict[str, object]] = {
    "naver": {"provider": "naver", **KEYS},
    "huawei": {"provider": "huawei", "projectId": "b384b9e9ab9b4ee8994c8633aabc9505", "region": "cn-north-4", **KEYS},
}
OWN_ENDPOINT = "https://dayu-dlf.eu-de.otc.t-systems.com"


def secret(cloud: str = "naver", **changes: object) -> str:
    return json.dumps({name: value for name, value in {**GOOD[cloud], **changes}.items() if value is not None})


def connection_with(cloud: str = "naver", **changes: object) -> Connection:
    return parse_connection("default", secret(cloud, **changes))


@pytest.mark.parametrize("cloud", ["naver", "huawei"])
def test_a_secret_needs_no_more_than_provider_keys_and_place_and_shows_none_of_its_keys(cloud: str) -> None:
    connection = connection_with(cloud)
    assert connection.access_key.get_secret_value() == "access-value"
    assert connection.secret_key.get_secret_value() == "secret-value"
    assert connection.needs_attention_timeout_seconds is None
    if cloud == "huawei":
        connection = connection_with(cloud, securityToken="token-value")
    shown = f"{connection!r} {connection} {connection.model_dump_json()}"
    assert "-value" not in shown


@pytest.mark.parametrize(
    ("cloud", "changes", "endpoint"),
    [
        ("naver", {}, "https://dataflow.apigw.ntruss.com"),
        ("naver", {"endpoint": "https://dataflow.gov-ntruss.com/"}, "https://dataflow.gov-ntruss.com"),
        ("naver", {"endpoint": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ("naver", {"endpoint": "http://localhost:8080/"}, "http://localhost:8080"),
        ("naver", {"endpoint": "http://[::1]:8080"}, "http://[::1]:8080"),
        ("huawei", {}, "https://dayu-dlf.cn-north-4.myhuaweicloud.com"),
        ("huawei", {"region": "ap-southeast-3"}, "https://dayu-dlf.ap-southeast-3.myhuaweicloud.com"),
        ("huawei", {"region": "cn-east-4"}, "https://dayu.cn-east-4.myhuaweicloud.com"),
        ("huawei", {"region": None, "endpoint": OWN_ENDPOINT}, OWN_ENDPOINT),
        ("huawei", {"region": "eu-de", "endpoint": f"{OWN_ENDPOINT}/"}, OWN_ENDPOINT),
    ],
)
def test_an_endpoint_is_the_regions_or_https_or_loopback(cloud: str, changes: dict[str, object], endpoint: str) -> None:
    assert connection_with(cloud, **changes).endpoint == endpoint


@pytest.mark.parametrize(
    ("cloud", "field", "values"),
    [
        ("naver", "accessKey", [None, "", "hidden\n"]),
        ("naver", "secretKey", [None, "hidden value", {"hidden": "hidden"}]),
        ("naver", "endpoint", ["http://hidden.example", "https://hidden:hidden@example.test", "ftp://hidden", 7]),
        ("naver", "endpoint", ["https://example.test?hidden", "https://example.test:hidden", "https://[hidden"]),
        (
            "naver",
            "endpoint",
            ["https://h;hidden", "https://hidden..example", "https://hidden\\@example", "https://hidden%2e"],
        ),
        (
            "naver",
            "endpoint",
            ["https://hidden/../x", "https://hidden//x", "https://hid den", "https://hidden\t.example"],
        ),
        ("naver", "endpoint", ["https://" + "hidden." * 40, "https://" + "hidden" * 11, "https://hidden\u3002example"]),
        ("naver", "endpoint", ["https://h\u0130dden", "https://hidden\u212a", "https://hidden/\u017f"]),
        ("naver", "endpoint", ["https://[1:2]/hidden", "https://[fe80::1%25eth0]/hidden", "https://hidden:65536"]),
        ("naver", "runMarker", ["hidden"]),
        ("naver", "needsAttentionTimeoutSeconds", [0, 2_592_001, 10**30, 1.5]),
        ("naver", "projectId", ["hidden"]),
        ("naver", "sharedParameters", ["hidden", ["hidden hidden"], ["/hidden"], ["hidden//*"]]),
        ("naver", "sharedParameters", [["h" * 401], ["hidden[a]"], ["a"] * 51]),
        ("naver", "watchedFailureReasons", ["hidden", 1]),
        ("naver", "password", ["hidden"]),
        ("naver", "secret_key", ["hidden"]),
        ("naver", "name", ["hidden"]),
        ("huawei", "projectId", [None, "hidden/..", 7]),
        ("huawei", "region", ["hidden.example.com", "hidden@example"]),
        ("huawei", "endpoint", ["http://hidden.example"]),
        ("huawei", "workspace", ["hidden hidden", ""]),
        ("huawei", "securityToken", ["hidden hidden"]),
        ("huawei", "secretKey", [None]),
        ("huawei", "needsAttentionTimeoutSeconds", ["hidden"]),
        ("huawei", "runMarker", ["logPath"]),
    ],
)
def test_a_wrong_field_is_named_and_no_value_shown(cloud: str, field: str, values: list[object]) -> None:
    for value in values:
        with pytest.raises(ConnectionInvalid) as caught:
            connection_with(cloud, **{field: value})
        assert f"{field}: " in str(caught.value)
        assert not any(hidden in str(caught.value) for hidden in ("hidden", "access-value", "secret-value"))
        assert caught.value.__cause__ is caught.value.__context__ is None


@given(st.from_regex(r"(?i)https?://[\w\[\]:.@;%\\?#/~ -]{1,40}", fullmatch=True))
def test_an_endpoint_that_is_taken_leads_to_one_host_whoever_reads_it(endpoint: str) -> None:
    try:
        taken = connection_with(endpoint=endpoint).endpoint
    except ConnectionInvalid:
        return
    sent = requests.Request("GET", f"{taken}/api/v1/jobs").prepare().url or ""
    hosts = {urlsplit(taken).hostname, urlsplit(sent).hostname, (parse_url(sent).host or "").strip("[]").lower()}
    assert len(hosts) == 1
    assert sent.endswith("/api/v1/jobs")


@pytest.mark.parametrize("region", [None, ["hidden"]])
def test_without_a_region_a_huawei_connection_needs_an_endpoint(region: object) -> None:
    with pytest.raises(ConnectionInvalid, match="endpoint: "):
        connection_with("huawei", region=region)


@pytest.mark.parametrize("provider", [None, "hidden", "Huawei", "../naver", 7, ["naver"], "__init__"])
def test_a_cloud_that_is_not_there_is_reported_with_those_that_are(provider: object) -> None:
    with pytest.raises(ConnectionInvalid, match=r"provider: (missing; )?give one of huawei, naver\.") as caught:
        connection_with(provider=provider)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *(
            (text, "JSON object")
            for text in ("", "a-value", "[]", '{"accessKey": "a-value"', '"a-value"', "[" * 100_000)
        ),
        ('{\n "accessKey": a-value}', "it is no JSON at line 2, column 15"),
        ('{"accessKey": "a-value", "accessKey": "b-value"}', "accessKey: is given twice; remove one of them"),
        ('{"a": "a-value", "b": "\\ud83d", "a": 1e999}', "a: is given twice; .*; a: is a number.*; b: holds half of"),
        ('{"secretKey": "-value\\ud83d"}', "secretKey: holds half of a surrogate pair"),
    ],
    ids=["empty", "text", "list", "cut", "string", "endless", "slip", "twice", "all at once", "half a pair"],
)
def test_a_secret_that_is_no_json_object_is_reported_without_quoting_it(text: str, problem: str) -> None:
    with pytest.raises(ConnectionInvalid, match=problem) as caught:
        parse_connection("default", text)
    assert "-value" not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_name_that_was_mistyped_is_offered_as_it_is_spelled() -> None:
    with pytest.raises(ConnectionInvalid, match="runMaker: there is no such field; write runMarker, or take it out"):
        connection_with(runMaker="logPath")


def test_a_byte_order_mark_before_a_secret_is_passed_over() -> None:
    assert parse_connection("default", f"\ufeff{secret()}") == connection_with()


def test_a_field_that_is_wrong_many_times_is_reported_once() -> None:
    with pytest.raises(ConnectionInvalid) as caught:
        connection_with(sharedParameters=["a b", "c d"])
    assert str(caught.value).count("sharedParameters") == 1


@pytest.mark.parametrize(
    ("changes", "are_the_same"),
    [
        *(({name: "another"}, False) for name in ("accessKey", "secretKey", "securityToken")),
        ({"securityToken": None}, False),
        ({"endpoint": OWN_ENDPOINT}, False),
        ({"region": "cn-north-1"}, False),
        ({"workspace": "d1cd", "needsAttentionTimeoutSeconds": 60}, True),
    ],
    ids=str,
)
def test_only_what_a_rejection_depends_on_makes_other_credentials(
    changes: dict[str, object], are_the_same: bool
) -> None:
    temporary = connection_with("huawei", securityToken="token")
    changed = connection_with("huawei", **{"securityToken": "token", **changes})
    assert (changed.credentials == temporary.credentials) is are_the_same
    assert changed.account == GOOD["huawei"]["projectId"]
