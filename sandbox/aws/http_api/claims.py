"""Claims as API Gateway hands them on: all of them texts.

A list is `[a b]`, as was measured at AWS: https://github.com/floci-io/floci/pull/2011
"""

import json
from collections.abc import Mapping
from typing import Any


def claim_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in claims.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(_text(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
