import pytest

from farsync.model.errors import InvalidRequest, ProviderReply, Throttled
from farsync.runtime.redaction import keeping_out

SAID = ProviderReply(400, "code", "message", "trace")


def test_the_time_to_stay_away_is_reported_once_beside_a_value_that_is_kept_out() -> None:
    with pytest.raises(Throttled) as caught, keeping_out(["a-token"]):
        raise Throttled("a-token comes later", retry_after_seconds=7)

    assert str(caught.value) == "*** comes later"


def test_a_value_that_is_a_part_of_another_leaves_nothing_of_it() -> None:
    with pytest.raises(InvalidRequest) as caught, keeping_out(["hunter", "hunter-secret"]):
        raise InvalidRequest("rejected: hunter-secret", said=SAID._replace(message="hunter-sec"))

    assert str(caught.value) == "rejected: ***"
    assert caught.value.said == SAID._replace(message="***")
