"""Where the provider's pages disagree, a switch says which one the service follows."""

from typing import Any

import pytest

from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing


@pytest.mark.parametrize(
    ("path", "older", "newer"),
    [("/jobs/gone", "DLF.0100", "DLF.30100"), ("/jobs/gone/instances/1", "DLF.0137", "DLF.30137")],
)
def test_codes_come_in_two_generations(make_server: ServerMaker, path: str, older: str, newer: str) -> None:
    for error_codes, code in (("0100", older), ("30100", newer)):
        client = Client(make_server(error_codes=error_codes))
        assert client.call("GET", path).json()["error_code"] == code
    strange = Client(client.server, headers={"workspace": "x"}).call("GET", "/jobs")
    assert strange.json()["error_code"] == "DLF.20819"


@pytest.mark.parametrize(
    ("special_success", "word", "shown_as"),
    [
        ("flags", "forceSuccess", ("success", True, False)),
        ("flags", "ignoreSuccess", ("success", False, True)),
        ("words", "forceSuccess", ("forceSuccess", False, False)),
        ("words", "ignoreSuccess", ("ignoreSuccess", False, False)),
    ],
)
def test_a_special_success_is_reported_by_flags_or_by_words(
    make_server: ServerMaker, special_success: str, word: str, shown_as: tuple[str, bool, bool]
) -> None:
    client = Client(make_server(special_success=special_success))
    shown = client.run(failing())
    assert client.person(shown["instanceId"], word).ok
    for seen in (client.instance("job_1", shown["instanceId"]), client.list_instances()["instances"][0]):
        assert (seen["status"], seen["forceSuccess"], seen["ignoreSuccess"]) == shown_as
    assert client.list_instances(status=shown_as[0])["total"] == 1
    assert client.ledger()[0]["status"] == word


@pytest.mark.parametrize(("missing", "shown"), [("absent", {}), ("zero", {"startTime": 0})])
def test_what_has_not_started_says_so_in_one_of_two_ways(
    make_server: ServerMaker, missing: str, shown: dict[str, Any]
) -> None:
    client = Client(make_server(missing_start_time=missing, queue_seconds=600))
    instance_id = client.start(client.make_job())
    instance = client.instance("job_1", instance_id)
    for seen in (instance, instance["nodes"][0], client.list_instances()["instances"][0]):
        assert {name: value for name, value in seen.items() if name == "startTime"} == shown
