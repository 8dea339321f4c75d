"""Reading bodies and queries; whatever is wrong is rejected as `bad-parameter` and named."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.naver_dataflow.rejections import bad_parameter

# Korean and Japanese pages: a letter or `_` first. The English `-` is a slip of translation.
# https://api.ncloud-docs.com/docs/analytics-dataflow-createjob
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{2,99}")
DEFAULT_PAGE_LIMIT = 1000


@dataclass(frozen=True)
class Page:
    page: int
    limit: int

    @property
    def offset(self) -> int:
        return self.page * self.limit


def read_page(query: Mapping[str, str], minimum_limit: int) -> Page:
    return Page(
        page=_count(query, "page", default=0, minimum=0),
        limit=_count(query, "limit", default=DEFAULT_PAGE_LIMIT, minimum=minimum_limit),
    )


def page_of(items: list[dict[str, object]], total: int, page: Page) -> dict[str, object]:
    return {"list": items, "count": total, "page": page.page, "limit": page.limit}


def read_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise bad_parameter("body: must be a JSON object") from error
    if not isinstance(value, dict):
        raise bad_parameter("body: must be a JSON object")
    return value


def read_name(fields: Mapping[str, Any]) -> str:
    name = fields.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise bad_parameter("name: 3 to 100 letters, digits, '_' or '-', beginning with a letter or '_', are required")
    return name


def read_job_type(fields: Mapping[str, Any], job_types: tuple[str, ...]) -> str:
    job_type = fields.get("type")
    if job_type not in job_types:
        raise bad_parameter(f"type: must be one of {', '.join(job_types)}")
    return str(job_type)


def read_whole_number(fields: Mapping[str, Any], name: str, minimum: int, maximum: int) -> int:
    value = fields[name]
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise bad_parameter(f"{name}: must be a whole number from {minimum} to {maximum}")
    return value


def read_nodes(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Checks what every node has; whether a node can run shows only when it does."""
    nodes = fields.get("nodes")
    if not isinstance(nodes, list):
        raise bad_parameter("nodes: must be an array")
    for index, node in enumerate(nodes):
        if not isinstance(node, dict):
            raise bad_parameter(f"nodes[{index}]: must be an object")
        if not isinstance(node.get("id"), int) or isinstance(node["id"], bool):
            raise bad_parameter(f"nodes[{index}].id: must be a whole number")
        for name in ("name", "type"):
            if not isinstance(node.get(name), str):
                raise bad_parameter(f"nodes[{index}].{name}: must be a string")
        parents = node.get("parentNodeIds")
        if not isinstance(parents, list) or not all(isinstance(parent, int) for parent in parents):
            raise bad_parameter(f"nodes[{index}].parentNodeIds: must be an array of node ids")
    return nodes


def read_parameters(fields: Mapping[str, Any]) -> dict[str, Any]:
    parameters = fields.get("parameters")
    if parameters is None:
        return {}
    if not isinstance(parameters, dict):
        raise bad_parameter("parameters: must be an object")
    for name, value in parameters.items():
        if not isinstance(value, str | int | float):
            raise bad_parameter(f"parameters.{name}: must be a string")
    return parameters


def _count(query: Mapping[str, str], name: str, default: int, minimum: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < minimum:
        raise bad_parameter(f"{name}: must be a whole number of at least {minimum}")
    return int(text)
