"""DuckDB behind bars, and SQL's two kinds of quotes."""

from collections.abc import Sequence
from pathlib import Path

import duckdb


def open_database(staging: Path) -> duckdb.DuckDBPyConnection:
    """In memory; it may write under `staging`, spills nowhere, loads no extension, sees no Python variable."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
    connection.execute("SET temp_directory = ''")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = [{literal(str(staging))}]")
    return connection


def close_to_files(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on no SQL reads a file, and none writes outside of the staging folder."""
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def csv_reader(files: Sequence[Path], *, is_text: bool = False) -> str:
    """CSV files with a header as a table; `is_text`: without guessing types."""
    names = ", ".join(literal(str(file)) for file in files)
    return f"read_csv([{names}], header = true, all_varchar = {str(is_text).lower()})"


def copy_to_csv(source: str, file: Path) -> str:
    return f"COPY {source} TO {literal(str(file))} (FORMAT csv, HEADER true)"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def first_line(error: Exception) -> str:
    """Of the reason that DuckDB, a file or a check gives."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
