"""The providers' object storage, asked as Amazon's own signer signs."""

from urllib.parse import quote

import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from sandbox.tests.huawei.dataarts_client import Client as DataArtsClient
from sandbox.tests.providers.clouds import Cloud

CONTENT = b"0123456789"
KEY = "logs/a:b c.log"


@pytest.fixture(autouse=True)
def _bucket(cloud: Cloud) -> None:
    folder = cloud.client.server.settings.buckets_folder / "lake" / "logs"
    folder.mkdir(parents=True)
    (cloud.client.server.settings.buckets_folder / "lake" / KEY).write_bytes(CONTENT)


def get(cloud: Cloud, key: str, byte_range: str | None = None, **other: str) -> requests.Response:
    """`other` keys than the provider's, or another payload than an unsigned one."""
    keys = cloud.client.server.account.keys if isinstance(cloud.client, DataArtsClient) else cloud.client.server.keys
    url = f"{cloud.client.server.endpoint}/lake/{quote(key)}"
    asked = AWSRequest("GET", url)
    asked.context["client_config"] = Config(s3={"payload_signing_enabled": "payload" in other})
    credentials = Credentials(other.get("access_key", keys.access_key), other.get("secret_key", keys.secret_key))
    S3SigV4Auth(credentials, "s3", "kr-standard").add_auth(asked)
    headers = {**dict(asked.headers.items()), **({"Range": byte_range} if byte_range else {})}
    return requests.get(url, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("byte_range", "content", "content_range"),
    [
        (None, CONTENT, None),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=8-", b"89", "bytes 8-9/10"),
        ("bytes=0-99", CONTENT, "bytes 0-9/10"),
    ],
)
def test_an_object_is_read_whole_or_in_part(
    cloud: Cloud, byte_range: str | None, content: bytes, content_range: str | None
) -> None:
    read = get(cloud, KEY, byte_range)
    assert (read.status_code, read.content) == (206 if byte_range else 200, content)
    assert read.headers.get("Content-Range") == content_range


@pytest.mark.parametrize(
    ("key", "byte_range", "status", "code"),
    [
        ("logs/nothing.log", None, 404, "NoSuchKey"),
        ("logs", None, 404, "NoSuchKey"),
        (KEY, "bytes=10-", 416, "InvalidRange"),
    ],
)
def test_what_is_not_there_is_not_found(cloud: Cloud, key: str, byte_range: str | None, status: int, code: str) -> None:
    read = get(cloud, key, byte_range)
    assert (read.status_code, f"<Code>{code}</Code>" in read.text) == (status, True)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"secret_key": "another"}, "SignatureDoesNotMatch"),
        ({"access_key": "another"}, "InvalidAccessKeyId"),
        ({"payload": "signed"}, "SignatureDoesNotMatch"),
    ],
    ids=["secret-key", "access-key", "signed-body"],
)
def test_another_signature_is_rejected(cloud: Cloud, other: dict[str, str], code: str) -> None:
    read = get(cloud, KEY, **other)
    assert (read.status_code, f"<Code>{code}</Code>" in read.text) == (403, True)


def test_without_a_signature_no_object_is_served(cloud: Cloud) -> None:
    assert requests.get(f"{cloud.client.server.endpoint}/lake/{quote(KEY)}", timeout=10).status_code >= 400
