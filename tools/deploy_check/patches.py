"""Gaps of MiniStack, and the patches that fill them; each is named in the output and the documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PATCHES = (
    "AWS::Logs::LogStream: unknown there; left out, so that events are sent and not counted",
    "connections: the sandbox's Data Flow stands on loopback, where no endpoint may stand; allowed here",
    "HTTP API: its body is ignored there; routes are made from it by API calls, and nobody checks signatures",
    "state machines: definitions are read in JSON only; they are written so",
    "state machines: JSONata there lacks $hash and :=; the sandbox's JSONata is put in",
    "state machines: waits and time-outs are numbers there; expressions are evaluated before; heartbeats are ignored",
    "state machines: their ends are no events there; failed runs reach CloseQueue by the sweep",
    "state machines: the interpreter there takes what AWS rejects; it shows that they are wired, not right",
    "functions: all that they raise is Runtime.HandlerError there, so that a rejected run fails as RunUnobservable",
    "functions: they run with this environment's Python, which may hide what the layer lacks",
)


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    function: str
    """Its logical id."""


def without_log_streams(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template without log streams; who refers to one gets the name that the template gives it."""
    names = {
        logical_id: resource["Properties"]["LogStreamName"]
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Logs::LogStream"
    }
    kept = {name: each for name, each in template["Resources"].items() if name not in names}
    return {**template, "Resources": _named(kept, names)}


def with_endpoints_on_loopback(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template whose functions call providers on this machine."""
    parameters = {**template["Parameters"], "EndpointNetworks": {"Type": "String", "Default": "loopback"}}
    return {**template, "Parameters": parameters}


def with_definitions(template: Mapping[str, Any], write: Callable[[str], str]) -> dict[str, Any]:
    """The template with every DefinitionUri that `write` gives for the old one."""
    resources = dict(template["Resources"])
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::StateMachine":
            properties = {**resource["Properties"], "DefinitionUri": write(resource["Properties"]["DefinitionUri"])}
            resources[name] = {**resource, "Properties": properties}
    return {**template, "Resources": resources}


def routes_of(template: Mapping[str, Any]) -> list[Route]:
    """The routes in the body of the template's one HTTP API."""
    (api,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::Serverless::HttpApi")
    found = []
    for path, operations in api["Properties"]["DefinitionBody"]["paths"].items():
        for method, operation in operations.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            function = uri.partition("functions/${")[2].partition(".Arn}")[0]
            found.append(Route(method.upper(), path, function))
    return found


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"Ref"} and value["Ref"] in names:
            return names[value["Ref"]]
        return {key: _named(member, names) for key, member in value.items()}
    if isinstance(value, list):
        return [_named(member, names) for member in value]
    return value
