"""Tables as folders of CSV files, and scripts that read and write them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from sandbox.huawei_dataarts.sql_script import SqlRejected, Statement, read_script
from sandbox.provider_service.bucket_files import BucketFiles, StagedOutput, publish
from sandbox.provider_service.sql_database import close_to_files, copy_to_csv, csv_reader, identifier


class RowCounts(NamedTuple):
    read: int
    written: int


def run_script(
    script: str,
    buckets: BucketFiles,
    bucket: str,
    database: duckdb.DuckDBPyConnection,
    stem: Path,
    write: Callable[[str], None],
) -> RowCounts:
    """Runs every statement, then writes the tables that changed. `write` takes the lines of the log.

    `stem` is where files are staged, up to the name of their table. Raises `SqlRejected` and DuckDB's errors.
    """
    tables = _Tables(buckets, bucket, database)
    statements = read_script(script, database)
    with buckets.files_lock:
        rows_read = sum(tables.load(name) for name in _named_tables(statements, database))
    close_to_files(database)
    for statement in statements:
        if statement.target is None:
            rows = database.execute(f"SELECT count(*) FROM ({statement.query})").fetchall()
            write(f"query: {rows[0][0]} rows")
        else:
            database.execute(f"{statement.command} {statement.query}")
            write(f"table {statement.target}: {tables.count(statement.target)} rows")
    rows_written = 0
    for table in dict.fromkeys(statement.target for statement in statements if statement.target):
        with buckets.files_lock:
            rows_written += tables.write(table, stem)
        write(f"table {table}: {tables.count(table)} rows written")
    return RowCounts(rows_read, rows_written)


def _named_tables(statements: list[Statement], database: duckdb.DuckDBPyConnection) -> list[str]:
    named = {name for statement in statements for name in database.get_table_names(statement.query)}
    return sorted(named | {statement.target for statement in statements if statement.target})


@dataclass
class _Tables:
    """The table `t` of a bucket is the folder `<bucket>/t`."""

    buckets: BucketFiles
    bucket: str
    database: duckdb.DuckDBPyConnection

    def load(self, table: str) -> int:
        """Copies a table into the database, if there is one; returns how many rows it has."""
        files = self._files(table)
        if not files:
            return 0
        self.database.execute(f"CREATE TABLE {identifier(table)} AS SELECT * FROM {csv_reader(files)}")
        return self.count(table)

    def write(self, table: str, stem: Path) -> int:
        """Replaces the files of a table by its rows in the database; returns how many rows it has."""
        folder = self._folder(table)
        if folder.is_dir() and any(inner.is_dir() for inner in folder.iterdir()):
            raise SqlRejected(f"table {table}: there is a folder of that name which holds folders, so it is no table")
        # Lies below the staging folder, so that locked-down SQL may write it.
        file = stem.with_name(f"{stem.name}-{table}.csv")
        self.database.execute(copy_to_csv(identifier(table), file))
        publish(StagedOutput(f"table {table}", folder, (file,), "OVERWRITE"))
        return self.count(table)

    def count(self, table: str) -> int:
        return int(self.database.execute(f"SELECT count(*) FROM {identifier(table)}").fetchall()[0][0])

    def _folder(self, table: str) -> Path:
        return self.buckets.local_path(f"{self.bucket}/{table}")

    def _files(self, table: str) -> list[Path]:
        """Data files, sorted; empty where there is no such table."""
        if "/" in table:
            return []
        folder = self._folder(table)
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        inside = [file for file in files if file.is_file() and file.resolve().is_relative_to(folder)]
        return [file for file in inside if file.suffix == ".csv"]
