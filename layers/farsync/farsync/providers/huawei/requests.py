"""What is asked of DataArts Factory: queries, bodies and path segments."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, urlencode

from farsync.model.errors import InvalidRequest
from farsync.model.execution import Execution

JOBS_LIMIT = 100
"""Newer pages allow 1000 jobs at once, older ones and the provider's Terraform provider 100."""
INSTANCES_LIMIT = 1000
# Seven days are documented as the longest, and three were met.
LONGEST_WINDOW = timedelta(hours=71)
# The pages do not agree whether the window is about the planned time or that of the start, which may lie ahead of our
# clock, nor whether its ends belong to it.
WINDOW_MARGIN = timedelta(hours=1)


class ListWindow(NamedTuple):
    """Both ends are always sent: left out, they mean today, so that a run begun before midnight would drop out."""

    begin: datetime
    end: datetime

    @classmethod
    def until(cls, now: datetime) -> "ListWindow":
        """The longest one that reaches beyond `now`."""
        end = now + WINDOW_MARGIN
        return cls(end - LONGEST_WINDOW, end)

    @classmethod
    def around(cls, execution: Execution) -> "ListWindow | None":
        """One that holds this execution; None where its times are not known, or too far apart."""
        moments = [moment for moment in (execution.created_at, execution.started_at) if moment is not None]
        if not moments:
            return None
        window = cls(min(moments) - WINDOW_MARGIN, max(moments) + WINDOW_MARGIN)
        return window if window.end - window.begin <= LONGEST_WINDOW else None


def jobs_url(base: str, name: str | None, offset: int, limit: int) -> str:
    """Of batch jobs only, since no other can be run once. The provider matches the name loosely."""
    named = {} if name is None else {"jobName": name}
    return _with_query(base, {"jobType": "BATCH", **named, "offset": offset, "limit": limit})


def instances_url(base: str, job: str, window: ListWindow, offset: int, limit: int) -> str:
    query: dict[str, str | int] = {
        "jobName": job,
        "preciseQuery": "true",
        "minPlanTime": _milliseconds(window.begin),
        "maxPlanTime": _milliseconds(window.end),
        "offset": offset,
        "limit": limit,
    }
    return _with_query(base, query)


def job_params(parameters: Mapping[str, str]) -> dict[str, object]:
    """The body of a start. A parameter's kind is left out: the default, `variable`, is all that every page knows."""
    params = [{"name": name, "value": value} for name, value in parameters.items()]
    return {"jobParams": params} if params else {}


def path_segment(text: str, field: str) -> str:
    """The text as a part of a path. The gateway decodes paths before it checks signatures, so that '%' would be
    ambiguous. Raises InvalidRequest.
    """
    is_printable = all(unicodedata.category(character)[0] != "C" for character in text)
    if not text or text == "." or ".." in text or "/" in text or "%" in text or not is_printable:
        raise InvalidRequest(
            f"{field}: give it as DataArts Factory shows it, without slashes, per cent signs, '..' or control "
            "characters.",
            field=field,
        )
    return quote(text, safe="")


def checked_limit(page: int, limit: int, largest: int) -> int:
    """The limit, at most `largest`; raises InvalidRequest for a page or limit that cannot be."""
    if page < 0:
        raise InvalidRequest("page: give 0 or more; pages count from 0.", field="page")
    if limit < 1:
        raise InvalidRequest("limit: give 1 or more.", field="limit")
    return min(limit, largest)


def _with_query(url: str, query: Mapping[str, str | int]) -> str:
    """The signature writes a blank as %20; so does the request, that nobody need know what a plus sign means."""
    return f"{url}?{urlencode(query, quote_via=quote, safe='')}"


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
