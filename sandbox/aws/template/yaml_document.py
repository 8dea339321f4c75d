"""YAML of CloudFormation: short intrinsic tags become their long form; dates stay text; included files are read; names
that stand twice are rejected.
"""

from pathlib import Path
from typing import Any

import yaml

from sandbox.yaml_names import names_in


class TemplateError(ValueError):
    """The template cannot be understood; the message names resource and property."""


class _CloudFormationLoader(yaml.SafeLoader):
    pass


# "2012-10-17" in a policy is a version, not a day.
_CloudFormationLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _construct_intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    raise TemplateError(f"!{suffix}: cannot read this kind of YAML node")


_CloudFormationLoader.add_multi_constructor("!", _construct_intrinsic)


def load_document(path: Path) -> dict[str, Any]:
    """Reads a YAML or JSON file whose top is a mapping, with what AWS::Include names. Raises TemplateError."""
    try:
        loader = _CloudFormationLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        twice = names_in(root).twice
        document = None if root is None else loader.construct_document(root)
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise TemplateError(f"{path}: is not YAML: {error}") from error
    if twice:
        raise TemplateError("\n".join(f"{path}:{name.line}: {'.'.join(name.steps)}: is given twice" for name in twice))
    if not isinstance(document, dict):
        raise TemplateError(f"{path}: must be a mapping at its top")
    included: dict[str, Any] = _with_included(document, path.parent)
    return included


def _with_included(value: Any, folder: Path) -> Any:
    match value:
        case {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": str(location)}}}:
            return load_document(folder / location)
        case dict():
            return {key: _with_included(member, folder) for key, member in value.items()}
        case list():
            return [_with_included(member, folder) for member in value]
    return value
