"""Where the provider's pages disagree, a switch says which one the service follows."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, sql


def code_of_a_missing_job(client: Client) -> Any:
    return client.call("GET", "/jobs/gone").json()["error_code"]


def names_of_an_error(client: Client) -> Any:
    return list(client.call("GET", "/jobs/gone").json())


def code_of_the_gateway(client: Client) -> Any:
    return client.call("GET", "/scripts").json()["error_code"]


def type_of_a_job_id(client: Client) -> Any:
    client.run()
    return type(client.list_instances()["instances"][0]["jobId"])


def has_a_queue(client: Client) -> Any:
    return "queue" in client.run(sql("SELECT 1"))["nodes"][0]


def duration_over_milliseconds(client: Client) -> Any:
    shown = client.run()
    return round((shown["endTime"] - shown["startTime"]) / shown["executeTime"], -3)


def start_of_what_waits(client: Client) -> Any:
    client.control("PUT", "pace", {"jobName": "job_1", "queueSeconds": 600})
    instance = client.instance("job_1", client.start(client.make_job()))
    seen = [item.get("startTime") for item in (instance, instance["nodes"][0], client.list_instances()["instances"][0])]
    assert len(set(seen)) == 1
    return seen[0]


@pytest.mark.parametrize(
    ("switch", "positions", "seen", "expected"),
    [
        ("error_codes", ("0100", "30100"), code_of_a_missing_job, ("DLF.0100", "DLF.30100")),
        (
            "error_keys",
            ("error_code", "errorCode"),
            names_of_an_error,
            (["error_code", "error_msg"], ["errorCode", "errorMsg"]),
        ),
        ("gateway_prefix", ("APIGW", "APIG"), code_of_the_gateway, ("APIGW.0101", "APIG.0101")),
        ("is_job_id_text", (False, True), type_of_a_job_id, (int, str)),
        ("has_queue", (True, False), has_a_queue, (True, False)),
        ("execute_time_unit", ("milliseconds", "minutes"), duration_over_milliseconds, (0, 60_000)),
        ("missing_start_time", ("absent", "zero"), start_of_what_waits, (None, 0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("position", [0, 1])
def test_a_switch_changes_what_a_client_sees(
    make_server: ServerMaker,
    switch: str,
    positions: tuple[object, object],
    seen: Callable[[Client], Any],
    expected: tuple[object, object],
    position: int,
) -> None:
    client = Client(
        make_server(run_seconds=1.5 if switch == "execute_time_unit" else 0, **{switch: positions[position]})
    )
    assert seen(client) == expected[position]


@pytest.mark.parametrize("word", ["forceSuccess", "ignoreSuccess"])
@pytest.mark.parametrize("form", ["flags", "words"])
def test_a_special_success_is_reported_by_a_flag_or_by_a_word(make_server: ServerMaker, form: str, word: str) -> None:
    client = Client(make_server(special_success=form))
    shown = client.run()
    assert client.set_status_by_hand(shown["instanceId"], word).ok
    status = word if form == "words" else "success"
    for seen in (client.instance("job_1", shown["instanceId"]), client.list_instances(status=status)["instances"][0]):
        assert (seen["status"], seen[word]) == (status, form == "flags")
