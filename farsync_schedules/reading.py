"""The file of schedules, read and checked: every fault is reported at once, by line, entry, field and remedy."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from farsync.model.backfill_request import BackfillRequest, read_plan
from farsync.model.errors import InvalidRequest
from farsync.model.execution import WireModel
from farsync.model.json_text import Flaw, Step
from farsync.model.run_request import RunRequest
from farsync.model.validation import check, field_of
from farsync_schedules.document import Document, Unreadable, read_document
from farsync_schedules.entry import ScheduleEntry, filled, unknown_keywords

MOST_SCHEDULES = 490
"""CloudFormation takes 500 resources a stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


class SchedulesInvalid(Exception):
    """The file cannot be used. The text has a line for each fault."""


class ScheduleFile(WireModel):
    """The file as a whole."""

    schedules: Annotated[tuple[object, ...], Field(max_length=MOST_SCHEDULES)]


def read_schedules(path: Path) -> list[ScheduleEntry]:
    """Raises SchedulesInvalid."""
    try:
        document = read_document(path)
    except Unreadable as unreadable:
        raise SchedulesInvalid(str(unreadable)) from unreadable
    reading = _Reading(document)
    faults = sorted(set(reading.faults()))
    if faults:
        raise SchedulesInvalid("\n".join(f"{path}:{fault.line}: {fault.text}" for fault in faults))
    return reading.entries


class _Fault(NamedTuple):
    line: int
    text: str


class _Reading:
    def __init__(self, document: Document) -> None:
        self.entries: list[ScheduleEntry] = []
        self._document = document
        content = document.content
        listed = content.get("schedules") if isinstance(content, Mapping) else None
        self._listed: list[object] | None = listed if isinstance(listed, list) else None
        names = ((index, each.get("name")) for index, each in enumerate(listed or ()) if isinstance(each, Mapping))
        self._names = {index: name for index, name in names if isinstance(name, str)}

    def faults(self) -> Iterator[_Fault]:
        for twice in self._document.names.twice:
            remedy = f"is given twice, first on line {twice.first_line}; remove one of them"
            yield self._fault(Flaw(twice.steps, remedy))._replace(line=twice.line)
        if self._listed is None:
            yield _Fault(1, "must hold one list named schedules; see schedules.example.yaml")
            return
        if len(self._listed) > MOST_SCHEDULES:
            what = f"has {len(self._listed)} schedules, and one stack takes {MOST_SCHEDULES}"
            yield _Fault(self._document.line(("schedules",)), f"{what}; split the file, a stack for each")
            return
        checked = check(ScheduleFile, self._document.content)
        yield from map(self._fault, checked if isinstance(checked, tuple) else ())
        for index, raw in enumerate(self._listed):
            yield from (self._fault(_inside(flaw, "schedules", index)) for flaw in self._flaws(raw))
        first_of: dict[str, int] = {}
        for index, name in self._names.items():
            if first_of.setdefault(name, index) != index:
                remedy = f"is that of schedule {first_of[name] + 1} too; names must differ"
                yield self._fault(Flaw(("schedules", index, "name"), remedy))

    def _flaws(self, raw: object) -> Iterator[Flaw]:
        """Of an entry; its request is checked whatever else is wrong with it."""
        entry = check(ScheduleEntry, raw)
        if isinstance(entry, ScheduleEntry):
            self.entries.append(entry)
        else:
            yield from entry
        request = raw.get("request") if isinstance(raw, Mapping) else None
        if isinstance(raw, Mapping) and isinstance(request, Mapping):
            yield from (_inside(flaw, "request") for flaw in _flaws_of_request(request, raw.get("machine", "run_job")))

    def _fault(self, flaw: Flaw) -> _Fault:
        """In the words of the file: which schedule, and the field in it."""
        steps = tuple(map(str, flaw.steps))
        parts = [field_of(flaw)]
        if len(steps) > 1 and steps[1].isdecimal():
            parts = [self._entry(int(steps[1])), *([".".join(steps[2:])] if steps[2:] else [])]
        return _Fault(self._document.line(steps), ": ".join([*parts, flaw.remedy]))

    def _entry(self, index: int) -> str:
        name = self._names.get(index)
        return f"schedule {index + 1} ({name})" if name else f"schedule {index + 1}"


def _inside(flaw: Flaw, *steps: Step) -> Flaw:
    return flaw._replace(steps=(*steps, *flaw.steps))


def _flaws_of_request(request: Mapping[str, object], machine: object) -> Iterator[Flaw]:
    try:
        asked = filled(request)
    except (TypeError, ValueError):
        return  # What is no JSON is a flaw of the entry.
    for word in unknown_keywords(request):
        yield Flaw((), f"{word} is not known here; use <aws.scheduler.scheduled-time>, or remove it")
    checked = check(BackfillRequest if machine == "run_backfill" else RunRequest, asked)
    if isinstance(checked, tuple):
        yield from checked
    elif machine == "run_backfill":
        try:
            read_plan(asked)
        except InvalidRequest as invalid:
            yield Flaw(tuple(invalid.field.split(".")), str(invalid).removeprefix(f"{invalid.field}: "))
