"""Examples of requests and answers: those of docs/http.md, which a test types into a sandbox."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.http_api.routes import ROUTES, Route
from tools.states_language import ROOT

PAGE = ROOT / "docs" / "http.md"
_SHOWN = re.compile(
    r"```sh\nfarsync (?P<method>\w+) (?P<path>\S+)(?P<options>.*?)```\n```(?:json|http)\n(?P<answer>.*?)```", re.DOTALL
)


class Example(NamedTuple):
    """A request and its answer; `status` says which answer it is."""

    route: Route
    body: Any | None
    status: int
    answer: Any


def examples() -> Iterator[Example]:
    """In the order of the page."""
    for shown in _SHOWN.finditer(PAGE.read_text()):
        body = re.search(r"-d '(.+?)'", shown["options"], re.DOTALL)
        answer = json.loads(shown["answer"].rpartition("\n\n")[2])
        route = _route(shown["method"], shown["path"].strip('"').partition("?")[0])
        status = answer["status"] if isinstance(answer.get("status"), int) else route.status
        yield Example(route, json.loads(body[1]) if body else None, status, answer)


def _route(method: str, path: str) -> Route:
    (found,) = [
        route
        for route in ROUTES
        if route.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path)
    ]
    return found
