"""The signature of a GET from an object storage, against botocore's; and where its objects are."""

from calendar import timegm
from datetime import datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from farsync.connections.object_storage import ObjectStorage
from farsync.providers.object_reading import is_object
from farsync.signing.object_storage import StorageKeys, sign


@pytest.mark.parametrize("token", [None, "a-token"])
def test_a_get_is_signed_as_botocore_signs_it(token: str | None) -> None:
    path = "/lake/console/a_2026-11-22T15%3A10%3A02.log"
    asked = AWSRequest("GET", f"https://kr.object.ncloudstorage.com{path}")
    asked.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    S3SigV4Auth(Credentials("key", "secret", token), "s3", "kr-standard").add_auth(asked)
    headers: dict[str, Any] = {name.lower(): value for name, value in asked.headers.items()}
    moment = timegm(datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").timetuple())  # noqa: DTZ007
    keys = StorageKeys("key", "secret", "kr-standard", token)
    ours = sign("kr.object.ncloudstorage.com", path, keys, moment)
    assert {name.lower(): value for name, value in ours.items()} == headers


def test_keys_are_never_written() -> None:
    assert "secret" not in repr(StorageKeys("key", "secret", "r", "secret-token"))


@pytest.mark.parametrize(
    ("endpoint", "in_host", "url"),
    [
        ("https://kr.object.ncloudstorage.com", False, "https://kr.object.ncloudstorage.com/lake/a%3Ab.log"),
        ("https://obs.cn-north-4.myhuaweicloud.com", True, "https://lake.obs.cn-north-4.myhuaweicloud.com/a%3Ab.log"),
        ("http://127.0.0.1:9", True, "http://127.0.0.1:9/lake/a%3Ab.log"),
        ("http://localhost:9", True, "http://localhost:9/lake/a%3Ab.log"),
    ],
)
def test_a_bucket_stands_where_its_provider_wants_it(endpoint: str, in_host: bool, url: str) -> None:
    storage = ObjectStorage(endpoint, StorageKeys("a", "b", "c"), is_bucket_in_host=in_host)
    assert storage.url_of("lake", "a:b.log") == url


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("lake/logs/a.log", True),
        ("obs://dlf-log/job/2019-03-04 11_53_00.000/error/error.job", True),
        ("lake/logs/", False),
        ("lake", False),
        ("obs://lake", False),
        ("lake/../other/a.log", False),
        ("https://example.com/a.log", False),
        ("example.com:80@lake/a.log", False),
        ("", False),
    ],
)
def test_a_path_of_a_provider_is_an_object_or_a_folder(path: str, is_one: bool) -> None:
    assert is_object(path) is is_one
