"""Whether a failure is a provider's no, or its absence."""

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


@pytest.mark.parametrize(
    ("failure", "is_rejected"),
    [
        (PermissionDenied("no role"), True),
        (InvalidRequest("not so"), True),
        (ProviderUnavailable("it only waits", said=ProviderReply(400)), True),
        (AuthenticationFailed("wrong keys", said=ProviderReply(401)), True),
        (AuthenticationFailed("the keys rest"), False),
        (ProviderUnavailable("away"), False),
        (ProviderUnavailable("away", said=ProviderReply(503)), False),
        (ProviderUnavailable("held by somebody", said=ProviderReply(423)), True),
        *((ProviderUnavailable("not taken", said=ProviderReply(status)), False) for status in (408, 421, 425)),
        (Throttled("too many", said=ProviderReply(429)), False),
    ],
)
def test_a_provider_that_is_away_has_rejected_nothing(failure: FarsyncError, is_rejected: bool) -> None:
    assert is_rejection(failure) is is_rejected
