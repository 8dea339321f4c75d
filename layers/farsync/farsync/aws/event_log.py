"""The read model: each event that was emitted is one line of one log stream, which is kept for 90 days.

GetLogEvents pages back from the newest line; so no query needs to be paid for and waited for. It takes ten calls a
second of an account, each of at most 1 MB of lines: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from farsync.aws.client import Stack
from farsync.aws.history_events import json_object

MOST_PAGES = 10
"""That hold lines; some thousand events."""


class Recorded(NamedTuple):
    """An event, and when its line was written, in milliseconds since 1970."""

    at: int
    event: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.event.get("data") or {}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class EventLog:
    """The events from `since` on and before `until`, the newest first. They are read once, as far as they are needed.

    Iterating raises AwsRequestFailed.
    """

    def __init__(self, stack: Stack, since: int, until: int) -> None:
        self.since, self.until = since, until
        self._read: list[Recorded] = []
        self._pages = _pages(stack, since, until)
        self._pages_left = MOST_PAGES
        self.is_cut = False
        """Whether there is more than MOST_PAGES; known once all others were taken."""

    def __iter__(self) -> Iterator[Recorded]:
        taken = 0
        while True:
            while taken < len(self._read):
                yield self._read[taken]
                taken += 1
            if not self._read_on():
                return

    def _read_on(self) -> bool:
        if self._pages_left == 0:
            self.is_cut = True
            return False
        for page in self._pages:
            if page:
                self._read += page
                self._pages_left -= 1
                return True
        return False


def _pages(stack: Stack, since: int, until: int) -> Iterator[list[Recorded]]:
    """A page may be empty; the last one gives the token with which it was asked for.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
    """
    question: dict[str, object] = {
        "logGroupName": stack.variables["EVENT_LOG_GROUP"],
        "logStreamName": stack.variables["EVENT_LOG_STREAM"],
        "startTime": since,
        "endTime": until,
        "startFromHead": False,
    }
    while True:
        page = stack.aws.call("logs", "GetLogEvents", question)
        lines = sorted(page["events"], key=lambda line: int(line["timestamp"]), reverse=True)
        read = ((int(line["timestamp"]), json_object(line["message"]) or {}) for line in lines)
        yield [Recorded(at, line["event"]) for at, line in read if isinstance(line.get("event"), dict)]
        token = page.get("nextBackwardToken")
        if token in (None, question.get("nextToken")):
            return
        question["nextToken"] = token
