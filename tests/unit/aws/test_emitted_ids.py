"""The names of emit_event's executions say which events were emitted: a list says it of many at once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from farsync.aws.client import AwsCaller, Service
from farsync.aws.emitting import emitted_ids
from farsync.aws.executions import MOST_PAGES, PAGE_SIZE
from tests.unit.aws.listed_runs import environment

ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:emit_event"
SINCE = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Listed(AwsCaller):
    """Executions of emit_event, a page each time; the newest first, each a second older."""

    def __init__(self, newest_ago: int, *pages: list[str]) -> None:
        self.begun = SINCE.timestamp() - newest_ago
        self.pages = pages
        self.asked = 0

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert (service, action) == ("states", "ListExecutions")
        assert payload["stateMachineArn"] == ARN
        assert payload["maxResults"] == PAGE_SIZE == 1000
        assert payload.get("nextToken") == (str(self.asked) if self.asked else None)
        names = self.pages[self.asked]
        self.asked += 1
        executions = []
        for name in names:
            executions.append({"name": name, "startDate": self.begun})
            self.begun -= 1
        return {"executions": executions, **({"nextToken": str(self.asked)} if self.asked < len(self.pages) else {})}

    def ids(self) -> frozenset[str]:
        return emitted_ids(environment(self)._replace(variables={"EMIT_EVENT_ARN": ARN}), SINCE)


def test_pages_are_read_as_far_as_they_matter() -> None:
    aws = Listed(-3, ["a", "b"], ["c", "d", "e"], ["f"])
    assert aws.ids() == {"a", "b", "c", "d", "e"}
    assert aws.asked == 2


def test_a_list_that_ends_earlier_is_read_whole() -> None:
    assert Listed(-9, ["a"], ["b"]).ids() == {"a", "b"}
    assert Listed(0, []).ids() == frozenset()


def test_a_list_without_an_end_is_not_read_for_ever() -> None:
    aws = Listed(-10_000, *([f"{number}"] for number in range(MOST_PAGES + 1)))
    assert len(aws.ids()) == aws.asked == MOST_PAGES
