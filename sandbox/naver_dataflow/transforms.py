"""Each transform as one SELECT in DuckDB's SQL, over one table per node."""

import re
from collections.abc import Mapping, Sequence

from sandbox.naver_dataflow.definition import Aggregate, Column, Filter
from sandbox.provider_service.sql_database import identifier, literal

# Most of the provider's types have the same names in DuckDB.
DUCKDB_TYPES: Mapping[str, str] = {"timestampwithtimezone": "timestamptz", "decimal": "decimal(38, 9)"}
NESTED_TYPES = frozenset({"void", "array", "map", "struct", "uniontype"})
OPERATORS: Mapping[str, str] = {"EQ": "=", "NE": "<>", "GT": ">", "LT": "<", "GTE": ">=", "LTE": "<="}


def table_name(node_id: int) -> str:
    return identifier(f"node {node_id}")


def typed_columns(fields: Sequence[Column]) -> str:
    """The select list of a field list. As in Spark, a value that does not fit its type becomes null."""
    return ", ".join(_typed_column(field) for field in fields) or "*"


def filter_rows(node: Filter, parent: int) -> str:
    conditions = (
        f"{identifier(condition.name)} {OPERATORS[condition.operator]} {literal(condition.value)}"
        for condition in node.filter_condition_list
    )
    return f"SELECT * FROM {table_name(parent)} WHERE {f' {node.filter_type} '.join(conditions)}"


def aggregate_rows(node: Aggregate, parent: int) -> str:
    groups = [identifier(name) for name in node.group_by_list]
    results = [
        f"{field.function}({identifier(field.name)}) AS {identifier(field.result_name)}"
        for field in node.aggregate_field_list
    ]
    statement = f"SELECT {', '.join([*groups, *results])} FROM {table_name(parent)}"
    return statement + (f" GROUP BY {', '.join(groups)}" if groups else "")


def _typed_column(field: Column) -> str:
    column, word = identifier(field.name), field.type.strip().lower()
    if word in NESTED_TYPES:
        return column
    if not re.fullmatch(r"\w+( *\( *\d+ *(, *\d+ *)?\))?", word):
        raise ValueError(f"fieldList: {field.name} has the unknown type {field.type}")
    return f"TRY_CAST({column} AS {DUCKDB_TYPES.get(word, word)}) AS {column}"
