"""A YAML file of people, read as YAML 1.2 has it: its content, and the line of each value.

PyYAML reads YAML 1.1, in which `yes` is true, `010` is 8, `12:30` is 750, and a date without hyphens is a number.
"""

import re
from pathlib import Path
from typing import NamedTuple

import yaml

from sandbox.yaml_names import Names, Steps, names_in

LARGEST_FILE_BYTES = 1_000_000


class Unreadable(Exception):
    """The file cannot be read as YAML. The text says why and where."""


class Document(NamedTuple):
    """Where a name stands twice, the content has the last value."""

    content: object
    names: Names

    def line(self, steps: Steps) -> int:
        """Of the value, or else of the innermost that there is on the way to it."""
        known = (self.names.lines.get(steps[:length]) for length in range(len(steps), -1, -1))
        return next((line for line in known if line is not None), 1)


class _CoreSchemaLoader(yaml.SafeLoader):
    """https://yaml.org/spec/1.2.2/#1032-tag-resolution; but that only digits are a whole number."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 # PyYAML has it so
    # Libraries around CloudFormation add their tags to PyYAML's own loader.
    yaml_multi_constructors = {}  # noqa: RUF012
    yaml_constructors = {  # noqa: RUF012
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.startswith("tag:yaml.org,2002:")
    }


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+0123456789."),
    ),
    ("merge", r"<<", ["<"]),
):
    _CoreSchemaLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def _construct_int(_: _CoreSchemaLoader, node: yaml.ScalarNode) -> int:
    return int(node.value)


_CoreSchemaLoader.add_constructor("tag:yaml.org,2002:int", _construct_int)


def read_document(path: Path) -> Document:
    """Raises Unreadable."""
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST_FILE_BYTES:
            raise Unreadable(f"{path}: is larger than {LARGEST_FILE_BYTES} bytes; split it")
        loader = _CoreSchemaLoader(raw.decode())
        root = loader.get_single_node()
        names = names_in(root)
        return Document(None if root is None else loader.construct_document(root), names)
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(f"{path}:{line}: is not in UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}" if mark else ""
        problem = ", ".join(filter(None, (error.context, error.problem)))
        raise Unreadable(f"{path}{where}: is not YAML: {problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: is not YAML: {' '.join(str(error).split())}") from error
