"""The statements of a SQL node: queries, `CREATE TABLE t AS`, `INSERT OVERWRITE t` and `INSERT INTO t`.

`${name}` and `#{Job.getParam("name")}` are parameters of the job; no other expression (EL) of the provider runs here.
https://support.huaweicloud.com/intl/en-us/usermanual-dataartsstudio/dataartsstudio_01_0494.html
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from sandbox.provider_service.sql_database import identifier

DLI_SQL_TYPES = frozenset({"DLI SQL", "DLISQL"})
SQL_TYPES = DLI_SQL_TYPES | {"DWS SQL", "DWSSQL", "Hive SQL", "HiveSQL", "RDS SQL", "RDSSQL"}
EXPRESSION = re.compile(r"\$\{(?P<name>[^}]*)\}|#\{(?P<text>.*?)\}", re.DOTALL)
GET_PARAM = re.compile(r"""\s*Job\.getParam\(\s*["'](?P<name>[^"']*)["']\s*\)\s*""")
PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|;|.", re.DOTALL)
NAME = r'(?:(?P<quote>["`])(?P<quoted>[\w\- ]+)(?P=quote)|(?P<bare>\w+))'
CREATE = re.compile(rf"(?P<mode>CREATE)\s+TABLE\s+{NAME}\s+AS\s+(?P<query>.*)", re.IGNORECASE | re.DOTALL)
INSERT = re.compile(
    rf"INSERT\s+(?P<mode>OVERWRITE|INTO)\s+(?:TABLE\s+)?{NAME}\s+(?P<query>(?:SELECT|WITH|VALUES|FROM|\().*)",
    re.IGNORECASE | re.DOTALL,
)


class SqlRejected(Exception):
    """A statement that does not run here; the text says why."""


class Statement(NamedTuple):
    query: str
    """One SELECT."""
    target: str | None
    """The table that its rows go to; None where they go nowhere."""
    command: str
    """What DuckDB runs, where there is a target: the query follows it."""


def fill_in(text: str, params: Mapping[str, str]) -> str:
    """The text with its parameters. Raises `SqlRejected`."""

    def value(match: re.Match[str]) -> str:
        call = None if match["text"] is None else GET_PARAM.fullmatch(match["text"])
        if match["text"] is not None and call is None:
            raise SqlRejected(f"expression {match[0]} is not one that runs here")
        name = match["name"] if call is None else call["name"]
        if name not in params:
            raise SqlRejected(f"parameter {name} has no value: neither the job nor the start gives one")
        return params[name]

    return EXPRESSION.sub(value, text)


def read_script(script: str, connection: duckdb.DuckDBPyConnection) -> list[Statement]:
    """Raises `SqlRejected`, and DuckDB's own errors for what cannot be parsed."""
    statements = [_read(text) for text in _split(script)]
    if not statements:
        raise SqlRejected("property statement: there is no statement to run")
    for statement in statements:
        parsed = connection.extract_statements(statement.query)
        if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
            raise SqlRejected("only SELECT, CREATE TABLE t AS, INSERT OVERWRITE t and INSERT INTO t run here")
    return statements


def _read(text: str) -> Statement:
    match = CREATE.fullmatch(text) or INSERT.fullmatch(text)
    if match is None:
        return Statement(text, None, "")
    table = match["quoted"] or match["bare"]
    command = {"OVERWRITE": "CREATE OR REPLACE TABLE {} AS", "INTO": "INSERT INTO {}", "CREATE": "CREATE TABLE {} AS"}
    return Statement(match["query"], table, command[match["mode"].upper()].format(identifier(table)))


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
