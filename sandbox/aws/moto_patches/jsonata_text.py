"""JSON as the reference JSONata reads and writes it: null is a value, letters stand as they are, and numbers as
JavaScript writes them, to 15 digits.

jsonata-python escapes what is not ASCII, so that a Korean message is twice as long as on AWS, and writes 14.0.
"""

import json
import re
from decimal import Decimal
from typing import Any

from jsonata.utils import Utils


def from_json(value: Any) -> Any:
    """A copy, as the library writes into what it is given; its None is "undefined", inside of a value too."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(member) for key, member in value.items()}
    return Utils.NULL_VALUE if value is None else value


def json_text(value: Any) -> str:
    if value is None or value is Utils.NULL_VALUE:
        return "null"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(float(f"{value:.15g}"))
    if isinstance(value, list):
        return f"[{','.join(map(json_text, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{json_text(key)}:{json_text(member)}' for key, member in value.items())}}}"
    return '""'  # a function


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        return re.sub(r"\.0$", "", f"{Decimal(repr(value)):f}")
    return re.sub(r"e([+-])0", r"e\1", repr(value))
