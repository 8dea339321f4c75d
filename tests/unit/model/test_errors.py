import pytest

from farsync.model.errors import (
    AuthenticationFailed,
    FarsyncError,
    InvalidRequest,
    PermissionDenied,
    ProviderReply,
    ProviderUnavailable,
    Throttled,
    is_rejection,
)

SAID = ProviderReply(400, "code", "message", "trace")


def test_an_invalid_request_names_the_field_and_keeps_what_the_provider_said() -> None:
    error = InvalidRequest("job: is required", field="job", said=SAID)

    assert (str(error), error.field, error.said) == ("job: is required", "job", SAID)


def test_an_invalid_request_may_be_wrong_as_a_whole() -> None:
    error = InvalidRequest("no JSON")

    assert (error.field, error.said, error.retry_after_seconds) == ("", None, None)


def test_an_invalid_request_is_a_bad_one_over_http_unless_said_otherwise() -> None:
    assert InvalidRequest("no JSON").http_status == 400
    assert InvalidRequest("no such route", http_status=404).http_status == 404


def test_a_rejection_keeps_what_the_provider_said_and_the_time_to_stay_away() -> None:
    error = Throttled("later", said=SAID, retry_after_seconds=7)

    assert (error.said, error.retry_after_seconds) == (SAID, 7)


@pytest.mark.parametrize(
    ("failure", "is_one"),
    [
        (PermissionDenied("no role"), True),
        (InvalidRequest("not so"), True),
        (ProviderUnavailable("it only waits", said=ProviderReply(400)), True),
        (AuthenticationFailed("wrong keys", said=ProviderReply(401)), True),
        (AuthenticationFailed("the keys rest"), False),
        (ProviderUnavailable("away"), False),
        (ProviderUnavailable("away", said=ProviderReply(503)), False),
        (ProviderUnavailable("slow", said=ProviderReply(408)), False),
        (Throttled("too many", said=ProviderReply(429)), False),
    ],
)
def test_a_provider_that_is_away_has_rejected_nothing(failure: FarsyncError, is_one: bool) -> None:
    assert is_rejection(failure) is is_one
