"""Which runs a backfill is made of. Asks nobody."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel
from farsync.model.json_text import Flaw
from farsync.model.names import digest
from farsync.model.run_request import STRICT, ParameterValue, RunRequest
from farsync.model.validation import check, rejection, validated

MOST_SETS = 366
"""A leap year of days. Step Functions ends an execution at 25,000 events, and a set takes 62 at most: begun alone (13),
run and failed (22), after three waits for an earlier run (27).
"""
MOST_CHARACTERS = 150_000
"""Of the request and all sets together; a state of Step Functions holds 256 KB."""
MOST_CONCURRENCY = 40
"""What Step Functions allows an inline Map."""
DIRECTIVES = "YymdjGVu%"


def _check_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("date", "must be a date of the calendar such as 2026-01-31") from None
    return text


def _check_format(text: str) -> str:
    if not re.fullmatch(f"(?:[^%]|%[{DIRECTIVES}])*", text):
        known = ", ".join(f"%{directive}" for directive in DIRECTIVES)
        raise PydanticCustomError("format", "must hold no other directives than {known}", {"known": known})
    return text


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_check_date)]


class DateRange(WireModel):
    """Days of the calendar, both ends among them, each handed to the job in one parameter."""

    model_config = STRICT

    from_: Annotated[Day, Field(alias="from")]
    to: Day
    every_days: Annotated[int, Field(ge=1, le=MOST_SETS)] = 1
    parameter: Annotated[str, Field(min_length=1, max_length=128)]
    format: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_check_format)] = "%Y-%m-%d"

    def days(self) -> Iterator[date]:
        day, last = date.fromisoformat(self.from_), date.fromisoformat(self.to)
        while day <= last:
            yield day
            if last - day < timedelta(self.every_days):
                return
            day += timedelta(self.every_days)


class BackfillRequest(RunRequest):
    """A run request, and the sets of parameters to run it with, each laid over the request's `parameters`."""

    parameter_sets: Annotated[tuple[Mapping[str, ParameterValue], ...], Field(strict=False)] | None = None
    dates: DateRange | None = None
    max_concurrency: Annotated[int, Field(ge=1, le=MOST_CONCURRENCY)] = 1
    stop_on_failures: Annotated[int, Field(ge=1)] | None = None
    intent: Annotated[str, Field(max_length=200)] = ""
    """Runs of another intent are other runs, though their parameters be the same."""


class PlannedSet(WireModel):
    """One run: `key` and the number of the attempt give its name."""

    index: int
    parameters: Mapping[str, object]
    key: str


class Plan(WireModel):
    """`request` is what all runs share; `group_size` how many sets are begun before failures are counted."""

    connection: str
    job: str
    labels: Mapping[str, str]
    request: Mapping[str, object]
    max_concurrency: int
    stop_on_failures: int
    group_size: int
    items: tuple[PlannedSet, ...]


def read_plan(payload: Mapping[str, object]) -> Plan:
    """Raises InvalidRequest."""
    backfill = validated(BackfillRequest, payload)
    sets = _with_one_field_of_two(backfill)
    field = "dates" if backfill.dates else "parameterSets"
    if len(sets) > MOST_SETS:
        raise InvalidRequest(f"{field}: holds more than {MOST_SETS} sets; split it into several backfills", field=field)
    shared = backfill.model_dump(mode="json", by_alias=True, exclude_unset=True).get("parameters", {})
    items = tuple(_planned(index, {**shared, **parameters}, backfill.intent) for index, parameters in enumerate(sets))
    run_fields = {str(field.alias) for field in RunRequest.model_fields.values()} - {"parameters"}
    request = {"connection": backfill.connection} | {
        name: value for name, value in payload.items() if name in run_fields
    }
    if len(json.dumps(request)) + sum(len(json.dumps(item.parameters)) for item in items) > MOST_CHARACTERS:
        raise InvalidRequest(
            f"{field}: holds more than {MOST_CHARACTERS} characters; split it into several backfills", field=field
        )
    flaws = [*_flaws_of_runs(request, items, field), *_flaws_of_twins(items, are_days=backfill.dates is not None)]
    if flaws:
        raise rejection(flaws)
    return Plan(
        connection=backfill.connection,
        job=backfill.job,
        labels=backfill.labels,
        request=request,
        max_concurrency=backfill.max_concurrency,
        stop_on_failures=backfill.stop_on_failures or len(items) + 1,
        group_size=backfill.max_concurrency if backfill.stop_on_failures else len(items),
        items=items,
    )


def _with_one_field_of_two(backfill: BackfillRequest) -> Sequence[Mapping[str, object]]:
    if (backfill.parameter_sets is None) == (backfill.dates is None):
        raise InvalidRequest("parameterSets: give either parameterSets or dates, and not both", field="parameterSets")
    if backfill.dates is not None:
        parameter, picture = backfill.dates.parameter, backfill.dates.format
        days = zip(backfill.dates.days(), range(MOST_SETS + 1), strict=False)
        if backfill.dates.to < backfill.dates.from_:
            raise InvalidRequest("dates.to: must not be before dates.from", field="dates.to")
        return [{parameter: day.strftime(picture)} for day, _ in days]
    if not backfill.parameter_sets:
        raise InvalidRequest("parameterSets: is empty; name one set at least", field="parameterSets")
    sets: list[Mapping[str, object]] = backfill.model_dump(mode="json", by_alias=True, exclude_unset=True)[
        "parameterSets"
    ]
    return sets


def _planned(index: int, parameters: Mapping[str, object], intent: str) -> PlannedSet:
    canonical = json.dumps([intent, sorted(parameters.items())], ensure_ascii=False)
    return PlannedSet(index=index, parameters=parameters, key=digest(canonical)[:32])


def _flaws_of_runs(request: Mapping[str, object], items: Sequence[PlannedSet], field: str) -> Iterator[Flaw]:
    """Each set and the request are small enough by themselves, and yet may be too large together."""
    for item in items:
        checked = check(RunRequest, {**request, "parameters": item.parameters})
        if isinstance(checked, tuple):
            yield Flaw((field,), f"set {item.index} makes a run of it: {rejection(checked)}")


def _flaws_of_twins(items: Sequence[PlannedSet], *, are_days: bool) -> Iterator[Flaw]:
    first_of: dict[str, int] = {}
    for item in items:
        before = first_of.setdefault(item.key, item.index)
        if before == item.index:
            continue
        if are_days:
            yield Flaw(("dates", "format"), "writes two days alike; let it name each day")
            return
        yield Flaw(("parameterSets", item.index), f"is the same as parameterSets.{before}; remove one of them")
