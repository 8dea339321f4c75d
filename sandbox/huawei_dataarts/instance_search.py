"""The query of the instance list, as a condition on rows.

https://support.huaweicloud.com/api-dataartsstudio/dataartsstudio_02_0094.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.huawei_dataarts.person import LATER_WORDS, SEVEN_WORDS, SPECIAL_SUCCESSES
from sandbox.huawei_dataarts.rejections import bad_parameter
from sandbox.huawei_dataarts.request_fields import read_flag, read_optional_count
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.wire_times import milliseconds, start_of_day

DAY_MILLISECONDS = 86_400_000
# An instance that waits has not started: it is found by when it was submitted.
WINDOW_COLUMNS = {"planTime": "plan_time", "startTime": "coalesce(started_at, submitted_at)"}


@dataclass(frozen=True)
class Search:
    condition: str
    values: tuple[object, ...]


def read_search(query: Mapping[str, str], workspace: str, now: float, settings: Settings) -> Search:
    """`now` in epoch seconds. Raises `FactoryRejection`."""
    parts: list[tuple[str, tuple[object, ...]]] = [
        ("workspace = ?", (workspace,)),
        ("visible_at <= ?", (now,)),
        *_window(query, now, settings),
    ]
    if name := query.get("jobName"):
        is_precise = settings.has_precise_query and read_flag(query, "preciseQuery")
        parts.append(("job_name = ?" if is_precise else "instr(job_name, ?) > 0", (name,)))
    if status := query.get("status"):
        parts.append(_status(status, settings))
    instance_type = read_optional_count(query, "instanceType")
    if instance_type is not None:
        parts.append(("instance_type = ?", (instance_type,)))
    return Search(" AND ".join(part for part, _ in parts), tuple(value for _, values in parts for value in values))


def _window(query: Mapping[str, str], now: float, settings: Settings) -> list[tuple[str, tuple[object, ...]]]:
    earliest, latest = read_optional_count(query, "minPlanTime"), read_optional_count(query, "maxPlanTime")
    if settings.default_window == "today":
        earliest = milliseconds(start_of_day(now)) if earliest is None else earliest
        latest = milliseconds(now) if latest is None else latest
    days = settings.maximum_window_days
    if days and earliest is not None and latest is not None and latest - earliest > days * DAY_MILLISECONDS:
        raise bad_parameter(f"minPlanTime, maxPlanTime: must not be more than {days} days apart")
    column = f"CAST(round({WINDOW_COLUMNS[settings.window_on]} * 1000) AS INTEGER)"
    bounds: list[tuple[str, tuple[object, ...]]] = []
    if earliest is not None:
        bounds.append((f"{column} >= ?", (earliest,)))
    if latest is not None:
        bounds.append((f"{column} <= ?", (latest,)))
    return bounds


def _status(word: str, settings: Settings) -> tuple[str, tuple[object, ...]]:
    """By the word that is shown: a forced success is among `success` where it is reported by a flag."""
    has_words = settings.special_success == "words"
    known = SEVEN_WORDS if settings.status_words == 7 else SEVEN_WORDS + SPECIAL_SUCCESSES + LATER_WORDS
    if word not in known:
        raise bad_parameter(f"status: must be one of {', '.join(known)}")
    if word == "forceSuccess":
        return "is_forced", ()
    if word == "ignoreSuccess":
        return "is_ignored", ()
    if word == "success" and has_words:
        return "status = 'success' AND NOT is_forced AND NOT is_ignored", ()
    return "status = ?", (word,)
