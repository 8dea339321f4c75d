"""Writes docs/openapi.json, and http_api.yaml for API Gateway: python -m tools.export_openapi [--check]"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.generated_file import write_or_check
from tools.http_api.document import openapi_document
from tools.http_api.gateway_body import gateway_body
from tools.http_api.routes import ROUTES
from tools.states_language import ROOT

DOCUMENT = ROOT / "docs" / "openapi.json"
GATEWAY_BODY = ROOT / "http_api.yaml"


def main(arguments: Sequence[str], document: Path = DOCUMENT, body: Path = GATEWAY_BODY) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.export_openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when a file differs")
    is_check = parser.parse_args(arguments).check
    content = json.dumps(openapi_document(ROUTES), indent=2, ensure_ascii=False) + "\n"
    return max(write_or_check(document, content, is_check), write_or_check(body, gateway_body(ROUTES), is_check))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
