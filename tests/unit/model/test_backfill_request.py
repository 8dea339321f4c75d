"""The runs that a backfill is made of."""

from typing import Any

import pytest

from farsync.model.backfill_request import MOST_CHARACTERS, MOST_SETS, read_plan
from farsync.model.errors import InvalidRequest

DATES = {"from": "2026-02-27", "to": "2026-03-01", "parameter": "day"}


def plan(**request: Any) -> dict[str, Any]:
    return read_plan({"job": "a-job", **request}).model_dump(mode="json", by_alias=True, exclude_none=True)


def parameters(planned: dict[str, Any]) -> list[dict[str, Any]]:
    return [item["parameters"] for item in planned["items"]]


def keys(planned: dict[str, Any]) -> list[str]:
    return [item["key"] for item in planned["items"]]


def test_each_set_lies_over_the_parameters_of_the_request() -> None:
    planned = plan(parameters={"a": "1", "b": {"secret": "x"}}, parameterSets=[{"a": "2"}, {"c": "3"}])
    assert parameters(planned) == [{"a": "2", "b": {"secret": "x"}}, {"a": "1", "b": {"secret": "x"}, "c": "3"}]
    assert [item["index"] for item in planned["items"]] == [0, 1]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ({"everyDays": 2}, ["2026-02-27", "2026-03-01"]),
        ({"everyDays": 3}, ["2026-02-27"]),
        ({"format": "%Y%m%d", "to": "2026-02-28"}, ["20260227", "20260228"]),
        ({"format": "dt=%d/%m/%y %j", "to": "2026-02-27"}, ["dt=27/02/26 058"]),
        ({"format": "100%%", "to": "2026-02-27"}, ["100%"]),
        ({"from": "9999-12-30", "to": "9999-12-31"}, ["9999-12-30", "9999-12-31"]),
    ],
)
def test_days_are_those_of_the_calendar_and_may_lie_apart_and_be_written_in_another_way(
    dates: dict[str, Any], expected: list[str]
) -> None:
    assert [day["day"] for day in parameters(plan(dates={**DATES, **dates}))] == expected


def test_the_rest_of_the_request_is_that_of_every_run() -> None:
    shared = {"connection": "other", "timeoutSeconds": 60, "labels": {"team": "night"}, "ifRunning": "wait"}
    shared |= {"providerOptions": {"triggerId": "T63391JxQHNj"}}
    planned = plan(parameterSets=[{}], maxConcurrency=3, intent="x", **shared)
    assert planned["request"] == {"job": "a-job", **shared}
    assert plan(parameterSets=[{}])["request"] == {"job": "a-job", "connection": "default"}


def test_a_set_has_one_key_however_it_is_written_and_whatever_else_the_backfill_holds() -> None:
    (alone,) = keys(plan(parameterSets=[{"a": "1", "b": "2"}]))
    among_others = keys(plan(parameterSets=[{"c": "3"}, {"b": "2", "a": "1"}], maxConcurrency=2, stopOnFailures=1))
    (by_parts,) = keys(plan(parameters={"a": "1"}, parameterSets=[{"b": "2"}]))
    assert among_others[1] == by_parts == alone
    assert among_others[0] != alone


def test_a_default_of_a_time_is_no_part_of_a_key_so_that_a_release_which_adds_one_runs_no_set_again() -> None:
    time = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}
    assert parameters(plan(parameters={"a": time}, parameterSets=[{"b": time}])) == [{"a": time, "b": time}]


@pytest.mark.parametrize("other", [{"parameterSets": [{"a": "1\n"}]}, {"intent": "again"}, {"parameterSets": [{}]}])
def test_another_value_or_intent_has_another_key(other: dict[str, Any]) -> None:
    sets: dict[str, Any] = {"parameterSets": [{"a": "1"}]}
    assert keys(plan(**sets)) != keys(plan(**{**sets, **other}))


