"""`GET /runs/{name}/logs`: the provider's own log, from its object storage."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.connections.object_storage import ObjectStorage
from farsync.model.errors import PermissionDenied
from farsync.operations.read_logs import read_logs
from farsync.providers.object_reading import read_tail
from farsync.signing.object_storage import StorageKeys
from tests.unit.operations.cloud import AT_ONCE, BOTH, a_cloud
from tests.unit.operations.http_client import Answered, HttpClient
from tests.unit.operations.marks import only
from tests.unit.operations.provider_in_process import ENDPOINT
from tests.unit.operations.shown_run import ShownRun

BOTH_CLOUDS = only("run", *BOTH)
SECRET = "open sesame/äö"


@pytest.fixture(params=["data-flow"])
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ShownRun]:
    """Its execution has begun, and ends in an instant."""
    with a_cloud(request.param, tmp_path, **AT_ONCE) as cloud:
        run = ShownRun(cloud).started()
        cloud.wait_until_over(run.variable["executionId"])
        yield run


def read(run: ShownRun, query: str = "", name: str = "x") -> Answered:
    client = HttpClient(run.cloud.environment, read_logs)
    return client.call("GET /runs/{name}/logs", f"/runs/{name}/logs{query}")


def log_file(run: ShownRun) -> Path:
    """Where the emulator has written the log."""
    path = str(read(run).body["path"]).removeprefix("obs://")
    return Path(run.cloud.emulator.description["bucketsDir"]) / path


@BOTH_CLOUDS
def test_the_log_that_the_provider_wrote_is_shown_whole_with_where_it_stands(run: ShownRun) -> None:
    shown = read(run).body
    written = log_file(run).read_text().splitlines()
    assert (shown["lines"], shown["isCut"]) == (written, False)
    assert len(written) > 0


@BOTH_CLOUDS
def test_the_last_lines_are_shown_and_that_there_are_more(run: ShownRun) -> None:
    log_file(run).write_text("".join(f"line {number}\n" for number in range(300)))
    shown = read(run, "?tail=2").body
    assert (shown["lines"], shown["isCut"]) == (["line 298", "line 299"], True)
    assert len(read(run).body["lines"]) == 200
    assert read(run, "?tail=300").body["isCut"] is False


def test_of_a_large_log_the_last_megabyte_is_read_and_no_half_of_a_line(run: ShownRun) -> None:
    log_file(run).write_text("".join(f"{number:07d}{'x' * 992}\n" for number in range(3000)))
    shown = read(run, "?tail=5000").body
    assert shown["isCut"] is True
    assert 1000 < len(shown["lines"]) < 1050
    assert {len(line) for line in shown["lines"]} == {999}
    assert shown["lines"][-1].startswith("0002999")


def test_an_empty_log_has_no_lines(run: ShownRun) -> None:
    log_file(run).write_text("")
    assert (read(run).body["lines"], read(run).body["isCut"]) == ([], False)


def test_what_is_no_text_is_shown_as_far_as_it_can_be(run: ShownRun) -> None:
    log_file(run).write_bytes(b"a\xff\x00\x1bb\r\nc\td\n")
    assert read(run).body["lines"] == ["a\ufffd\ufffd\ufffdb", "c\td"]


@only("run", "dataarts")
class TestNodes:
    def test_nodes_with_a_log_are_named_and_one_may_be_asked_for(self, run: ShownRun) -> None:
        nodes = read(run).body["nodes"]
        assert nodes
        assert read(run, f"?node={nodes[0]}").body["path"].endswith(f"/{nodes[0]}.job")

    def test_a_node_that_has_no_log_is_rejected_with_those_that_have(self, run: ShownRun) -> None:
        answered = read(run, "?node=nothing")
        assert (answered.status, answered.body["field"]) == (400, "node")
        assert read(run).body["nodes"][0] in answered.body["detail"]


class TestSecrets:
    @pytest.fixture(autouse=True)
    def secret(self, run: ShownRun) -> None:
        run.run.request = {**run.request, "parameters": {"a": {"secret": "password"}, "b": "seen"}}
        run.cloud.aws.secrets["farsync/parameters/default/password"] = SECRET

    def test_the_value_of_a_secret_parameter_never_appears(self, run: ShownRun) -> None:
        log_file(run).write_text(
            f"password={SECRET}\n{json.dumps({'p': SECRET})}\n?p=open%20sesame%2F%C3%A4%C3%B6\nb=seen\n"
        )
        assert read(run).body["lines"] == ["password=***", '{"p": "***"}', "?p=***", "b=seen"]

    def test_nor_does_the_value_that_it_had_before(self, run: ShownRun) -> None:
        run.cloud.aws.secrets["farsync/parameters/default/password"] = "another"
        run.cloud.aws.previous_secrets["farsync/parameters/default/password"] = SECRET
        log_file(run).write_text(f"{SECRET} another\n")
        assert read(run).body["lines"] == ["*** ***"]

    def test_nor_a_part_of_it_where_the_log_is_cut(self, run: ShownRun) -> None:
        run.cloud.aws.secrets["farsync/parameters/default/password"] = "first line\nsecond line"
        log_file(run).write_text(f"first line\nsecond line\n{'x' * (1024 * 1024 - 12 - 1)}\n")
        assert "second" not in json.dumps(read(run).body)

    def test_a_log_whose_secrets_cannot_be_read_is_not_shown(self, run: ShownRun) -> None:
        path = log_file(run)
        run.cloud.aws.secrets.clear()
        assert path.exists()
        assert read(run).body["type"] == "InvalidRequest"


class TestRejections:
    def test_a_run_without_an_execution_has_no_log(self, run: ShownRun) -> None:
        run.run.history = type(run.history)().begun(run.request).entered("Prepare")
        assert read(run).body["type"] == "LogNotFound"

    def test_a_log_that_was_deleted_is_not_found(self, run: ShownRun) -> None:
        log_file(run).unlink()
        assert read(run).body["type"] == "LogNotFound"

    def test_keys_that_the_object_storage_rejects_are_a_problem_that_says_so(self, run: ShownRun) -> None:
        path = str(read(run).body["path"])
        storage = ObjectStorage(ENDPOINT, StorageKeys("another", "pair", "kr-standard"))
        with pytest.raises(PermissionDenied, match="InvalidAccessKeyId"):
            read_tail(run.cloud.environment.transport, storage, path, run.cloud.clock, 10)

    def test_an_unknown_run_is_not_found(self, run: ShownRun) -> None:
        assert read(run, name="unknown").body["type"] == "RunNotFound"

    @pytest.mark.parametrize("query", ["?tail=0", "?tail=5001", "?lines=3"])
    def test_a_bad_question_is_rejected(self, run: ShownRun, query: str) -> None:
        assert read(run, query).status == 400


def test_of_an_execution_that_the_provider_has_forgotten_the_event_says_where_its_log_stands(run: ShownRun) -> None:
    path = read(run).body["path"]
    run.variable["executionId"] = "987654321"
    run.history.followed(run.variable)
    data: dict[str, Any] = {"status": "SUCCEEDED", "eventId": "e", "logPaths": [path]}
    run.ended("SUCCEEDED", output=json.dumps(data))
    assert read(run).body["path"] == path
