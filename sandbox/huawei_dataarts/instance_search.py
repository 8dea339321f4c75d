"""The query of the instance list.

https://support.huaweicloud.com/api-dataartsstudio/dataartsstudio_02_0094.html
"""

from collections.abc import Callable

from sandbox.huawei_dataarts.person import LATER_WORDS, SEVEN_WORDS, SPECIAL_SUCCESSES
from sandbox.huawei_dataarts.records import Instance
from sandbox.huawei_dataarts.rejections import bad_parameter
from sandbox.huawei_dataarts.request_fields import InstanceQuery
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_instances import special_word
from sandbox.huawei_dataarts.wire_times import milliseconds, start_of_day

MAXIMUM_WINDOW_MILLISECONDS = 7 * 86_400_000
Filter = Callable[[Instance], bool]


def read_search(query: InstanceQuery, now: float, settings: Settings) -> Filter:
    """`now` in epoch seconds. Raises `FactoryRejection`."""
    filters: list[Filter] = [lambda instance: instance.visible_at <= now, _in_window(query, now, settings)]
    if name := query.job_name:
        is_precise = query.precise_query and settings.has_precise_query
        filters.append(lambda instance: instance.job_name == name if is_precise else name in instance.job_name)
    if query.status:
        filters.append(_with_status(query.status, settings))
    if query.instance_type is not None:
        filters.append(lambda instance: instance.instance_type == query.instance_type)
    return lambda instance: all(holds(instance) for holds in filters)


def _in_window(query: InstanceQuery, now: float, settings: Settings) -> Filter:
    """Today, where the query says nothing else."""
    earliest = milliseconds(start_of_day(now)) if query.min_plan_time is None else query.min_plan_time
    latest = milliseconds(now) if query.max_plan_time is None else query.max_plan_time
    if latest - earliest > MAXIMUM_WINDOW_MILLISECONDS:
        raise bad_parameter("minPlanTime, maxPlanTime: must not be more than 7 days apart")

    def is_in_window(instance: Instance) -> bool:
        # An instance that waits has not started: it is found by when it was submitted.
        start = instance.started_at or instance.submitted_at
        moment = instance.plan_time if settings.window_on == "planTime" else start
        return earliest <= milliseconds(moment) <= latest

    return is_in_window


def _with_status(word: str, settings: Settings) -> Filter:
    """By the word that is shown: a forced success is among `success` where a flag shows it."""
    known = SEVEN_WORDS if settings.status_words == 7 else SEVEN_WORDS + SPECIAL_SUCCESSES + LATER_WORDS
    if word not in known:
        raise bad_parameter(f"status: must be one of {', '.join(known)}")
    if word in SPECIAL_SUCCESSES or settings.special_success == "words":
        return lambda instance: special_word(instance) == word
    return lambda instance: instance.status == word