@pytest.mark.parametrize(
    ("asked", "group_size", "stop_on_failures"),
    [({}, 3, 4), ({"maxConcurrency": 2}, 3, 4), ({"maxConcurrency": 2, "stopOnFailures": 1}, 2, 1)],
)
def test_failures_are_counted_between_groups_where_they_matter(
    asked: dict[str, Any], group_size: int, stop_on_failures: int
) -> None:
    planned = plan(dates=DATES, **asked)
    assert (planned["groupSize"], planned["stopOnFailures"]) == (group_size, stop_on_failures)


MANY = [{"n": str(number)} for number in range(MOST_SETS + 1)]


@pytest.mark.parametrize(
    ("request_fields", "field", "remedy"),
    [
        ({}, "parameterSets", "give either parameterSets or dates"),
        ({"parameterSets": [{}], "dates": DATES}, "parameterSets", "and not both"),
        ({"parameterSets": []}, "parameterSets", "name one set at least"),
        ({"parameterSets": MANY}, "parameterSets", f"more than {MOST_SETS} sets; split it"),
        ({"parameterSets": [{"a": "x" * MOST_CHARACTERS}]}, "parameterSets", "characters; split it"),
        ({"parameterSets": [{}, {"a": "1"}, {}]}, "parameterSets.2", "the same as parameterSets.0"),
        ({"parameterSets": [{"a": 1}]}, "parameterSets.0.a", "write numbers and booleans in quotes"),
        ({"dates": {**DATES, "to": "2026-02-26"}}, "dates.to", "must not be before dates.from"),
        ({"dates": {**DATES, "to": "9999-12-31"}}, "dates", f"more than {MOST_SETS} sets"),
        ({"dates": {**DATES, "from": "2026-02-29"}}, "dates.from", "a date of the calendar"),
        ({"dates": {**DATES, "from": "20260227"}}, "dates.from", "match pattern"),
        ({"dates": {**DATES, "format": "%H"}}, "dates.format", "no other directives than %Y"),
        ({"dates": {**DATES, "format": "day"}}, "dates.format", "writes two days alike"),
        ({"dates": {**DATES, "everyDays": 0}}, "dates.everyDays", "greater than or equal to 1"),
        ({"parameterSets": [{}], "maxConcurrency": 41}, "maxConcurrency", "less than or equal to 40"),
        ({"parameterSets": [{}], "stopOnFailures": 0}, "stopOnFailures", "greater than or equal to 1"),
        ({"parameterSets": [{}], "dayz": {}}, "dayz", "is not a known field"),
        ({"parameter_sets": [{}]}, "parameter_sets", "is not a known field"),
        ({"dates": {**DATES, "every_days": 1}}, "dates.every_days", "is not a known field"),
    ],
)
def test_a_wrong_request_names_the_field_and_the_remedy(
    request_fields: dict[str, Any], field: str, remedy: str
) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        plan(**request_fields)
    assert rejected.value.field == field
    assert remedy in str(rejected.value)
    assert str(rejected.value).startswith(field)


def test_all_sets_that_are_alike_or_too_large_are_named_at_once() -> None:
    shared = {"a": "x" * 13_000}
    with pytest.raises(InvalidRequest) as rejected:
        plan(parameters=shared, parameterSets=[{}, {"b": "x" * 90_000}, {}, shared])
    parts = [part.partition(":")[0] for part in str(rejected.value).split("; ") if part.startswith("parameterSets")]
    assert parts == ["parameterSets", "parameterSets.2", "parameterSets.3"]


def test_a_set_that_makes_its_run_larger_than_a_run_may_be_is_named_before_any_run_begins() -> None:
    with pytest.raises(InvalidRequest, match=r"parameterSets: set 1 makes a run of it: .* at most 102400 bytes"):
        plan(parameters={"a": "x" * 15_000}, parameterSets=[{"b": "x"}, {"b": "x" * 90_000}])
