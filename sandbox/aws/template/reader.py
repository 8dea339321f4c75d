"""Reads a SAM template into what the sandbox runs."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sandbox.aws.template.event_sources import read_rules, read_schedules
from sandbox.aws.template.http_api import read_http_api
from sandbox.aws.template.intrinsics import Resolver
from sandbox.aws.template.model import Function, LogStream, Queue, StateMachine, Template
from sandbox.aws.template.parameters import parameter_values
from sandbox.aws.template.physical_names import arn_of, physical_name_of, queue_url_of
from sandbox.aws.template.queue_mappings import read_queue_mappings
from sandbox.aws.template.yaml_document import TemplateError, load_document

_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
# Properties of SQS queues that CreateQueue knows under the same name.
_QUEUE_ATTRIBUTES = (
    "FifoQueue",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
    "RedrivePolicy",
)


def read_template(
    path: Path,
    *,
    endpoint: str,
    stack_name: str,
    parameters: Mapping[str, str],
    unchecked_parameters: Mapping[str, str] = MappingProxyType({}),
    exports: Mapping[str, str] = MappingProxyType({}),
) -> Template:
    """`endpoint` is where queue URLs will point, `exports` what other stacks export. `parameters` go before
    `unchecked_parameters`, which may be what no deployment could have.

    Raises TemplateError, which names resource and property.
    """
    document = load_document(path)
    values = parameter_values(document.get("Parameters", {}), parameters, unchecked_parameters)
    resolver = Resolver(document, stack_name, endpoint, values, exports)
    reader = _Reader(path.parent.resolve(), document, resolver)
    functions, queues = tuple(reader.functions()), tuple(reader.queues())
    return Template(
        stack_name=stack_name,
        functions=functions,
        state_machines=tuple(reader.state_machines()),
        queues=queues,
        log_streams=tuple(reader.log_streams()),
        http_api=read_http_api(resolver),
        schedules=tuple(read_schedules(resolver)),
        rules=tuple(read_rules(resolver)),
        queue_mappings=tuple(read_queue_mappings(resolver, functions, queues)),
        exports=dict(_read_exports(document, resolver)),
        outputs=dict(_read_outputs(document, resolver)),
        parameters={name: _parameter_text(value) for name, value in values.items()},
    )


def _read_exports(document: Mapping[str, Any], resolver: Resolver) -> Iterator[tuple[str, str]]:
    for name, output in (document.get("Outputs") or {}).items():
        if "Export" in output:
            exported = resolver.resolve(output["Export"]["Name"], f"Outputs.{name}.Export")
            yield str(exported), str(resolver.resolve(output["Value"], f"Outputs.{name}"))


def _read_outputs(document: Mapping[str, Any], resolver: Resolver) -> Iterator[tuple[str, str]]:
    for name, output in (document.get("Outputs") or {}).items():
        condition = output.get("Condition")
        if condition is None or resolver.condition(condition, f"Outputs.{name}"):
            yield name, str(resolver.resolve(output["Value"], f"Outputs.{name}"))


def _parameter_text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


class _Reader:
    def __init__(self, folder: Path, document: Mapping[str, Any], resolver: Resolver) -> None:
        self._folder = folder
        self._function_globals: Mapping[str, Any] = document.get("Globals", {}).get("Function", {})
        self._resolver = resolver

    def functions(self) -> Iterator[Function]:
        for logical_id, properties in self._resources("AWS::Serverless::Function"):
            merged = _merge(self._function_globals, properties)

            def value(name: str, default: Any = None, merged: Any = merged, owner: str = logical_id) -> Any:
                resolved = self._resolver.resolve(merged.get(name), f"{owner}.{name}")
                return default if resolved is None else resolved

            for required in ("CodeUri", "Handler"):
                if value(required) is None:
                    raise TemplateError(f"{logical_id}.{required}: is missing")
            reserved = value("ReservedConcurrentExecutions")
            variables = value("Environment", {}).get("Variables", {})
            yield Function(
                logical_id=logical_id,
                name=physical_name_of(self._resolver, logical_id),
                arn=arn_of(self._resolver, logical_id, logical_id),
                code_folder=self._existing(value("CodeUri"), f"{logical_id}.CodeUri"),
                layer_folders=tuple(self._layers(merged.get("Layers", []), logical_id)),
                handler=str(value("Handler")),
                timeout_seconds=int(value("Timeout", 3)),
                memory_mb=int(value("MemorySize", 128)),
                reserved_concurrency=None if reserved is None else int(reserved),
                environment={name: _environment_text(text) for name, text in variables.items()},
            )

    def state_machines(self) -> Iterator[StateMachine]:
        for logical_id, properties in self._resources("AWS::Serverless::StateMachine"):
            if "DefinitionUri" in properties:
                uri = self._resolver.resolve(properties["DefinitionUri"], f"{logical_id}.DefinitionUri")
                definition: Any = load_document(self._existing(uri, f"{logical_id}.DefinitionUri"))
            elif "Definition" in properties:
                definition = self._resolver.resolve(properties["Definition"], f"{logical_id}.Definition")
            else:
                raise TemplateError(f"{logical_id}.DefinitionUri: is missing")
            where = f"{logical_id}.DefinitionSubstitutions"
            substitutions = self._resolver.resolve(properties.get("DefinitionSubstitutions", {}), where)
            yield StateMachine(
                logical_id=logical_id,
                name=physical_name_of(self._resolver, logical_id),
                arn=arn_of(self._resolver, logical_id, logical_id),
                definition=_substitute(json.dumps(definition, ensure_ascii=False), substitutions, where),
            )

    def queues(self) -> Iterator[Queue]:
        for logical_id, properties in self._resources("AWS::SQS::Queue"):
            attributes = {}
            for name in _QUEUE_ATTRIBUTES:
                value = self._resolver.resolve(properties.get(name), f"{logical_id}.{name}")
                if value is not None:
                    attributes[name] = _attribute_text(value)
            name = physical_name_of(self._resolver, logical_id)
            yield Queue(logical_id, name, queue_url_of(self._resolver, logical_id), attributes)

    def log_streams(self) -> Iterator[LogStream]:
        for logical_id, properties in self._resources("AWS::Logs::LogStream"):
            group = self._resolver.resolve(properties.get("LogGroupName"), f"{logical_id}.LogGroupName")
            yield LogStream(str(group), physical_name_of(self._resolver, logical_id))

    def _layers(self, references: Any, owner: str) -> Iterator[Path]:
        for index, reference in enumerate(references):
            where = f"{owner}.Layers[{index}]"
            logical_id = reference.get("Ref") if isinstance(reference, dict) else None
            layer = self._resolver.resources.get(str(logical_id), {})
            if layer.get("Type") != "AWS::Serverless::LayerVersion":
                # A published layer, by its ARN, has nothing that could run here.
                continue
            content = self._resolver.resolve(layer["Properties"].get("ContentUri"), where)
            folder = self._existing(content, f"{logical_id}.ContentUri")
            yield folder / "python" if (folder / "python").is_dir() else folder

    def _existing(self, relative: Any, where: str) -> Path:
        path = self._folder / str(relative)
        if not path.exists():
            raise TemplateError(f"{where}: there is no {path}")
        return path.resolve()

    def _resources(self, resource_type: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for logical_id, resource in self._resolver.resources.items():
            if resource.get("Type") == resource_type and self._resolver.exists(logical_id):
                yield logical_id, resource.get("Properties") or {}


def _merge(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Globals under a resource's own properties, as SAM does: mappings merge, lists add up."""
    merged = dict(defaults)
    for name, value in own.items():
        before = merged.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            merged[name] = _merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            merged[name] = [*before, *value]
        else:
            merged[name] = value
    return merged


def _substitute(definition: str, substitutions: Mapping[str, Any], where: str) -> str:
    def replace(token: re.Match[str]) -> str:
        name = token.group(1)
        if name not in substitutions:
            raise TemplateError(f"{where}: the definition uses ${{{name}}}, which is not given")
        return json.dumps(str(substitutions[name]), ensure_ascii=False)[1:-1]

    return _SUBSTITUTION.sub(replace, definition)


def _environment_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _attribute_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else _environment_text(value)
