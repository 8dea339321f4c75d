"""Resolves intrinsic functions, parameters and conditions of a CloudFormation template."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.physical_names import attribute_of, physical_id_of
from sandbox.aws.template.yaml_document import TemplateError

_SUB_TOKEN = re.compile(r"\$\{(!?)([^}]+)\}")
_NO_VALUE = object()


class Resolver:
    """Knows parameters, conditions and the names that resources will have in the sandbox."""

    def __init__(
        self,
        document: Mapping[str, Any],
        stack_name: str,
        endpoint: str,
        parameters: Mapping[str, str | list[str]],
        exports: Mapping[str, str],
    ) -> None:
        """`parameters` has a value for each that is declared."""
        self.stack_name = stack_name
        self.endpoint = endpoint
        self.resources: dict[str, Any] = document.get("Resources", {})
        self._exports = exports
        self._conditions: dict[str, Any] = document.get("Conditions", {})
        self._values: dict[str, Any] = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
            "AWS::StackName": stack_name,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{stack_name}/sandbox",
            "AWS::NoValue": _NO_VALUE,
        } | dict(parameters)

    def resolve(self, value: Any, where: str) -> Any:
        """`where` is "Resource.Property": what the message of a TemplateError begins with."""
        if isinstance(value, list):
            items = (self._resolve(item, f"{where}[{index}]") for index, item in enumerate(value))
            return [item for item in items if item is not _NO_VALUE]
        if isinstance(value, dict):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                if name in ("Ref", "Condition") or (isinstance(name, str) and name.startswith("Fn::")):
                    return self._intrinsic(name, argument, where)
            members = {key: self._resolve(member, f"{where}.{key}") for key, member in value.items()}
            return {key: member for key, member in members.items() if member is not _NO_VALUE}
        return value

    def exists(self, logical_id: str) -> bool:
        condition = self.resources[logical_id].get("Condition")
        return condition is None or self.condition(condition, f"{logical_id}.Condition")

    def condition(self, name: str, where: str) -> bool:
        if name not in self._conditions:
            raise TemplateError(f"{where}: there is no condition {name}")
        return bool(self.resolve(self._conditions[name], f"Conditions.{name}"))

    def _resolve(self, value: Any, where: str) -> Any:
        resolved = self.resolve(value, where)
        return _NO_VALUE if resolved is None and value is not None else resolved

    def _intrinsic(self, name: str, argument: Any, where: str) -> Any:
        match name:
            case "Ref":
                return self._ref(argument, where)
            case "Fn::GetAtt":
                logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
                return attribute_of(self, logical_id, attribute, where)
            case "Fn::Sub":
                return self._sub(argument, where)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(str(part) for part in self.resolve(parts, where))
            case "Fn::If":
                condition, when_true, when_false = argument
                return self.resolve(when_true if self.condition(condition, where) else when_false, where)
            case "Fn::ImportValue":
                return self._import(self.resolve(argument, where), where)
            case "Condition":
                return self.condition(argument, where)
            case "Fn::Equals":
                left, right = (self.resolve(side, where) for side in argument)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.resolve(argument[0], where)
        raise TemplateError(f"{where}: the sandbox does not know {name}")

    def _ref(self, name: str, where: str) -> Any:
        if name in self._values:
            value = self._values[name]
            return None if value is _NO_VALUE else value
        if name in self.resources:
            return physical_id_of(self, name, where)
        raise TemplateError(f"{where}: there is no parameter or resource {name}")

    def _import(self, name: str, where: str) -> str:
        if name not in self._exports:
            raise TemplateError(f"{where}: no stack exports {name}; there are {', '.join(self._exports) or 'none'}")
        return self._exports[name]

    def _sub(self, argument: Any, where: str) -> str:
        text, variables = argument if isinstance(argument, list) else (argument, {})
        local = {name: self.resolve(value, where) for name, value in variables.items()}

        def replace(token: re.Match[str]) -> str:
            is_literal, name = token.groups()
            if is_literal:
                return "${" + name + "}"
            if name in local:
                return str(local[name])
            if "." in name:
                logical_id, attribute = name.split(".", 1)
                return str(attribute_of(self, logical_id, attribute, where))
            return str(self._ref(name, where))

        return _SUB_TOKEN.sub(replace, text)
