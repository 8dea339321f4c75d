"""Tables as folders: `<bucket>/<table>/*.csv` or `*.parquet`, or one folder deeper where a node names a database."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sandbox.huawei_dataarts.sql_script import SqlRejected, Statement
from sandbox.provider_service.bucket_files import BucketFiles, StagedOutput, publish
from sandbox.provider_service.sql_database import identifier, literal

READERS = {".csv": "read_csv({files}, header = true)", ".parquet": "read_parquet({files})"}
COPY_OPTIONS = {".csv": "FORMAT csv, HEADER true", ".parquet": "FORMAT parquet"}


@dataclass(frozen=True)
class Database:
    """The folder that holds the tables of a node."""

    buckets: BucketFiles
    bucket: str
    name: str
    """Empty: the bucket itself."""

    def folder_of(self, table: str) -> Path:
        return self.buckets.path_of("/".join(part for part in (self.bucket, self.name, table) if part))

    def files_of(self, table: str) -> list[Path]:
        """Data files, sorted; empty where there is no such table."""
        folder = self.folder_of(table)
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        return [
            file
            for file in files
            if file.suffix in READERS and file.is_file() and file.resolve().is_relative_to(folder)
        ]

    def load(self, connection: duckdb.DuckDBPyConnection, statements: list[Statement]) -> int:
        """Copies every table that the statements name into the database; returns how many rows they have in all."""
        named = {name for statement in statements for name in connection.get_table_names(statement.query)}
        named |= {statement.target for statement in statements if statement.target}
        loaded = 0
        for table in sorted(named):
            if "/" in table or not self.files_of(table):
                continue
            files = self.files_of(table)
            if len({file.suffix for file in files}) > 1:
                raise SqlRejected(f"table {table}: its folder holds both CSV and Parquet files")
            names = f"[{', '.join(literal(str(file)) for file in files)}]"
            reader = READERS[files[0].suffix].format(files=names)
            connection.execute(f"CREATE TABLE {identifier(table)} AS SELECT * FROM {reader}")
            loaded += _count(connection, table)
        return loaded

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, staging: Path, stem: str) -> tuple[str, int]:
        """Replaces the files of a table by its rows in the database. Returns a line for the log, and the rows.

        Raises `SqlRejected`.
        """
        folder = self.folder_of(table)
        if folder.is_dir() and any(inner.is_dir() for inner in folder.iterdir()):
            raise SqlRejected(f"table {table}: there is a folder of that name which holds folders, so it is no table")
        old = self.files_of(table)
        ending = old[0].suffix if old else ".csv"
        # Lies below the staging folder, so that locked-down SQL may write it.
        file = staging / f"{stem}{ending}"
        connection.execute(f"COPY {identifier(table)} TO {literal(str(file))} ({COPY_OPTIONS[ending]})")
        rows = _count(connection, table)
        publish(StagedOutput(f"table {table}", folder, (file,), "OVERWRITE"))
        return f"table {table}: {rows} rows written", rows


def execute(connection: duckdb.DuckDBPyConnection, statement: Statement) -> str:
    """Runs one statement on the tables in the database; returns a line for the log. Raises `SqlRejected`."""
    if statement.target is None:
        rows = connection.execute(f"SELECT count(*) FROM ({statement.query})").fetchall()
        return f"query: {rows[0][0]} rows"
    table = identifier(statement.target)
    is_there = bool(
        connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [statement.target]).fetchall()
    )
    match statement.mode:
        case "create" if is_there:
            raise SqlRejected(f"table {statement.target} exists already")
        case "append" if not is_there:
            raise SqlRejected(f"table {statement.target} does not exist")
        case "overwrite" if is_there:
            # Into another table first: a query may read what it overwrites.
            connection.execute(f"CREATE TEMP TABLE fresh AS SELECT * FROM {table} LIMIT 0")
            connection.execute(f"INSERT INTO fresh {statement.query}")
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM fresh")
            connection.execute("DROP TABLE fresh")
        case "append":
            connection.execute(f"INSERT INTO {table} {statement.query}")
        case _:
            connection.execute(f"CREATE TABLE {table} AS {statement.query}")
    return f"table {statement.target}: {_count(connection, statement.target)} rows"


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {identifier(table)}").fetchall()[0][0])
