"""When a rejected signature is blamed on its date, and what is learned from the reply then."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar

import pytest
from requests import PreparedRequest, Request
from requests.structures import CaseInsensitiveDict

from farsync.http_client.provider_clock import ProviderClock
from farsync.http_client.reauth import is_clock_corrected
from farsync.http_client.response import Reply
from farsync.signing.dated import DatedAuth
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from farsync.signing.naver import NaverAuth, NaverKeys

NOW = 1742523174.0
ALLOWED_SECONDS = 300


class Signer(DatedAuth):
    allowed_skew_seconds: ClassVar[float] = ALLOWED_SECONDS

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["date"] = str(self._date())
        return request


class World:
    """Our clock, and a signer that goes by it until the provider says otherwise."""

    def __init__(self) -> None:
        self.now = NOW
        self.clock = ProviderClock(lambda: self.now)
        self.signer = Signer(self.clock)

    def sign(self) -> None:
        self.signer(Request("GET", "http://provider.test").prepare())

    def is_put_right(self, provider_seconds_ahead: float, status: int = 401, trip: float = 0, **more: str) -> bool:
        """Whether a reply that came `trip` seconds later, and was made half way there, puts the clock right."""
        self.sign()
        self.now += trip
        made_at = datetime.fromtimestamp(self.now - trip / 2 + provider_seconds_ahead, UTC)
        headers = CaseInsensitiveDict({"Date": format_datetime(made_at, usegmt=True), **more})
        return is_clock_corrected(self.signer, Reply(status, headers, b"", self.now, trip))


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("ahead", [271, 3600, -271, -3600])
def test_a_date_that_the_provider_may_not_allow_is_blamed_and_the_clock_put_right(world: World, ahead: int) -> None:
    assert world.is_put_right(ahead)
    assert world.clock() == NOW + ahead


@pytest.mark.parametrize("ahead", [0, 270, -270])
def test_a_date_that_the_provider_allows_is_not_blamed(world: World, ahead: int) -> None:
    assert not world.is_put_right(ahead)
    assert world.clock() == NOW


@pytest.mark.parametrize("status", [200, 400, 403, 429, 500])
def test_no_other_reply_than_a_401_puts_the_clock_right(world: World, status: int) -> None:
    assert not world.is_put_right(3600, status)
    assert world.clock() == NOW


def test_the_reply_is_taken_to_be_made_half_way_between_sending_and_receiving(world: World) -> None:
    assert world.is_put_right(3600, trip=8)
    assert world.clock() == NOW + 8 + 3600


@pytest.mark.parametrize(("trip", "is_blamed"), [(4, False), (6, True)])
def test_the_way_there_is_not_taken_for_a_difference_of_the_clocks(world: World, trip: int, is_blamed: bool) -> None:
    world.sign()
    made_at = format_datetime(datetime.fromtimestamp(NOW + 268 + trip, UTC), usegmt=True)
    reply = Reply(401, CaseInsensitiveDict({"Date": made_at}), b"", NOW + trip, trip)

    assert is_clock_corrected(world.signer, reply) is is_blamed


@pytest.mark.parametrize("headers", [{"Age": "60"}, {"Date": ""}, {"Date": "soon"}])
def test_a_reply_without_the_providers_time_puts_nothing_right(world: World, headers: dict[str, Any]) -> None:
    assert not world.is_put_right(3600, **headers)
    assert world.clock() == NOW


def test_a_clock_once_put_right_is_right_for_the_next_signature(world: World) -> None:
    world.is_put_right(3600)

    assert not world.is_put_right(3600)


def test_a_clock_put_right_is_put_right_again_when_the_difference_is_gone(world: World) -> None:
    world.is_put_right(3600)

    assert world.is_put_right(0)
    assert world.clock() == NOW


def test_a_signature_from_before_the_correction_is_blamed_on_its_own_date(world: World) -> None:
    world.sign()
    world.clock.set(NOW + 3600)
    late = format_datetime(datetime.fromtimestamp(NOW + 3600, UTC), usegmt=True)

    assert is_clock_corrected(world.signer, Reply(401, CaseInsensitiveDict({"Date": late}), b"", NOW))
    assert world.clock() == NOW + 3600


def test_a_clock_that_is_not_the_providers_is_never_touched() -> None:
    signer = Signer(lambda: NOW)
    signer(Request("GET", "http://provider.test").prepare())
    late = format_datetime(datetime.fromtimestamp(NOW + 3600, UTC), usegmt=True)

    assert not is_clock_corrected(signer, Reply(401, CaseInsensitiveDict({"Date": late}), b"", NOW))


@pytest.mark.parametrize(
    ("auth", "allowed_seconds"),
    [
        (NaverAuth(NaverKeys("access", "secret"), lambda: NOW), 300),
        (HuaweiAuth(HuaweiKeys("access", "secret"), lambda: NOW, {}), 900),
    ],
)
def test_each_provider_allows_what_its_pages_say(auth: DatedAuth, allowed_seconds: int) -> None:
    assert auth.allowed_skew_seconds == allowed_seconds
