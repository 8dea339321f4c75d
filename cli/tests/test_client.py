"""farsync from Python, against the API as its contract has it."""

import re
from pathlib import Path
from typing import Any

import pytest

from cli.tests.support import records
from cli.tests.support.fake_api import DROPPED, FakeStack
from cli.tests.support.playing import Open, Time
from farsync_client import Run, RunFailed, WaitTimedOut
from farsync_client.errors import (
    AnswerUnreadable,
    CredentialsExpired,
    FarsyncError,
    Forbidden,
    RouteUnknown,
    StartUnknown,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from farsync_client.problems import PROBLEMS, ProviderUnavailable, RunNotFound, Throttled

HTTP_PAGE = Path(__file__).parents[2] / "docs" / "http.md"


def problem(kind: str, status: int, **headers: str) -> tuple[int, Any, dict[str, str]]:
    content = {"type": kind, "title": "A title.", "status": status, "detail": "A sentence."}
    return status, content, {"content-type": "application/problem+json", **headers}


def test_a_run_is_started_waited_for_and_known_by_its_outcome(stack: FakeStack, opened: Open, time: Time) -> None:
    ended = opened().run("night_load", parameters={"day": "2026-11-21"}, timeoutSeconds=3600).wait()
    assert (ended.state, ended.took_seconds, ended.cost) == ("SUCCEEDED", 244.0, 0.000214)
    start = stack.calls[0]
    assert start.path == "/connections/default/runs"
    assert start.body == {"job": "night_load", "parameters": {"day": "2026-11-21"}, "timeoutSeconds": 3600}
    assert len(start.headers["idempotency-key"]) == 24
    assert time.slept == [5.0, 5.0]


def test_a_run_that_must_succeed_raises_with_the_reason(opened: Open) -> None:
    client = opened()
    with pytest.raises(RunFailed, match="ExecutionFailed: The execution mY3275GiRXkm"):
        Run(client, records.FAILED).result()


def test_waiting_goes_on_while_the_network_is_away(stack: FakeStack, opened: Open) -> None:
    run = opened().run("night_load")
    stack.next_answers = [DROPPED] * 6
    failures: list[FarsyncError] = []
    assert run.wait(on_failure=failures.append).state == "SUCCEEDED"
    assert [type(failure) for failure in failures] == [Unreachable]


def test_waiting_ends_in_time_and_the_run_goes_on(opened: Open, time: Time) -> None:
    client = opened()
    with pytest.raises(WaitTimedOut, match="it goes on"):
        Run(client, records.GOING_ON).wait(timeout_seconds=100)
    assert time.slept == [5.0] * 12 + [15.0, 15.0, 10.0]


@pytest.mark.parametrize(
    "failure",
    [DROPPED, problem("ProviderUnavailable", 503), problem("Throttled", 429), (503, {"message": "busy"}, {})],
    ids=["broken connection", "provider away", "throttled", "gateway"],
)
def test_a_read_is_tried_again(failure: Any, stack: FakeStack, opened: Open) -> None:
    stack.next_answers = [failure, failure]
    assert opened().get_run("8fdd7432").state == "RUNNING"
    assert len(stack.calls) == 3


def test_a_read_comes_back_when_the_api_says_so(stack: FakeStack, opened: Open, time: Time) -> None:
    stack.next_answers = [problem("Throttled", 429, **{"retry-after": "7"})]
    opened().get_run("8fdd7432")
    assert time.slept == [7.0]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(DROPPED, StartUnknown), ((503, {"message": "busy"}, {}), StartUnknown), (problem("Throttled", 429), Throttled)],
    ids=["broken connection", "gateway", "throttled"],
)
def test_a_start_is_sent_once(failure: Any, expected: type[FarsyncError], stack: FakeStack, opened: Open) -> None:
    stack.next_answers = [failure]
    with pytest.raises(expected):
        opened().run("night_load")
    assert len(stack.calls) == 1


