import pytest

from farsync.http_client.response import Reply
from farsync.model.errors import JobNotFound, ProviderUnavailable
from farsync.providers.huawei.errors import Operation, reading
from tests.unit.providers.test_huawei_errors import make_reply, said


def test_what_succeeded_is_decoded() -> None:
    reply = make_reply(200, {"name": "a-job"})
    assert reading(Operation.GET_JOB, lambda read: read is reply)(reply)


def test_a_rejection_is_raised_under_our_name_as_its_operation_has_it() -> None:
    def decode(_: Reply) -> None:
        raise AssertionError("a rejection is not decoded")

    with pytest.raises(JobNotFound):
        reading(Operation.GET_JOB, decode)(make_reply(400, said("DLF.0100")))


def test_what_cannot_be_decoded_is_reported_with_what_the_provider_said() -> None:
    def decode(_: Reply) -> None:
        raise ValueError("no JSON")

    with pytest.raises(ProviderUnavailable, match=r"^DataArts Factory's reply cannot be read\.$") as raised:
        reading(Operation.GET_JOB, decode)(make_reply(200, b"odd", X_Request_Id="a-trace"))
    assert raised.value.said is not None
    assert (raised.value.said.http_status, raised.value.said.trace_id) == (200, "a-trace")
