"""Finds the route of a request: the most specific one wins, as with API Gateway.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.aws.template.model import Route


@dataclass(frozen=True)
class MatchedRoute:
    route: Route
    path_parameters: dict[str, str]

    @property
    def key(self) -> str:
        return f"{self.route.method} {self.route.path}"


def decoded_path(path: str) -> str:
    """The path as the gateway sees it: decoded before anything else, and cut at a question mark that then appears.

    So `%2F` parts segments. Both as measured at AWS: https://github.com/middleapi/standard-server/pull/93
    """
    return unquote(path).partition("?")[0]


class RouteTable:
    def __init__(self, routes: Sequence[Route]) -> None:
        ordered = sorted(routes, key=_how_general)
        self._patterns = [(route, re.compile(_pattern(route.path), re.DOTALL)) for route in ordered]

    def find(self, method: str, path: str) -> MatchedRoute | None:
        """`path` as sent."""
        decoded = decoded_path(path)
        for route, pattern in self._patterns:
            match = pattern.fullmatch(decoded)
            if match and route.method in (method, "ANY"):
                return MatchedRoute(route, match.groupdict())
        return None


def _how_general(route: Route) -> tuple[bool, int, bool]:
    return ("+}" in route.path, route.path.count("{"), route.method == "ANY")


def _pattern(path: str) -> str:
    parts = []
    for literal, name, is_greedy in re.findall(r"([^{]+)|\{(\w+)(\+?)\}", path):
        if literal:
            parts.append(re.escape(literal))
        else:
            parts.append(f"(?P<{name}>.+)" if is_greedy else f"(?P<{name}>[^/]+)")
    return "".join(parts)
