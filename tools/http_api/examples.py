"""Examples of requests and answers: those that docs/http.md shows below its commands."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "http.md"
_SHOWN = re.compile(r"^```sh\n(farsync .*?)^```\n```(json|http)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A call of the page, and what it is answered."""

    method: str
    path: str
    """Without the query."""
    body: Mapping[str, Any] | None
    answer: Mapping[str, Any]

    @property
    def is_problem(self) -> bool:
        return {"type", "title", "status"} <= self.answer.keys()


@cache
def shown_examples(page: Path = PAGE) -> Sequence[Example]:
    return [_example(command, answer) for command, _, answer in _SHOWN.findall(page.read_text())]


def example_of(method: str, path: str) -> Example | None:
    """The first success that is shown of a route; `path` has its parameters in braces."""
    pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
    fitting = (shown for shown in shown_examples() if shown.method == method and pattern.fullmatch(shown.path))
    return next((shown for shown in fitting if not shown.is_problem), None)


def _example(command: str, answer: str) -> Example:
    words = shlex.split(command.replace("\\\n", " "))
    body = words[words.index("-d") + 1] if "-d" in words else None
    return Example(
        method=words[1],
        path=words[2].partition("?")[0],
        body=None if body is None else json.loads(body),
        answer=json.loads(answer[answer.index("{") :]),
    )
