"""A job definition, run on DuckDB: sources into tables, a table per transform, targets into staged files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from sandbox.naver_dataflow.definition import (
    Aggregate,
    Filter,
    Node,
    NodeFailure,
    SourceObs,
    SqlQuery,
    TargetObs,
    read_node,
)
from sandbox.naver_dataflow.transforms import aggregate_rows, filter_rows, table_name, typed_columns
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected, StagedOutput
from sandbox.provider_service.sql_database import close_to_files, copy_to_csv, csv_reader, first_line, identifier


def in_running_order(raw_nodes: Sequence[Mapping[str, Any]]) -> list[Node]:
    """Sources first, then every node after its parents. Raises `NodeFailure`."""
    nodes = {node.id: node for node in map(read_node, raw_nodes)}
    for node in nodes.values():
        for parent in node.parent_node_ids:
            if parent not in nodes:
                raise NodeFailure(node.label, f"its parent node {parent} does not exist")
    try:
        graph = {node.id: node.parent_node_ids for node in nodes.values()}
        order = [nodes[node_id] for node_id in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise NodeFailure(nodes[error.args[1][0]].label, "its parents lead back to itself") from error
    return sorted(order, key=lambda node: not isinstance(node, SourceObs))


@dataclass
class Pipeline:
    """One run. `write` takes the lines of the console log."""

    connection: duckdb.DuckDBPyConnection
    buckets: BucketFiles
    staging: Path
    file_stem: str
    write: Callable[[str], None]

    def __post_init__(self) -> None:
        self._is_locked = False
        self.outputs: list[StagedOutput] = []
        """Written by the targets so far."""

    def run(self, node: Node) -> None:
        """Raises `NodeFailure`, and DuckDB's `InterruptException`."""
        try:
            if not isinstance(node, SourceObs) and not self._is_locked:
                # Queries see their sources and nothing else.
                close_to_files(self.connection)
                self._is_locked = True
            self._run_node(node)
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, BucketPathRejected, ValueError, OSError) as error:
            raise NodeFailure(node.label, first_line(error)) from error

    def _run_node(self, node: Node) -> None:
        if isinstance(node, TargetObs):
            self._stage(node)
            return
        if isinstance(node, SourceObs):
            self._load(node)
            rows_in = ""
        else:
            self._create_table(node, self._statement(node))
            rows_in = f"{sum(map(self._count_rows, node.parent_node_ids))} rows in, "
        self.write(f"{node.label}: {rows_in}{self._count_rows(node.id)} rows out")

    def _statement(self, node: Node) -> str:
        match node:
            case SqlQuery():
                return self._query(node)
            case Filter():
                return filter_rows(node, _only_parent(node))
            case Aggregate():
                return aggregate_rows(node, _only_parent(node))
        raise ValueError(f"{node.type} is no transform")

    def _load(self, node: SourceObs) -> None:
        files = self.buckets.source_files(node.bucket_name, node.prefix)
        reader = csv_reader(files, is_text=bool(node.field_list))
        # Two steps: DuckDB pushes the casts into the CSV reader, where a value that does not fit is an error.
        self.connection.execute(f"CREATE TABLE loading AS SELECT * FROM {reader}")
        self._create_table(node, f"SELECT {typed_columns(node.field_list)} FROM loading")
        self.connection.execute("DROP TABLE loading")

    def _query(self, node: SqlQuery) -> str:
        statements = self.connection.extract_statements(node.sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError("sql: one SELECT is required")
        for source in node.source_name_list:
            if source.parent_id not in node.parent_node_ids:
                raise ValueError(f"sourceNameList: node {source.parent_id} is no parent")
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {identifier(source.new_name)} AS SELECT * FROM {table_name(source.parent_id)}"
            )
        return statements[0].query

    def _create_table(self, node: Node, statement: str) -> None:
        self.connection.execute(f"CREATE TABLE {table_name(node.id)} AS {statement}")

    def _stage(self, node: TargetObs) -> None:
        if not node.prefix.strip("/"):
            raise ValueError("prefix: a target needs a folder in its bucket")
        parent = _only_parent(node)
        folder = self.buckets.bucket_folder(node.bucket_name, node.prefix)
        files = []
        for part in range(node.coalesce):
            file = self.staging / str(node.id) / f"part-{part:05}-{self.file_stem}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            rows = (
                f"SELECT {typed_columns(node.field_list)} FROM {table_name(parent)}"
                f" WHERE rowid % {node.coalesce} = {part} ORDER BY rowid"
            )
            self.connection.execute(copy_to_csv(f"({rows})", file))
            files.append(file)
        self.outputs.append(StagedOutput(node.label, folder, tuple(files), node.update_type))
        self.write(f"{node.label}: {self._count_rows(parent)} rows in for {node.bucket_name}/{node.prefix}")

    def _count_rows(self, node_id: int) -> int:
        rows = self.connection.execute(f"SELECT count(*) FROM {table_name(node_id)}").fetchall()
        return int(rows[0][0])


def _only_parent(node: Node) -> int:
    if len(node.parent_node_ids) != 1:
        raise ValueError(f"parentNodeIds: one parent is required, got {len(node.parent_node_ids)}")
    return node.parent_node_ids[0]
