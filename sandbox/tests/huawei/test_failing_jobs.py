"""A node that cannot run fails, its log says why, and its failure policy decides about the rest."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.tests.emulator_client import poll
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker, failing, node, sql, statuses


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (failing("bad"), "nodes of type Shell do not run"),
        (sql("SELEKT 1", "bad"), "syntax error"),
        (sql("SELECT * FROM nothing", "bad"), "nothing does not exist"),
        (sql("INSERT INTO nothing SELECT 1", "bad"), "nothing does not exist"),
        (sql("CREATE TABLE sales AS SELECT 1", "bad"), "already exists"),
        (sql("DROP TABLE sales", "bad"), "only SELECT"),
        (sql("-- nothing", "bad"), "no statement"),
        (sql("SELECT ${day}", "bad"), "parameter day has no value"),
        (sql("SELECT #{DateUtil.now()}", "bad"), "not one that runs here"),
        (node("bad", node_type="DLI SQL"), "no statement"),
        (node("bad", node_type="DLI SQL", conditions=[{"preNodeName": "first", "expression": "true"}]), "conditions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_log_says_the_reason(client: Client, lake: Path, bad: dict[str, Any], reason: str) -> None:
    shown = client.run(node("first"), {**bad, "preNodeName": ["first"]})
    assert (shown["status"], statuses(shown)) == ("fail", {"first": "success", "bad": "fail"})
    assert reason in client.log(shown, "bad")
    (listed,) = client.list_instances()["instances"]
    assert listed["errorMessage"].startswith("bad: ")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "INSERT OVERWRITE stolen SELECT * FROM read_csv('{file}')",
    ],
)
def test_sql_sees_tables_and_no_file(client: Client, lake: Path, query: str) -> None:
    shown = client.run(sql(query.format(file=lake / "sales" / "2025.csv")))
    assert shown["status"] == "fail"
    assert not (lake / "stolen").exists()


def test_a_link_in_a_table_does_not_lead_out_of_it(client: Client, lake: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("n\n1\n")
    (lake / "links").mkdir()
    (lake / "links" / "a.csv").symlink_to(tmp_path / "secret.csv")
    assert client.run(sql("SELECT * FROM links"))["status"] == "fail"


def test_a_folder_of_tables_is_not_overwritten_by_a_table(client: Client, lake: Path) -> None:
    (lake / "mart" / "people").mkdir(parents=True)
    shown = client.run(sql("CREATE TABLE mart AS SELECT 1 AS n"))
    assert shown["status"] == "fail"
    assert (lake / "mart" / "people").is_dir()


@pytest.mark.parametrize(
    ("fail_policy", "status", "nodes", "is_ignored"),
    [
        ("FAIL", "fail", {"bad": "fail", "child": "manual-stop", "other": "manual-stop"}, False),
        ("FAIL_CHILD", "fail", {"bad": "fail", "child": "skip", "other": "success"}, False),
        ("IGNORE", "success", {"bad": "fail", "child": "success", "other": "success"}, True),
        ("SUSPEND", "running-exception", {"bad": "fail", "child": "waiting", "other": "waiting"}, False),
    ],
)
def test_the_failure_policy_decides_about_the_rest(
    client: Client, fail_policy: str, status: str, nodes: dict[str, str], is_ignored: bool
) -> None:
    shown = client.run(failing(failPolicy=fail_policy), node("child", "bad"), node("other"))
    assert (shown["status"], statuses(shown)) == (status, nodes)
    assert (shown["ignoreSuccess"], shown["forceSuccess"]) == (is_ignored, False)


def test_those_who_follow_indirectly_are_ended_too(client: Client) -> None:
    shown = client.run(
        failing(failPolicy="FAIL_CHILD"), node("child", "bad"), node("grandchild", "child", "other"), node("other")
    )
    assert statuses(shown)["grandchild"] == "skip"


def test_a_retry_that_succeeds_makes_the_node_a_success(make_server: ServerMaker) -> None:
    client = Client(make_server(speed=100))
    name = client.make_job(sql("SELECT * FROM late", retryTimes=5, retryInterval=60))
    instance_id = client.start(name)
    poll(lambda: client.instance(name, instance_id), lambda shown: shown["nodes"][0]["retryTimes"] >= 1)
    table = client.server.settings.buckets_folder / "lake" / "late"
    table.mkdir(parents=True)
    (table / "a.csv").write_text("n\n1\n")
    assert client.wait_for(name, instance_id, "success", "fail")["status"] == "success"


def test_a_query_that_never_ends_is_stopped_by_the_time_limit(make_server: ServerMaker) -> None:
    client = Client(make_server(speed=600, queue_seconds=0, run_seconds=0))
    endless = "SELECT max(a.range * b.range) AS n FROM range(3000000) a, range(3000000) b"
    shown = client.run(sql(endless, maxExecutionTime=5))
    assert "not finished within 5 minutes" in client.log(shown, "sql")
