"""Jobs run for real: SQL nodes on the files of the workspace's bucket, in the order of the graph."""

from pathlib import Path

import pytest

from sandbox.tests.huawei.dataarts_client import Client, node, sql

SUM_BY_CITY = "INSERT OVERWRITE totals SELECT city, sum(units) AS units FROM sales GROUP BY city ORDER BY city"


def read_rows(folder: Path) -> str:
    (file,) = folder.iterdir()
    return file.read_text()


@pytest.mark.parametrize("node_type", ["DLI SQL", "DWSSQL"])
def test_a_sql_node_reads_tables_and_writes_one(client: Client, lake: Path, node_type: str) -> None:
    shown = client.run(sql(SUM_BY_CITY, node_type=node_type))
    assert shown["status"] == "success"
    assert read_rows(lake / "totals") == "city,units\nBusan,1\nSeoul,7\n"


def test_instances_that_overwrite_the_same_table_at_once_all_succeed(client: Client, lake: Path) -> None:
    client.make_job(sql(SUM_BY_CITY))
    started = [client.start("job_1") for _ in range(40)]
    assert {client.wait_for("job_1", instance_id, "success", "fail")["status"] for instance_id in started} == {
        "success"
    }
    assert read_rows(lake / "totals") == "city,units\nBusan,1\nSeoul,7\n"


def test_a_node_says_rows_speed_log_and_queue(client: Client, lake: Path) -> None:
    shown = client.run(sql(SUM_BY_CITY), node("end", "sql"), logPath="obs://logs/factory/")
    record, dummy = shown["nodes"]
    assert record.keys() == {
        "nodeName", "status", "planTime", "startTime", "endTime", "type", "retryTimes", "instanceId",
        "inputRowCount", "speed", "logPath", "queue",
    }  # fmt: skip
    assert (record["inputRowCount"], record["retryTimes"], record["queue"]) == (3, 0, "default")
    assert record["speed"] > 0
    assert record["instanceId"] == shown["instanceId"]
    assert record["logPath"].startswith("obs://logs/factory/job_1/")
    assert record["logPath"].endswith("/sql/sql.job")
    assert "table totals: 2 rows written" in client.log(shown, "sql")
    assert not {"logPath", "queue", "speed"} & dummy.keys()


def test_parameters_of_the_start_win_over_those_of_the_job(client: Client, lake: Path) -> None:
    params = [{"name": "city", "value": "Busan"}, {"name": "least", "value": "3"}]
    query = "INSERT OVERWRITE hits SELECT units FROM sales WHERE city = '${city}' AND units > #{Job.getParam('least')}"
    client.run(sql(query), params=params, start_params={"city": "Seoul"})
    assert read_rows(lake / "hits") == "units\n4\n"


def test_rows_can_be_added_to_a_table(client: Client, lake: Path) -> None:
    assert client.run(sql("INSERT INTO TABLE sales SELECT 'Jeju', 2; SELECT 1"))["status"] == "success"
    assert read_rows(lake / "sales").splitlines()[1:] == ["Seoul,3", "Busan,1", "Seoul,4", "Jeju,2"]


def test_nodes_run_after_those_they_follow(client: Client, lake: Path) -> None:
    shown = client.run(
        sql("INSERT OVERWRITE best SELECT max(units) AS units FROM totals", "second", "first"),
        sql(SUM_BY_CITY, "first"),
    )
    assert [record["nodeName"] for record in shown["nodes"]] == ["first", "second"]
    assert read_rows(lake / "best") == "units\n7\n"
