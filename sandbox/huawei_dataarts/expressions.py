"""The small part of the provider's expression language (EL) that runs here.

`#{X}`, `#{X == Y}`, `#{X != Y}` and `#{X == Y ? "A" : "B"}`, where X and Y are `Job.getParam("name")`,
`Job.getNodeStatus("node")`, a quoted text or a number, in parentheses or not. `${name}` is a job parameter, anywhere.
https://support.huaweicloud.com/intl/en-us/usermanual-dataartsstudio/dataartsstudio_01_0494.html
"""

import re
from collections.abc import Mapping

EXPRESSION = re.compile(r"#\{(.*?)\}", re.DOTALL)
PARAMETER = re.compile(r"\$\{([^}]*)\}")
OPERAND = r"\(?\s*(?:Job\.(?:getParam|getNodeStatus)\(\s*(?:\"[^\"]*\"|'[^']*')\s*\)|\"[^\"]*\"|'[^']*'|[\w.]+)\s*\)?"
COMPARISON = re.compile(
    rf"\s*(?P<left>{OPERAND})\s*(?:(?P<operator>==|!=)\s*(?P<right>{OPERAND})\s*)?"
    rf"(?:\?\s*(?P<then>{OPERAND})\s*:\s*(?P<otherwise>{OPERAND})\s*)?"
)
CALL = re.compile(r"Job\.(?P<method>getParam|getNodeStatus)\(\s*[\"'](?P<name>[^\"']*)[\"']\s*\)")
QUOTED = re.compile(r"[\"'](?P<text>.*)[\"']")
CONSTANT = re.compile(r"-?\d+(?:\.\d+)?|true|false")


class ExpressionFailed(Exception):
    """An expression or parameter that has no value here; the text says which and why."""


def evaluate(text: str, params: Mapping[str, str], node_statuses: Mapping[str, str]) -> str:
    """The text with every `${..}` and `#{..}` replaced. Raises `ExpressionFailed`."""
    with_params = PARAMETER.sub(lambda match: _param(match[1], params), text)
    return EXPRESSION.sub(lambda match: _value(match[1], params, node_statuses), with_params)


def holds(condition: str, params: Mapping[str, str], node_statuses: Mapping[str, str]) -> bool:
    """Whether a node's condition is true. Raises `ExpressionFailed`."""
    value = evaluate(condition, params, node_statuses).strip()
    if value not in ("true", "false"):
        raise ExpressionFailed(f"condition {condition} is neither true nor false, but {value!r}")
    return value == "true"


def _value(expression: str, params: Mapping[str, str], node_statuses: Mapping[str, str]) -> str:
    match = COMPARISON.fullmatch(expression)
    if match is None:
        raise ExpressionFailed(f"expression #{{{expression}}} is not one that runs here")
    left = _operand(match["left"], params, node_statuses)
    if match["operator"]:
        is_equal = left == _operand(match["right"], params, node_statuses)
        left = "true" if is_equal == (match["operator"] == "==") else "false"
    if match["then"] is None:
        return left
    return _operand(match["then" if left == "true" else "otherwise"], params, node_statuses)


def _operand(text: str, params: Mapping[str, str], node_statuses: Mapping[str, str]) -> str:
    bare = text.strip()
    if bare.startswith("("):
        bare = bare[1:].removesuffix(")").strip() if not CALL.fullmatch(bare) else bare
    if call := CALL.fullmatch(bare):
        if call["method"] == "getParam":
            return _param(call["name"], params)
        if call["name"] not in node_statuses:
            raise ExpressionFailed(f"there is no node {call['name']} to ask for its status")
        return node_statuses[call["name"]]
    if quoted := QUOTED.fullmatch(bare):
        return quoted["text"]
    if CONSTANT.fullmatch(bare):
        return bare
    raise ExpressionFailed(f"{bare} is not known in expressions that run here")


def _param(name: str, params: Mapping[str, str]) -> str:
    if name not in params:
        raise ExpressionFailed(f"parameter {name} has no value: neither the job nor the start gives one")
    return params[name]
