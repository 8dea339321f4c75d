"""Our signature against that of the provider's own SDK, over three thousand requests.

No package of the SDK knows Data Flow; all sign alike, and this is the smallest. It sends the signature in the header of
the first version, `x-ncp-apigw-signature-v1`; text and algorithm are those of the second. It signs a query as it is
handed over, so that the test hands it over encoded.
"""

import random
from types import SimpleNamespace

import requests
from ncloud_monitoring import ApiClient

from farsync.signing.naver import NaverAuth, NaverKeys
from tests.support.random_requests import REQUESTS, random_request

ENDPOINT = "https://dataflow.test/api"


def test_the_sdk_signs_the_same_requests_with_the_same_signatures() -> None:
    source = random.Random(13)
    for number in range(REQUESTS):
        asked = random_request(source)
        keys = NaverKeys(asked.access_key, asked.secret_key)
        auth = NaverAuth(keys, lambda now=asked.now_seconds: float(now))  # type: ignore[misc]
        url = f"{ENDPOINT}{asked.encoded_path}"
        ours = requests.Request(asked.method, url, params=list(asked.query), auth=auth).prepare()
        path, _, query = ours.path_url.partition("?")
        theirs = ApiClient.make_signature(
            SimpleNamespace(configuration=SimpleNamespace(host=ENDPOINT, **keys._asdict())),
            asked.method,
            path.removeprefix("/api"),
            [tuple(pair.split("=", 1)) for pair in query.split("&") if pair],
            ours.headers["x-ncp-apigw-timestamp"],
        )
        assert ours.headers["x-ncp-apigw-signature-v2"] == theirs.decode(), (number, asked)
