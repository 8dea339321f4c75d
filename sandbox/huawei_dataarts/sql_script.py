"""The statements of a SQL node: queries, `CREATE TABLE t AS`, `INSERT OVERWRITE t` and `INSERT INTO t`."""

import re
from dataclasses import dataclass
from typing import Literal

import duckdb

PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|;|.", re.DOTALL)
NAME = r'(?:(?P<quote>["`])(?P<quoted>[\w\- ]+)(?P=quote)|(?P<bare>\w+))'
CREATE = re.compile(rf"CREATE\s+TABLE\s+{NAME}\s+AS\s+(?P<query>.*)", re.IGNORECASE | re.DOTALL)
INSERT = re.compile(
    rf"INSERT\s+(?P<mode>OVERWRITE|INTO)\s+(?:TABLE\s+)?{NAME}\s+(?P<query>(?:SELECT|WITH|VALUES|FROM|\().*)",
    re.IGNORECASE | re.DOTALL,
)


class SqlRejected(Exception):
    """A statement that does not run here; the text says why."""


@dataclass(frozen=True)
class Statement:
    query: str
    """One SELECT."""
    target: str | None
    """The table that its rows go to; None where they go nowhere."""
    mode: Literal["query", "create", "overwrite", "append"]


def read_script(script: str, connection: duckdb.DuckDBPyConnection) -> list[Statement]:
    """Raises `SqlRejected`, and DuckDB's own errors for what cannot be parsed."""
    statements = [_read(text) for text in _split(script)]
    if not statements:
        raise SqlRejected("there is no statement to run")
    for statement in statements:
        parsed = connection.extract_statements(statement.query)
        if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
            raise SqlRejected("only SELECT, CREATE TABLE t AS, INSERT OVERWRITE t and INSERT INTO t run here")
    return statements


def _read(text: str) -> Statement:
    if match := CREATE.fullmatch(text):
        return Statement(match["query"], match["quoted"] or match["bare"], "create")
    if match := INSERT.fullmatch(text):
        mode: Literal["overwrite", "append"] = "overwrite" if match["mode"].upper() == "OVERWRITE" else "append"
        return Statement(match["query"], match["quoted"] or match["bare"], mode)
    return Statement(text, None, "query")


def _split(script: str) -> list[str]:
    """At semicolons outside of quotes; comments are left out."""
    statements = [""]
    for piece in PIECES.findall(script):
        if piece == ";":
            statements.append("")
        elif not piece.startswith(("--", "/*")):
            statements[-1] += piece
        else:
            statements[-1] += " "
    return [statement.strip() for statement in statements if statement.strip()]
