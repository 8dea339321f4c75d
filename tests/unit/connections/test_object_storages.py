"""Where the logs of a connection's executions are read."""

import json

import pytest

from farsync.connections.connection import parse_connection

KEYS = {"accessKey": "key", "secretKey": "secret"}
NAVER = {"provider": "naver", **KEYS}
HUAWEI = {"provider": "huawei", "projectId": "p", **KEYS}


@pytest.mark.parametrize(
    ("held", "endpoint", "region"),
    [
        (NAVER, "https://kr.object.ncloudstorage.com", "kr-standard"),
        ({**NAVER, "objectStorageEndpoint": "http://127.0.0.1:9/"}, "http://127.0.0.1:9", "kr-standard"),
        ({**HUAWEI, "region": "cn-north-4"}, "https://obs.cn-north-4.myhuaweicloud.com", "cn-north-4"),
        (
            {**HUAWEI, "endpoint": "https://dayu-dlf.eu-west-101.myhuaweicloud.eu"},
            "https://obs.eu-west-101.myhuaweicloud.eu",
            "eu-west-101",
        ),
        (
            {**HUAWEI, "endpoint": "https://dlf.example.com", "objectStorageEndpoint": "https://obs.example.com"},
            "https://obs.example.com",
            "region",
        ),
    ],
)
def test_logs_are_read_where_the_provider_keeps_them_or_the_connection_says(
    held: dict[str, str], endpoint: str, region: str
) -> None:
    storage = parse_connection("x", json.dumps(held)).object_storage
    assert storage is not None
    assert (storage.endpoint, storage.keys.region) == (endpoint, region)


@pytest.mark.parametrize("region", [{}, {"region": "eu-de"}])
def test_an_endpoint_of_another_cloud_leads_to_no_storage_of_huawei(region: dict[str, str]) -> None:
    held = {**HUAWEI, "endpoint": "https://dlf.example.com", **region}
    assert parse_connection("x", json.dumps(held)).object_storage is None
