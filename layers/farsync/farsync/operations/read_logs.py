"""Read the provider's own log of a run, with the connection's keys, which its caller never sees."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from farsync.aws.client import AwsRequestFailed, named_failures
from farsync.aws.run_history import read_history
from farsync.aws.run_store import request_in, run_arn
from farsync.connections.secrets import NOT_THERE
from farsync.model.errors import ExecutionNotFound, InvalidRequest, LogNotFound
from farsync.model.execution import WireModel
from farsync.model.identifiers import DIGITS
from farsync.model.run import Run
from farsync.model.run_request import SecretRef
from farsync.model.validation import validated
from farsync.operations.event_of_run import event_of_result
from farsync.operations.run_by_name import RunName, find_run
from farsync.providers.object_reading import is_object, read_tail
from farsync.runtime.context import Context
from farsync.runtime.redaction import without_values
from farsync.runtime.request import Answer, Invocation

MOST_BYTES = 1024 * 1024
NODES_NAMED = 20
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class ReadLogs(RunName):
    """Of which run, and how much."""

    node: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """Of an execution with nodes; without it, of the one that failed, else of the last one with a log."""
    tail: Annotated[int, Field(strict=True, ge=1, le=5000), DIGITS] = 200
    """So many lines, the last ones."""


class LogShown(WireModel):
    """The end of a log, of 1 MB at most."""

    lines: tuple[str, ...]
    """The oldest first. The values of secret parameters are hidden in them."""
    path: str
    """As the provider names it: the bucket, and the object's key in it."""
    is_cut: bool
    """Whether the log has more lines before these."""
    nodes: tuple[str, ...]
    """Which nodes have a log."""


class _Logs(WireModel):
    """Where the logs of an execution stand."""

    of_nodes: Mapping[str, str]
    of_execution: tuple[str, ...]
    failed_node: str | None


def read_logs(context: Context, invocation: Invocation) -> Answer:
    """Raises RunNotFound, LogNotFound, InvalidRequest, and what the provider raises."""
    asked = validated(ReadLogs, invocation.payload)
    name, described = find_run(context, asked.name)
    with named_failures():
        run = read_history(context, run_arn(context, name)).run
    if run is None or run.execution_id is None:
        raise LogNotFound("the run has no execution yet, and so no log")
    logs = _logs(context, run, described)
    path = _path(logs, asked.node)
    values = list(_secret_values(context, run.connection, request_in(described)))
    connection = context.connections.refetch(run.connection)
    if connection.object_storage is None:
        raise LogNotFound("the provider's logs stand in no object storage that farsync reads")
    tail = read_tail(
        context.transport,
        connection.object_storage,
        path,
        context.connections.provider_clock(run.connection),
        MOST_BYTES,
    )
    text = without_values(tail.content.decode(errors="replace"), values, is_cut=tail.is_cut)
    lines = _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n")).removesuffix("\n").split("\n")
    if tail.is_cut:
        del lines[0]
    shown = tuple(lines[-asked.tail :]) if text else ()
    is_cut = tail.is_cut or len(lines) > len(shown) > 0
    return Answer(LogShown(lines=shown, path=path, is_cut=is_cut, nodes=tuple(logs.of_nodes)))


def _logs(context: Context, run: Run, described: Mapping[str, Any]) -> _Logs:
    """As the provider shows them now; of an execution that it has forgotten, as its event says."""
    ref = run.execution_ref()
    try:
        execution = context.provider(ref.connection).get_execution(ref.job, ref.execution_id)
    except ExecutionNotFound:
        event = event_of_result(described)
        if event is None:
            raise
        return _logs_of_event(event["data"])
    failed = execution.failed_node
    return _Logs(
        of_nodes={node.name: node.log_path for node in execution.nodes if node.log_path},
        of_execution=execution.log_paths,
        failed_node=failed.name if failed else None,
    )


def _logs_of_event(data: Mapping[str, Any]) -> _Logs:
    nodes: Sequence[Mapping[str, Any]] = data.get("nodes") or ()
    failed = next((str(node["name"]) for node in nodes if node.get("status") == "FAILED"), None)
    paths = {str(node["name"]): str(node["logPath"]) for node in nodes if node.get("logPath")}
    return _Logs(of_nodes=paths, of_execution=tuple(data.get("logPaths") or ()), failed_node=failed)


def _path(logs: _Logs, node: str | None) -> str:
    """Raises LogNotFound, and InvalidRequest for a node that has no log."""
    if node is not None and node not in logs.of_nodes:
        known = ", ".join(list(logs.of_nodes)[:NODES_NAMED]) or "none has one"
        raise InvalidRequest(f"node: no node of this name has a log; those that have: {known}", field="node")
    of_nodes = [logs.of_nodes.get(name) for name in (node or logs.failed_node or "", *reversed(list(logs.of_nodes)))]
    paths = [path for path in (*of_nodes, *logs.of_execution) if path is not None and is_object(path)]
    if not paths:
        raise LogNotFound("the provider names no log of the execution yet")
    return paths[0]


def _secret_values(context: Context, connection: str, request: Mapping[str, Any]) -> Iterator[str]:
    """As they are, and as they were before they were changed last. Raises InvalidRequest where one cannot be read: what
    must not be shown would not be known.
    """
    parameters = request.get("parameters")
    for value in parameters.values() if isinstance(parameters, Mapping) else ():
        if isinstance(value, Mapping) and "secret" in value:
            name = validated(SecretRef, value).secret
            yield context.fetch_parameter(connection, name)
            try:
                yield context.fetch_parameter(connection, name, "AWSPREVIOUS")
            except InvalidRequest as rejection:
                if not isinstance(rejection.__cause__, AwsRequestFailed) or rejection.__cause__.code != NOT_THERE:
                    raise
