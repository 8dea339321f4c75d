"""Values for the parameters of a template, checked as CloudFormation checks them before it creates anything.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.template.yaml_document import TemplateError


def parameter_values(
    declared: Mapping[str, Any], given: Mapping[str, str], unchecked: Mapping[str, str]
) -> dict[str, str | list[str]]:
    """`unchecked` are values that only a sandbox can have, such as an address on loopback; those that the template does
    not declare are left out. Raises TemplateError.
    """
    for name in given:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise TemplateError(f"Parameters: there is no {name}; declared are {known}")
    values: dict[str, str | list[str]] = {}
    for name, declaration in declared.items():
        value = given.get(name, unchecked.get(name, declaration.get("Default")))
        if value is None:
            raise TemplateError(f"Parameters.{name}: has no Default, so a value must be given")
        text = str(value)
        if name in given or name not in unchecked:
            _check(text, declaration, f"Parameters.{name}")
        is_list = declaration.get("Type") == "CommaDelimitedList"
        values[name] = [part.strip() for part in text.split(",")] if is_list else text
    return values


def _check(text: str, declaration: Mapping[str, Any], where: str) -> None:
    allowed = declaration.get("AllowedValues")
    if allowed and text not in [str(item) for item in allowed]:
        raise TemplateError(f"{where}: {text!r} is not one of {allowed}")
    pattern = declaration.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, text):
        raise TemplateError(f"{where}: {text!r} does not match {pattern}")
    if declaration.get("Type") == "Number":
        _check_number(text, declaration, where)


def _check_number(text: str, declaration: Mapping[str, Any], where: str) -> None:
    try:
        number = float(text)
    except ValueError as error:
        raise TemplateError(f"{where}: {text!r} is no number") from error
    if number < float(declaration.get("MinValue", number)):
        raise TemplateError(f"{where}: {text} is less than {declaration['MinValue']}")
    if number > float(declaration.get("MaxValue", number)):
        raise TemplateError(f"{where}: {text} is more than {declaration['MaxValue']}")
