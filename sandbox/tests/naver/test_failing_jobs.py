"""A definition that cannot run fails, and its console log names the node and the reason."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.tests.naver.data_flow_client import CONDITION, Client, ServerMaker
from sandbox.tests.naver.nodes import source, sql, target, transform

Nodes = list[dict[str, Any]]


def failure_log(client: Client, nodes: Nodes) -> str:
    execution = client.run(nodes)
    assert execution["status"] == "FAILED"
    return client.console_log(execution)


@pytest.mark.parametrize(
    ("nodes", "named"),
    [
        ([source(), transform("UNION", 1), target(5)], ["union_5", "TRANSFORM_UNION do not run"]),
        ([source(), target(7)], ["target_9", "parent node 7 does not exist"]),
        ([source(bucketName="nowhere"), target(1)], ["source_1", "bucket nowhere does not exist"]),
        ([source(), target(1, bucketName="nowhere")], ["target_9", "bucket nowhere does not exist"]),
        ([source(prefix="nothing"), target(1)], ["source_1", "no files under lake/nothing"]),
        ([source(dataType="XML"), target(1)], ["source_1", "dataType"]),
        ([source(), sql("SELEKT 1", 1), target(5)], ["sql_5", "syntax error"]),
        ([source(), sql("SELECT nope FROM t1", 1), target(5)], ["sql_5", "nope"]),
        ([source(), sql("SELECT 1; SELECT 2", 1), target(5)], ["sql_5", "one SELECT"]),
        ([source(), sql("DROP TABLE t1", 1), target(5)], ["sql_5", "one SELECT"]),
        ([source(fieldList=[{"name": "nope", "type": "int"}]), target(1)], ["source_1", "nope"]),
        ([source(fieldList=[{"name": "city", "type": "colour"}]), target(1)], ["source_1", "colour"]),
        ([source(), target(1, dataType="NDJSON")], ["target_9", "dataType"]),
        ([source(), target(1, prefix="/")], ["target_9", "needs a folder"]),
        ([source(), sql("SELECT 1", 5)], ["sql_5", "back to itself"]),
    ],
    ids=lambda value: value[0] if isinstance(value[0], str) else "",
)
def test_the_log_names_the_node_and_the_reason(client: Client, lake: Path, nodes: Nodes, named: list[str]) -> None:
    log = failure_log(client, nodes)
    for words in named:
        assert words in log
    assert log.endswith("FAILED\n")
    assert not (lake / "out").exists()


@pytest.mark.parametrize("prefix", ["../outside", "sales/../../outside", "..\\outside", "/../outside"])
def test_a_prefix_does_not_leave_the_buckets_folder(client: Client, lake: Path, prefix: str) -> None:
    outside = lake.parent.parent / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("city,units,price\nsecret,1,1\n")
    assert "leaves the buckets folder" in failure_log(client, [source(prefix=prefix), target(1)])
    assert "leaves the buckets folder" in failure_log(client, [source(), target(1, prefix=prefix)])
    assert [file.name for file in outside.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize("bucket", ["..", ".", "lake/sales", "/etc"])
def test_a_bucket_name_is_one_folder(client: Client, lake: Path, bucket: str) -> None:
    assert "does not exist" in failure_log(client, [source(bucketName=bucket), target(1)])


def test_a_link_in_a_bucket_does_not_lead_out_of_it(client: Client, lake: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("city,units,price\nsecret,1,1\n")
    (lake / "links").mkdir()
    (lake / "links" / "a.csv").symlink_to(tmp_path / "secret.csv")
    assert "no files" in failure_log(client, [source(prefix="links"), target(1)])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM nodes",
    ],
)
def test_sql_reads_its_sources_and_no_file(client: Client, lake: Path, query: str) -> None:
    text = query.format(file=lake / "sales" / "2025.csv")
    assert "sql_5" in failure_log(client, [source(), sql(text, 1), target(5)])


def test_a_query_that_never_ends_is_stopped_by_the_timeout(make_server: ServerMaker) -> None:
    client = Client(make_server(speed=60, queue_seconds=0, run_seconds=0))
    endless = "SELECT max(a.range * b.range) AS n FROM range(3000000) a, range(3000000) b"
    lake = client.server.settings.buckets_folder / "lake"
    lake.mkdir()
    (lake / "a.csv").write_text("city,units,price\n")
    job_id = client.make_job([source(prefix="a.csv"), sql(endless, 1), target(5)])
    started = client.ok("POST", f"/api/v1/jobs/{job_id}/executions", {"jobCondition": {**CONDITION, "timeout": 1}})
    ended = client.wait_for(job_id, started["jobExecutionId"], "FAILED")
    assert "not finished within 1 minutes" in client.console_log(ended)
