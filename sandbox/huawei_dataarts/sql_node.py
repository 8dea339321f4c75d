"""A SQL node on DuckDB.

Its text is the property `statement`, or the file `scripts/<scriptName>.sql` in the workspace's bucket; `database`
names a folder of tables in that bucket, and `scriptArgs` (lines of `name=value`) fill parameters that the job has not.
https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0084.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.huawei_dataarts.expressions import evaluate
from sandbox.huawei_dataarts.job_definition import Node
from sandbox.huawei_dataarts.sql_script import SqlRejected, read_script
from sandbox.huawei_dataarts.tables import Database, execute
from sandbox.provider_service.bucket_files import BucketFiles
from sandbox.provider_service.life import Life
from sandbox.provider_service.sql_database import close_to_files, open_database

DLI_SQL_TYPES = frozenset({"DLI SQL", "DLISQL"})
SQL_TYPES = DLI_SQL_TYPES | {"DWS SQL", "DWSSQL", "Hive SQL", "HiveSQL", "RDS SQL", "RDSSQL"}
# What databases are called where the provider has one by default: tables of the bucket itself.
DEFAULT_DATABASES = frozenset({"default", "postgres"})


@dataclass(frozen=True)
class SqlWork:
    """One SQL node, ready to run: parameters are filled in."""

    script: str
    database: Database


@dataclass(frozen=True)
class RowCounts:
    read: int
    written: int


def read_sql_node(
    node: Node, buckets: BucketFiles, bucket: str, params: Mapping[str, str], node_statuses: Mapping[str, str]
) -> SqlWork:
    """Raises `SqlRejected`, `ExpressionFailed`, `BucketPathRejected`."""
    values = {**_script_args(node, params, node_statuses), **params}
    database = node.property_text("database") or ""
    if not re.fullmatch(r"[\w-]*", database):
        raise SqlRejected(f"database: {database!r} is no name of a folder")
    script = evaluate(_script(node, buckets, bucket), values, node_statuses)
    return SqlWork(script, Database(buckets, bucket, "" if database in DEFAULT_DATABASES else database))


def run_sql(work: SqlWork, staging: Path, file_stem: str, life: Life, write: Callable[[str], None]) -> RowCounts:
    """Runs every statement, then writes the tables that changed. `write` takes the lines of the log.

    Raises `SqlRejected` and DuckDB's errors, `InterruptException` among them when `life` is interrupted.
    """
    with open_database(staging) as connection:
        life.holds(connection)
        try:
            statements = read_script(work.script, connection)
            with work.database.buckets.files_lock:
                rows_read = work.database.load(connection, statements)
            close_to_files(connection)
            for statement in statements:
                write(execute(connection, statement))
            if life.stopped.is_set():
                return RowCounts(rows_read, 0)
            changed = {statement.target: None for statement in statements if statement.target}
            rows_written = 0
            for table in changed:
                with work.database.buckets.files_lock:
                    line, rows = work.database.write(connection, table, staging, f"{file_stem}-{table}")
                rows_written += rows
                write(line)
        finally:
            life.holds(None)
    return RowCounts(rows_read, rows_written)


def _script(node: Node, buckets: BucketFiles, bucket: str) -> str:
    statement = node.property_text("statement")
    if statement:
        return statement
    name = node.property_text("scriptName")
    if not name:
        raise SqlRejected("properties: statement or scriptName is required")
    file = buckets.path_of(f"{bucket}/scripts/{name}.sql")
    if not file.is_file():
        raise SqlRejected(f"scriptName: there is no file scripts/{name}.sql in the bucket {bucket}")
    return file.read_text()


def _script_args(node: Node, params: Mapping[str, str], node_statuses: Mapping[str, str]) -> dict[str, str]:
    lines = [line for line in (node.property_text("scriptArgs") or "").splitlines() if line.strip()]
    values = {}
    for line in lines:
        name, separator, value = line.partition("=")
        if not separator:
            raise SqlRejected(f"scriptArgs: {line!r} must be name=value")
        values[name.strip()] = evaluate(value, params, node_statuses)
    return values
