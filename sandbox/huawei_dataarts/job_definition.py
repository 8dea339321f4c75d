"""A job as its creator describes it: nodes, schedule, parameters.

https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0084.html
"""

import re
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from sandbox.huawei_dataarts.rejections import FactoryRejection, bad_parameter
from sandbox.provider_service.validation import first_fault

# Letters, digits, `-`, `_`, `.`; newer pages add Chinese characters.
NAME_PATTERN = r"^[A-Za-z0-9._\-\u4e00-\u9fff]+$"
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=NAME_PATTERN)]
# Codes of fields that have one of their own; everything else is 3051.
FIELD_CODES = {"name": "3018", "nodes": "1006", "schedule": "3025"}


class Described(BaseModel):
    """Fields that are not listed are kept and shown, as the provider's pages name more than they explain."""

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True)


class Property(Described):
    name: str
    value: str


class Node(Described):
    name: Name
    type: Annotated[str, Field(min_length=1)]
    location: dict[str, int | float | str]
    """The provider's table says numbers, its examples have texts."""
    properties: list[Property] = []
    pre_node_name: list[str] = []
    conditions: list[Any] = []
    """Kept and shown; a node with conditions does not run here."""
    polling_interval: Annotated[int, Field(ge=1, le=60)] = 10
    max_execution_time: Annotated[int, Field(ge=5, le=1440)] = 60
    """Minutes, all attempts together."""
    retry_times: Annotated[int, Field(ge=0, le=5)] = 0
    retry_interval: Annotated[int, Field(ge=5, le=120)] = 120
    """Seconds."""
    fail_policy: Literal["FAIL", "IGNORE", "SUSPEND", "FAIL_CHILD"] = "FAIL"
    exec_time_out_retry: str = "false"

    def property_text(self, name: str) -> str | None:
        return next((item.value for item in self.properties if item.name == name), None)


class Schedule(Described):
    type: Literal["EXECUTE_ONCE", "CRON", "EVENT", "EVENT_TRIGGER", "RUN_ONCE", "SCHEDULE"]
    """Kept and shown; no schedule fires here."""


class JobParam(Described):
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    value: Annotated[str, Field(max_length=1024)]


class BasicConfig(Described):
    owner: Annotated[str, Field(max_length=128)] = ""
    priority: Annotated[int, Field(ge=0, le=2)] = 0


class JobDefinition(Described):
    name: Name
    nodes: Annotated[list[Node], Field(min_length=1)]
    schedule: Schedule
    process_type: Literal["BATCH", "REAL_TIME"]
    params: list[JobParam] = []
    directory: str = "/"
    single_node_job_flag: bool = False
    log_path: str | None = None
    basic_config: BasicConfig = BasicConfig()
    empty_running_job: Literal["0", "1"] = "0"

    def shown(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True, mode="json")

    def nodes_in_running_order(self) -> list[Node]:
        """Every node after those that it waits for."""
        by_name = {node.name: node for node in self.nodes}
        graph = {node.name: node.pre_node_name for node in self.nodes}
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]


def read_job_definition(fields: Any) -> JobDefinition:
    """Raises `FactoryRejection` that names the field."""
    if isinstance(fields, dict) and not fields.get("name"):
        raise FactoryRejection("3004", "name: must not be blank")
    try:
        definition = JobDefinition.model_validate(fields)
    except ValidationError as error:
        where, text = first_fault(error)
        field = re.split(r"[.\[]", where)[0]
        code = FIELD_CODES.get(field, "3051") if field in (where, "schedule") else "3051"
        raise FactoryRejection(code, f"{where}: {text}") from error
    _check_graph(definition)
    return definition


def _check_graph(definition: JobDefinition) -> None:
    names = [node.name for node in definition.nodes]
    for name in names:
        if names.count(name) > 1:
            raise bad_parameter(f"nodes: the name {name} is used twice")
    for node in definition.nodes:
        for before in node.pre_node_name:
            if before not in names:
                raise FactoryRejection("30125", f"nodes: {node.name} follows {before}, which is not in the job")
    try:
        definition.nodes_in_running_order()
    except CycleError as error:
        raise bad_parameter(f"nodes: {error.args[1][0]} leads back to itself") from error
