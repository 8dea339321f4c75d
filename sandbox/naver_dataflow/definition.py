"""Nodes of a job definition: those that run here, checked field by field.

https://api.ncloud-docs.com/docs/en/common-vapidatatype-dataflowetljobnode
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, ValidationError

from sandbox.provider_service.validation import Fields, first_fault

Operator = Literal["EQ", "NE", "GT", "LT", "GTE", "LTE"]
Text = Annotated[str, Field(min_length=1)]


class NodeFailure(Exception):
    """A node cannot run. The text names the node and the reason."""

    def __init__(self, label: str, reason: str) -> None:
        super().__init__(f"{label} failed: {reason}")


class Column(Fields):
    name: Text
    type: str = "string"


class Node(Fields):
    id: int
    name: str
    type: str
    parent_node_ids: tuple[int, ...]

    @property
    def label(self) -> str:
        return f"node {self.id} '{self.name}' ({self.type})"


class SourceObs(Node):
    bucket_name: Text
    prefix: str
    data_type: Literal["CSV"]
    field_list: tuple[Column, ...]


class TargetObs(Node):
    bucket_name: Text
    prefix: str
    data_type: Literal["CSV"]
    field_list: tuple[Column, ...]
    # Optional without a stated default: overwriting leaves the same files however often a job runs.
    update_type: Literal["OVERWRITE", "APPEND", "IGNORE"] = "OVERWRITE"
    coalesce: Annotated[int, Field(ge=1, le=100)] = 1
    """Number of output files."""


class FilterCondition(Fields):
    name: Text
    operator: Operator
    value: str


class Filter(Node):
    filter_type: Literal["AND", "OR"] = "AND"
    filter_condition_list: Annotated[tuple[FilterCondition, ...], Field(min_length=1)]


class AggregateField(Fields):
    name: Text
    # The capital R stands so on the provider's page.
    result_name: Text = Field(validation_alias=AliasChoices("ResultName", "resultName"))
    function: Literal["SUM", "AVG", "MAX", "MIN"]


class Aggregate(Node):
    group_by_list: tuple[Text, ...]
    aggregate_field_list: Annotated[tuple[AggregateField, ...], Field(min_length=1)]


class NamedSource(Fields):
    parent_id: int
    new_name: Text


class SqlQuery(Node):
    source_name_list: tuple[NamedSource, ...]
    sql: Text


NODES_THAT_RUN: Mapping[str, type[Node]] = {
    "SOURCE_OBS": SourceObs,
    "TRANSFORM_FILTER": Filter,
    "TRANSFORM_AGGREGATE": Aggregate,
    "TRANSFORM_SQL": SqlQuery,
    "TARGET_OBS": TargetObs,
}


def read_node(raw: Mapping[str, Any]) -> Node:
    """Raises `NodeFailure` for a node that cannot run here, and says which field is wrong."""
    label = f"node {raw['id']} '{raw['name']}' ({raw['type']})"
    model = NODES_THAT_RUN.get(raw["type"])
    if model is None:
        raise NodeFailure(label, f"nodes of type {raw['type']} do not run in the sandbox")
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise NodeFailure(label, ": ".join(first_fault(error))) from error


def substitute(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Replaces each `$name` in every string of a definition; `$name` never eats the start of `$name_2`."""
    names = [name for name in parameters if name.startswith("$") and len(name) > 1]
    if not names:
        return value
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, names))})(?![A-Za-z0-9_])")
    return _substituted(value, pattern, parameters)


def _substituted(value: Any, pattern: re.Pattern[str], parameters: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda match: str(parameters[match.group()]), value)
    if isinstance(value, list):
        return [_substituted(item, pattern, parameters) for item in value]
    if isinstance(value, dict):
        return {key: _substituted(item, pattern, parameters) for key, item in value.items()}
    return value
