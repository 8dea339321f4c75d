"""Jobs run for real, over files in bucket folders."""

from pathlib import Path
from typing import Any

from sandbox.tests.naver.data_flow_client import Client, ServerMaker
from sandbox.tests.naver.nodes import source, sql, target, transform


def completed(client: Client, nodes: list[dict[str, Any]], **fields: object) -> dict[str, Any]:
    execution: dict[str, Any] = client.run(nodes, **fields)
    assert execution["status"] == "COMPLETED", client.console_log(execution)
    return execution


def lines(folder: Path) -> list[str]:
    """All lines of all files, without repeated headings."""
    texts = [file.read_text().splitlines() for file in sorted(folder.iterdir())]
    return [*texts[0], *(line for text in texts[1:] for line in text[1:])]


def test_a_filter_keeps_matching_rows_and_the_log_counts_them(client: Client, lake: Path) -> None:
    conditions = [
        {"name": "city", "operator": "EQ", "value": "Seoul"},
        {"name": "units", "operator": "GT", "value": "3"},
    ]
    nodes = [source(), transform("FILTER", 1, filterType="AND", filterConditionList=conditions), target(5)]
    execution = completed(client, nodes)
    assert lines(lake / "out") == ["city,units,price", "Seoul,4,"]
    log = client.console_log(execution)
    for line in (
        "node 1 'source_1' (SOURCE_OBS): 3 rows out",
        "node 5 'filter_5' (TRANSFORM_FILTER): 3 rows in, 1 rows out",
        "node 9 'target_9' (TARGET_OBS): 1 file(s) written (OVERWRITE)",
    ):
        assert line in log


def test_aggregate_groups_and_keeps_the_types(client: Client, lake: Path) -> None:
    results = [
        {"name": "units", "ResultName": "total", "function": "SUM"},
        {"name": "price", "ResultName": "average", "function": "AVG"},
    ]
    node = transform("AGGREGATE", 1, groupByList=["city"], aggregateFieldList=results)
    completed(client, [source(), node, target(5)])
    heading, *rows = lines(lake / "out")
    assert (heading, sorted(rows)) == ("city,total,average", ["Busan,1,2.0", "Seoul,7,1.5"])


def test_sql_sees_its_sources_under_their_new_names(client: Client, lake: Path) -> None:
    query = "SELECT city, max(units) AS most FROM t1 GROUP BY city ORDER BY city;"
    completed(client, [source(), sql(query, 1), target(5)])
    assert lines(lake / "out") == ["city,most", "Busan,1", "Seoul,4"]


def test_update_types_overwrite_append_and_ignore(client: Client, lake: Path) -> None:
    def rows_after(update_type: str) -> int:
        completed(client, [source(), target(1, updateType=update_type)])
        return len(lines(lake / "out")) - 1

    assert rows_after("APPEND") == 3
    assert rows_after("APPEND") == 6
    assert rows_after("IGNORE") == 6
    assert rows_after("OVERWRITE") == 3


def test_a_job_may_overwrite_what_it_read(client: Client, lake: Path) -> None:
    keep = [{"name": "city", "operator": "EQ", "value": "Busan"}]
    completed(client, [source(), transform("FILTER", 1, filterConditionList=keep), target(5, prefix="sales")])
    assert lines(lake / "sales") == ["city,units,price", "Busan,1,2.0"]


def test_coalesce_is_the_number_of_output_files(client: Client, lake: Path) -> None:
    completed(client, [source(), target(1, coalesce=2)])
    assert len(list((lake / "out").iterdir())) == 2
    assert len(lines(lake / "out")) == 4


def test_parameters_are_put_into_every_string_of_the_definition(client: Client, lake: Path) -> None:
    nodes = [source(prefix="$folder"), sql("SELECT * FROM t1 WHERE city = '$city'", 1), target(5, prefix="out/$city_2")]
    completed(client, nodes, parameters={"$folder": "sales", "$city": "Busan", "$city_2": "south"})
    assert lines(lake / "out" / "south")[1:] == ["Busan,1,2.0"]


def test_a_later_change_of_the_job_does_not_touch_a_started_execution(client: Client, lake: Path) -> None:
    job_id = client.make_job([source(), target(1)])
    client.control("PUT", "pace", {"jobId": job_id, "queueSeconds": 0.3})
    execution_id = client.start(job_id)["jobExecutionId"]
    client.ok("PUT", f"/api/v1/jobs/{job_id}", {"name": "job_1", "type": "DATAFLOW", "nodes": []})
    assert client.wait_for(job_id, execution_id, "COMPLETED", "FAILED")["status"] == "COMPLETED"


def test_a_canceled_execution_writes_nothing(make_server: ServerMaker) -> None:
    client = Client(make_server(run_seconds=600))
    lake = client.server.settings.buckets_folder / "lake"
    (lake / "sales").mkdir(parents=True)
    (lake / "sales" / "a.csv").write_text("city,units,price\nSeoul,3,1.5\n")
    job_id = client.make_job([source(), target(1)])
    execution_id = client.start(job_id)["jobExecutionId"]
    client.wait_for(job_id, execution_id, "RUNNING")
    client.ok("POST", f"/api/v1/jobs/{job_id}/executions/{execution_id}/cancel")
    client.server.stop()
    assert not (lake / "out").exists()
