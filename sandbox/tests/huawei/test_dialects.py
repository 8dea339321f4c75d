"""Where the provider's pages disagree, a switch says which one the service follows."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.huawei_dataarts import Settings
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, sql


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


@pytest.mark.parametrize(("method", "path"), [("GET", "/jobs"), ("POST", "/jobs/job_1/run-immediate")])
def test_the_host_of_v2_knows_no_route_of_v1(make_server: ServerMaker, method: str, path: str) -> None:
    rejected = Client(make_server(provider_host="dayu")).call(method, path)
    assert (rejected.status_code, rejected.json()["error_code"]) == (404, "APIGW.0101")


def test_keys_of_an_error_come_in_two_spellings(make_server: ServerMaker) -> None:
    body = Client(make_server(error_keys="errorCode")).call("GET", "/jobs/gone").json()
    assert body == {"errorCode": "DLF.0100", "errorMsg": "The job does not exists."}


def test_the_gateway_may_use_the_products_own_prefix(make_server: ServerMaker) -> None:
    client = Client(make_server(gateway_prefix="APIG", clock_skew_code="0301"), clock=lambda: 0)
    assert client.call("GET", "/jobs").json()["error_code"] == "APIG.0301"


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


def test_a_plain_success_is_not_found_among_the_words_of_special_ones(make_server: ServerMaker) -> None:
    client = Client(make_server(special_success="words"))
    shown = client.run()
    client.person(shown["instanceId"], "forceSuccess")
    assert client.list_instances(status="success")["total"] == 0


@pytest.mark.parametrize(
    ("missing", "shown"), [("absent", {}), ("null", {"startTime": None}), ("zero", {"startTime": 0})]
)
def test_what_has_not_started_says_so_in_one_of_three_ways(
    make_server: ServerMaker, missing: str, shown: dict[str, Any]
) -> None:
    client = Client(make_server(missing_start_time=missing, queue_seconds=600))
    instance_id = client.start(client.make_job())
    instance = client.instance("job_1", instance_id)
    for seen in (instance, instance["nodes"][0], client.list_instances()["instances"][0]):
        assert {name: value for name, value in seen.items() if name == "startTime"} == shown


def test_the_duration_may_be_minutes_with_a_fraction(make_server: ServerMaker) -> None:
    shown = Client(make_server(execute_time_unit="minutes", run_seconds=0.3)).run()
    assert shown["executeTime"] == round((shown["endTime"] - shown["startTime"]) / 60_000, 3)
    assert 0 < shown["executeTime"] < 1


def test_a_job_id_may_be_a_text_and_a_queue_may_be_missing(make_server: ServerMaker) -> None:
    client = Client(make_server(is_job_id_text=True, has_queue=False))
    shown = client.run(sql("SELECT 1"))
    assert "queue" not in shown["nodes"][0]
    assert client.list_instances()["instances"][0]["jobId"] == "608627"


def test_a_queue_can_be_named_by_its_node(client: Client) -> None:
    query = sql("SELECT 1")
    query["properties"].append({"name": "queue", "value": "nightly"})
    assert client.run(query)["nodes"][0]["queue"] == "nightly"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"speed": 0}, "speed"),
        ({"run_seconds": -1}, "run_seconds"),
        ({"access_key": "a"}, "secret_key"),
        ({"status_words": 7, "special_success": "words"}, "status_words 12"),
    ],
)
def test_settings_that_make_no_sense_are_rejected(tmp_path: Path, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Settings(folder=tmp_path, **settings)
