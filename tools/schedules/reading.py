"""The file of schedules, read and checked: every fault is reported at once, by entry, field and remedy."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from farsync.model.errors import InvalidRequest
from farsync.model.validation import validated
from tools.schedules.entry import ScheduleEntry, check_request, unknown_keywords

MOST_SCHEDULES = 490
"""CloudFormation takes 500 resources a stack."""


class SchedulesInvalid(Exception):
    """The file cannot be used. The text has a line for each fault."""


def read_schedules(path: Path) -> list[ScheduleEntry]:
    """Raises SchedulesInvalid."""
    entries: list[ScheduleEntry] = []
    faults: list[str] = []
    for number, raw in enumerate(_raw_entries(path), 1):
        name = raw.get("name") if isinstance(raw, Mapping) else None
        where = f"schedule {number} ({name})" if isinstance(name, str) else f"schedule {number}"
        try:
            entry = validated(ScheduleEntry, raw)
        except InvalidRequest as invalid:
            faults.append(f"{where}: {str(invalid).removeprefix('$: ')}")
            continue
        entries.append(entry)
        faults += [f"{where}: {fault}" for fault in _faults_of_request(entry)]
    twice = [name for name, times in Counter(entry.name for entry in entries).items() if times > 1]
    faults += [f"name: {name} stands there more than once; names must differ" for name in twice]
    if faults:
        raise SchedulesInvalid("\n".join(f"{path}: {fault}" for fault in faults))
    return entries


def _raw_entries(path: Path) -> list[object]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SchedulesInvalid(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SchedulesInvalid(f"{path}: is not YAML: {error}") from error
    raw = document.get("schedules") if isinstance(document, dict) and document.keys() == {"schedules"} else None
    if not isinstance(raw, list):
        raise SchedulesInvalid(f"{path}: must hold one list named schedules; see schedules.example.yaml")
    if len(raw) > MOST_SCHEDULES:
        raise SchedulesInvalid(
            f"{path}: has {len(raw)} schedules, and one stack takes {MOST_SCHEDULES}; split the file, a stack for each"
        )
    return raw


def _faults_of_request(entry: ScheduleEntry) -> Iterator[str]:
    for word in unknown_keywords(entry):
        yield f"request: {word} is not known here; use <aws.scheduler.scheduled-time>, or remove it"
    try:
        check_request(entry)
    except InvalidRequest as invalid:
        yield f"request.{invalid}"
