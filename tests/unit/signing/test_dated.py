"""When a signature is made and made again, and when a rejected one is blamed on its date."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from farsync.http_client.provider_clock import ProviderClock
from farsync.http_client.reauth import is_clock_corrected
from farsync.http_client.response import Reply
from farsync.signing.dated import DatedAuth
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from farsync.signing.naver import NaverAuth, NaverKeys

NOW = 1742523174.0
HOUR = 3600
NAVER_KEYS = NaverKeys("access", "the-secret")
HUAWEI_KEYS = HuaweiKeys("access", "the-secret", "the-token")


class Signatures:
    """Our clock, and signatures dated by it until the provider says otherwise."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = ProviderClock(lambda: self.now)
        self.auth: DatedAuth = NaverAuth(NAVER_KEYS, self.clock)

    def sign(self) -> requests.PreparedRequest:
        return requests.Request("GET", "https://provider.test/a", auth=self.auth).prepare()

    def is_corrected(self, ahead: float, status: int = 401, trip: float = 0, **headers: str) -> bool:
        """Whether a reply that comes `trip` seconds later, dated so far ahead of our present, corrects the clock."""
        self.now += trip
        dated = format_datetime(datetime.fromtimestamp(self.now + ahead, UTC), usegmt=True)
        return is_clock_corrected(
            self.auth, Reply(status, CaseInsensitiveDict({"Date": dated, **headers}), b"", self.now, trip)
        )


@pytest.fixture
def signatures() -> Signatures:
    made = Signatures()
    made.sign()
    return made


@pytest.mark.parametrize(
    ("auth", "allowed"),
    [(NaverAuth(NAVER_KEYS, float), 300), (HuaweiAuth(HUAWEI_KEYS, float, {}), 900)],
    ids=["naver", "huawei"],
)
def test_a_date_that_the_provider_may_not_allow_corrects_the_clock(auth: DatedAuth, allowed: int) -> None:
    """By a margin for what a reply's date leaves uncertain."""
    for ahead, is_blamed in ((0, False), (allowed - 30, False), (allowed - 29, True), (HOUR, True)):
        for seconds in (ahead, -ahead):
            made = Signatures()
            made.auth = auth
            auth.clock = made.clock
            made.sign()
            assert made.is_corrected(seconds) is is_blamed
            assert made.clock() == NOW + (seconds if is_blamed else 0)


@pytest.mark.parametrize("status", [200, 400, 403, 429, 500])
def test_no_other_reply_than_a_401_corrects_the_clock(signatures: Signatures, status: int) -> None:
    assert not signatures.is_corrected(HOUR, status)
    assert signatures.clock() == NOW


@pytest.mark.parametrize("headers", [{"Age": "60"}, {"Date": ""}, {"Date": "soon"}], ids=str)
def test_a_reply_without_the_providers_time_corrects_nothing(signatures: Signatures, headers: dict[str, str]) -> None:
    assert not signatures.is_corrected(HOUR, 401, 0, **headers)
    assert signatures.clock() == NOW


def test_the_reply_is_taken_to_be_made_half_way_between_sending_and_receiving(signatures: Signatures) -> None:
    assert signatures.is_corrected(HOUR - 4, trip=8)
    assert signatures.clock() == NOW + 8 + HOUR


@pytest.mark.parametrize(("trip", "is_blamed"), [(4, False), (6, True)])
def test_the_way_there_is_no_difference_of_the_clocks(signatures: Signatures, trip: int, is_blamed: bool) -> None:
    assert signatures.is_corrected(268, trip=trip) is is_blamed


def test_a_corrected_clock_is_right_for_the_next_signature_and_corrected_back_again(signatures: Signatures) -> None:
    signatures.is_corrected(HOUR)
    signatures.sign()
    assert not signatures.is_corrected(HOUR)
    assert signatures.is_corrected(0)
    assert signatures.clock() == NOW


def test_a_signature_from_before_the_correction_is_blamed_on_its_own_date(signatures: Signatures) -> None:
    signatures.clock.set(NOW + HOUR)
    assert signatures.is_corrected(HOUR)
    assert signatures.clock() == NOW + HOUR


def test_a_clock_that_is_not_the_providers_is_never_touched(signatures: Signatures) -> None:
    signatures.auth.clock = lambda: NOW
    assert not signatures.is_corrected(HOUR)


@pytest.mark.parametrize(
    ("auth", "header", "dates"),
    [
        (NaverAuth(NAVER_KEYS, float), "x-ncp-apigw-timestamp", ["1742523174000", "1742523474500"]),
        (HuaweiAuth(HUAWEI_KEYS, float, {}), "x-sdk-date", ["20250321T021254Z", "20250321T021754Z"]),
    ],
)
def test_a_request_that_is_sent_again_is_signed_again(auth: DatedAuth, header: str, dates: list[str]) -> None:
    readings = iter([NOW, NOW + 300.5])
    auth.clock = lambda: next(readings)
    request = requests.Request("GET", "https://provider.test/a", auth=auth).prepare()
    first = dict(request.headers)
    auth(request)
    assert [first[header], request.headers[header]] == dates
    signatures = [name for name in first if name.lower() in ("authorization", "x-ncp-apigw-signature-v2")]
    assert [first[name] == request.headers[name] for name in signatures] == [False]


@pytest.mark.parametrize("keys", [NAVER_KEYS, HUAWEI_KEYS], ids=["naver", "huawei"])
def test_secrets_do_not_show_when_keys_are_printed(keys: object) -> None:
    assert not any(secret in f"{keys!r} {keys}" for secret in ("the-secret", "the-token"))


@pytest.mark.parametrize(
    "auth", [NaverAuth(NAVER_KEYS, lambda: NOW), HuaweiAuth(HUAWEI_KEYS, lambda: NOW, {})], ids=["naver", "huawei"]
)
def test_the_secret_key_is_in_nothing_that_is_sent(auth: DatedAuth) -> None:
    """Parameters are, as they stand."""
    start = requests.Request("POST", "https://provider.test/a?b=c", json={"password": "hunter2"}, auth=auth).prepare()
    sent = f"{start.url} {start.headers} {start.body!r}"
    assert ("the-secret" in sent, "hunter2" in sent, "access" in sent) == (False, True, True)