def test_a_start_without_an_answer_says_by_which_key_it_is_repeated(stack: FakeStack, opened: Open) -> None:
    stack.next_answers = [DROPPED]
    with pytest.raises(StartUnknown) as raised:
        opened().run("night_load")
    assert raised.value.key == stack.calls[0].headers["idempotency-key"]
    assert f"--key {raised.value.key}" in str(raised.value)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem("RunNotFound", 404), RunNotFound),
        ((404, {"message": "Not Found"}, {}), RouteUnknown),
        ((403, {"message": "Forbidden"}, {}), Forbidden),
        ((403, {"message": "The security token included in the request is expired"}, {}), CredentialsExpired),
        ((401, {"message": "Unauthorized"}, {}), Unauthorized),
        ((200, ["no object"], {}), AnswerUnreadable),
        ((200, {"name": "n"}, {}), AnswerUnreadable),
        ((302, {}, {"location": "http://127.0.0.1:1/"}), AnswerUnreadable),
    ],
)
def test_what_will_not_change_is_raised_at_once(
    answer: Any, expected: type[FarsyncError], stack: FakeStack, opened: Open
) -> None:
    stack.next_answers = [answer]
    with pytest.raises(expected):
        opened().get_run("8fdd7432")
    assert len(stack.calls) == 1


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(problem("ProviderUnavailable", 503), ProviderUnavailable), ((500, {"message": "no"}, {}), Unavailable)],
    ids=["provider", "gateway"],
)
def test_a_read_is_given_up_after_four_tries(
    failure: Any, expected: type[FarsyncError], stack: FakeStack, opened: Open, time: Time
) -> None:
    stack.next_answers = [failure] * 4
    with pytest.raises(expected):
        opened().get_run("8fdd7432")
    assert time.slept == [0.5, 2.0, 5.0]


def test_every_documented_problem_has_a_class_and_a_remedy() -> None:
    documented = re.findall(r"^\| `(\w+)` \| \d", HTTP_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(documented) >= 15
    assert [kind for kind in documented if kind not in PROBLEMS] == []
    assert [kind for kind, error in PROBLEMS.items() if not error.usual_remedy] == []


def test_a_problem_of_a_newer_api_keeps_its_name(stack: FakeStack, opened: Open) -> None:
    stack.next_answers = [problem("JobFrozen", 409)]
    with pytest.raises(FarsyncError) as raised:
        opened().run("night_load")
    assert (raised.value.name, raised.value.message) == ("JobFrozen", "A sentence.")


def test_every_error_says_what_to_do_next() -> None:
    def families(kind: type[FarsyncError]) -> list[type[FarsyncError]]:
        return [kind, *(inner for child in kind.__subclasses__() for inner in families(child))]

    said_where_raised = {"FarsyncError", "RunFailed", "StartUnknown", "WatchBroken"}
    silent = {kind.__name__ for kind in families(FarsyncError) if not kind.usual_remedy}
    assert silent <= said_where_raised


def test_pages_are_read_to_the_last(stack: FakeStack, opened: Open) -> None:
    stack.page_size = 2
    client = opened()
    assert sum(len(page.runs) for page in client.run_pages(states=["FAILED", "TIMED_OUT", "CANCELED"])) == 3
    assert [job.name for job in client.jobs()] == ["night_load", "월말_정산_month_end_closing", "stock_draft"]
    assert stack.calls[0].query["state"] == "FAILED,TIMED_OUT,CANCELED"


def test_fields_that_this_version_does_not_know_are_kept(stack: FakeStack, opened: Open) -> None:
    stack.runs[records.GOING_ON][0]["newerField"] = {"a": 1}
    assert opened().get_run("8fdd7432").as_sent() == stack.runs[records.GOING_ON][0] | {
        "startedAt": "2026-11-22T06:25:55.168000Z",
        "deadlineAt": "2026-11-22T07:03:19.168000Z",
    }


def test_names_go_into_paths_and_queries_whole(stack: FakeStack, opened: Open) -> None:
    with pytest.raises(FarsyncError):
        opened().job("a b/ü?&#")
    list(opened().run_pages(job="a b+ü&x=1"))
    assert stack.calls[0].path == "/connections/default/jobs/a b/ü?&#"
    assert stack.calls[1].query["job"] == "a b+ü&x=1"
