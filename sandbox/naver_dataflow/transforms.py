"""Each transform as one SELECT in DuckDB's SQL, over one table per node."""

import re
from collections.abc import Mapping, Sequence

from sandbox.naver_dataflow.definition import Aggregate, Column, Filter, Join, Select
from sandbox.provider_service.sql_database import identifier, literal

DUCKDB_TYPES: Mapping[str, str] = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "char": "VARCHAR",
    "varchar": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
    "timestampwithtimezone": "TIMESTAMPTZ",
    "decimal": "DECIMAL(38, 9)",
    "binary": "BLOB",
}
NESTED_TYPES = frozenset({"void", "array", "map", "struct", "uniontype"})
OPERATORS: Mapping[str, str] = {"EQ": "=", "NE": "<>", "GT": ">", "LT": "<", "GTE": ">=", "LTE": "<="}
JOINS: Mapping[str, str] = {
    "INNER": "INNER JOIN",
    "LEFT_OUTER": "LEFT JOIN",
    "RIGHT_OUTER": "RIGHT JOIN",
    "FULL_OUTER": "FULL JOIN",
}


def table_of(node_id: int) -> str:
    return identifier(f"node {node_id}")


def typed_columns(fields: Sequence[Column]) -> str:
    """The select list of a field list. As in Spark, a value that does not fit its type becomes null."""
    return ", ".join(_typed_column(field) for field in fields) or "*"


def select_fields(node: Select, parent: int) -> str:
    return f"SELECT {typed_columns(node.field_list)} FROM {table_of(parent)}"


def filter_rows(node: Filter, parent: int) -> str:
    conditions = (
        f"{identifier(condition.name)} {OPERATORS[condition.operator]} {literal(condition.value)}"
        for condition in node.filter_condition_list
    )
    return f"SELECT * FROM {table_of(parent)} WHERE {f' {node.filter_type} '.join(conditions)}"


def aggregate_rows(node: Aggregate, parent: int) -> str:
    groups = [identifier(name) for name in node.group_by_list]
    results = [
        f"{field.function}({identifier(field.name)}) AS {identifier(field.result_name)}"
        for field in node.aggregate_field_list
    ]
    statement = f"SELECT {', '.join([*groups, *results])} FROM {table_of(parent)}"
    return statement + (f" GROUP BY {', '.join(groups)}" if groups else "")


def join_rows(node: Join, left_columns: Sequence[str], right_columns: Sequence[str]) -> str:
    """Every column of both sides; a right one whose name the left side has too gets the node's prefix."""
    columns = [f"l.{identifier(name)}" for name in left_columns]
    for name in right_columns:
        shown = node.prefix + name if name in left_columns else name
        columns.append(f"r.{identifier(name)} AS {identifier(shown)}")
    conditions = ""
    for index, condition in enumerate(node.join_condition_list):
        if index:
            conditions += " OR " if condition.condition_operator == "OR" else " AND "
        conditions += (
            f"l.{identifier(condition.left_field)} {OPERATORS[condition.join_operator]} "
            f"r.{identifier(condition.right_field)}"
        )
    return (
        f"SELECT {', '.join(columns)} FROM {table_of(node.left_node_id)} l "
        f"{JOINS[node.join_type]} {table_of(node.right_node_id)} r ON {conditions}"
    )


def _typed_column(field: Column) -> str:
    column = identifier(field.name)
    word, arguments = _type_and_arguments(field)
    if word in NESTED_TYPES:
        return column
    if word not in DUCKDB_TYPES:
        raise ValueError(f"fieldList: {field.name} has the unknown type {field.type}")
    duckdb_type = f"DECIMAL{arguments}" if word == "decimal" and arguments else DUCKDB_TYPES[word]
    return f"TRY_CAST({column} AS {duckdb_type}) AS {column}"


def _type_and_arguments(field: Column) -> tuple[str, str]:
    """`decimal(10,2)` is `decimal` and `(10,2)`."""
    match = re.fullmatch(r"(\w+)\s*(\(\s*\d+\s*(?:,\s*\d+\s*)?\))?", field.type.strip().lower())
    return (match[1], match[2] or "") if match else (field.type, "")
