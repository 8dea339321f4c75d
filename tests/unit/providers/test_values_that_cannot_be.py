"""Fields of the right type whose value cannot be: each counts as missing, and spoils nothing else."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from farsync.model.execution import Execution, ExecutionStatus
from farsync.providers.huawei import decoding as huawei
from farsync.providers.legible_json import MOST_PARTS
from farsync.providers.naver import decoding as naver
from farsync.providers.naver.decoding import LARGEST_SETTINGS_BYTES
from farsync.providers.tolerant_fields import LARGEST_COUNT, LONGEST_PATH, LONGEST_TEXT, LONGEST_WORD, MOST_ENTRIES
from tests.unit.http_client.wire_server import reply
from tests.unit.providers.conftest import Serve, ok
from tests.unit.providers.replies import LIST_FIELDS, NOW, node_from, shown_execution, shown_job, shown_list

DAY = 86_400
DATES = {
    "naver": ("createdDate", "startDate", "endDate"),
    "huawei": ("planTime", "startTime", "endTime"),
}
NO_DATES: dict[str, list[object]] = {
    "naver": ["0001-01-01T00:00:00", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-12:00", "9999-12-31", 0, "0"],
    "huawei": [0, "0", -1, -62135596800000, 253402300799999, 10**18, 1e300, "1e300"],
}
NO_IDS: list[object] = [None, "", True, 1.5e300, [], {}, "a/b", "..", "a\r\nb", "\ud83d", "야", "x" * 129, 10**30]
ID_NAMES = {"naver": "jobExecutionId", "huawei": "instanceId"}
JOB_NAMES = {"naver": "jobId", "huawei": "name"}
JOB_LISTS = {"naver": "list", "huawei": "jobs"}


def written(cloud: str, at: float) -> object:
    return datetime.fromtimestamp(at, UTC).isoformat() if cloud == "naver" else round(at * 1000)


def got(serve_cloud: Serve, cloud: str, fields: dict[str, object], **headers: str) -> Execution:
    provider, _ = serve_cloud(ok({**shown_execution(cloud, "daily", "7"), **fields}, **headers))
    return provider.get_execution("daily", "7")


def times(execution: Execution) -> set[datetime | None]:
    return {execution.created_at, execution.started_at, execution.ended_at}


@pytest.mark.parametrize(("cloud", "date"), [(cloud, date) for cloud, dates in NO_DATES.items() for date in dates])
def test_a_date_that_stands_for_never_is_missing(serve: Serve, cloud: str, date: object) -> None:
    provider, _ = serve(cloud, ok({**shown_execution(cloud, "daily", "7"), **dict.fromkeys(DATES[cloud], date)}))
    execution = provider.get_execution("daily", "7")
    assert (execution.status, times(execution)) == (ExecutionStatus.SUCCEEDED, {None})


def test_a_date_more_than_a_day_ahead_is_missing(serve_cloud: Serve, cloud: str) -> None:
    now = round(datetime.now(UTC).timestamp())
    for seconds, is_there in ((DAY - 60, True), (DAY + 60, False)):
        ahead = dict.fromkeys(DATES[cloud], written(cloud, now + seconds))
        moment = datetime.fromtimestamp(now + seconds, UTC) if is_there else None
        assert times(got(serve_cloud, cloud, ahead)) == {moment}


def test_a_day_ahead_is_counted_from_the_providers_time_where_its_clock_is_ahead(
    serve_cloud: Serve, cloud: str
) -> None:
    provider_now = datetime.now(UTC) + timedelta(days=3)
    ended = {DATES[cloud][2]: written(cloud, provider_now.timestamp())}
    assert got(serve_cloud, cloud, ended, Date=format_datetime(provider_now, usegmt=True)).ended_at is not None


def test_an_end_before_the_beginning_is_missing(serve_cloud: Serve, cloud: str) -> None:
    _, began, ended = DATES[cloud]
    for seconds, is_there in ((59, True), (61, False)):
        execution = got(serve_cloud, cloud, {began: written(cloud, NOW), ended: written(cloud, NOW - seconds)})
        assert (execution.ended_at is not None) is is_there
        assert execution.duration_seconds == (0 if is_there else None)


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 1900 00:00:00 GMT"])
def test_a_reply_of_an_impossible_time_is_read_without_it(serve_cloud: Serve, cloud: str, date: str) -> None:
    provider, _ = serve_cloud(ok(shown_list(cloud, shown_execution(cloud, "daily", "7")), Date=date))
    page = provider.list_executions("daily")
    assert (len(page.items), page.served_at) == (1, None)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", '"NaN"', "-1", "1e16", "9" * 30])
def test_a_number_that_is_none_or_too_large_is_missing(serve_huawei: Serve, number: str) -> None:
    node = f'{{"nodeName": "n", "speed": {number}, "retryTimes": {number}, "inputRowCount": {number}}}'
    shown = json.dumps({**shown_execution("huawei", "daily", "7"), "nodes": ["NODE"]}).replace('"NODE"', node)
    provider, _ = serve_huawei(reply(200, shown.encode()))
    (read,) = provider.get_execution("daily", "7").nodes
    assert (read.rows_per_second, read.retries, read.input_rows) == (None, None, None)


def test_the_largest_count_is_one_that_jsonata_writes_whole() -> None:
    assert node_from(inputRowCount=LARGEST_COUNT).input_rows == LARGEST_COUNT == int("9" * 15)


@pytest.mark.parametrize("number", [-1, 10**15, 10**30, 0.5])
def test_a_length_that_cannot_be_is_missing(serve_cloud: Serve, cloud: str, number: object) -> None:
    listed = {**shown_list(cloud, shown_execution(cloud, "daily", "7")), "count": number, "total": number}
    provider, _ = serve_cloud(ok(listed))
    assert provider.list_executions("daily").total is None


@pytest.mark.parametrize("minutes", [0, -1, 10**9, 10**30, "NaN", 1.5])
def test_a_timeout_that_cannot_be_is_missing(serve_cloud: Serve, cloud: str, minutes: object) -> None:
    job = {
        **shown_job(cloud, "daily"),
        "runCondition": {"timeout": minutes},
        "basicConfig": {"instanceTimeout": minutes},
    }
    provider, _ = serve_cloud(*([ok({"jobs": []})] if cloud == "huawei" else []), ok(job))
    assert provider.get_job("daily").timeout_minutes is None


def test_texts_are_cut_and_paths_left_out_where_they_are_long() -> None:
    long = "야" * 5000
    node = node_from(nodeName=long, type=long, status=long, logPath="x" * (LONGEST_PATH + 1))
    assert (len(node.name), len(node.type), len(node.provider_status)) == (LONGEST_TEXT, LONGEST_TEXT, LONGEST_WORD)
    assert (node.log_path, node.status) == (None, ExecutionStatus.RUNNING)
    assert node_from(logPath="x" * LONGEST_PATH).log_path is not None
    job = naver.decode_job(json.dumps({"jobId": "j", "name": long, "description": long}).encode(), "j")
    assert (len(job.name), len(job.description or "")) == (LONGEST_TEXT, LONGEST_TEXT)
    condition = {"logPath": "x" * (LONGEST_PATH + 1), "consoleLogPath": "short"}
    body = json.dumps({"jobExecutionId": "e", "jobCondition": condition}).encode()
    assert naver.decode_execution(body, "c", "j").log_paths == ("short",)


def test_run_settings_that_no_state_would_hold_are_left_to_the_provider() -> None:
    def condition(length: int) -> Any:
        body = {"jobId": "j", "runCondition": {"timeout": 30, "parameters": {"$sql": "x" * length}}}
        return naver.decode_job(json.dumps(body).encode(), "j").condition

    assert condition(LARGEST_SETTINGS_BYTES - 100)["timeout"] == 30
    assert condition(LARGEST_SETTINGS_BYTES) is None


@pytest.mark.parametrize("number", NO_IDS, ids=repr)
def test_an_entry_without_an_id_costs_itself_and_not_the_page(serve_cloud: Serve, cloud: str, number: object) -> None:
    created = {name: written(cloud, NOW) for name in DATES[cloud]}
    odd = [{**shown_execution(cloud, "daily", "7"), ID_NAMES[cloud]: number, **created}, {}, None, "x"]
    provider, server = serve_cloud(ok(shown_list(cloud, *odd, shown_execution(cloud, "daily", "8"))))
    page = provider.list_executions("daily")
    assert [execution.ref.execution_id for execution in page.items] == ["8"]
    assert page.unreadable == (datetime.fromtimestamp(NOW, UTC), None, None, None)
    assert (page.size, len(server.requests)) == (5, 1)


@pytest.mark.parametrize("number", NO_IDS, ids=repr)
def test_a_start_answered_without_an_id_may_have_begun(serve_cloud: Serve, cloud: str, number: object) -> None:
    provider, _ = serve_cloud(ok({**shown_execution(cloud, "daily", "7"), ID_NAMES[cloud]: number}))
    with pytest.raises(StartUnconfirmed, match="cannot be read"):
        provider.start("daily", condition=None, parameters={})


def test_an_execution_of_another_job_costs_itself_too(serve_naver: Serve) -> None:
    foreign, own = (shown_execution("naver", job, job) for job in ("hourly", "daily"))
    provider, _ = serve_naver(ok(shown_list("naver", foreign, own)))
    page = provider.list_executions("daily")
    assert ([execution.ref.execution_id for execution in page.items], page.unreadable) == (["daily"], (None,))


@pytest.mark.parametrize("name", [None, "", True, [], "a/b", "..", "a\nb", "x" * 129], ids=repr)
def test_a_job_without_an_id_costs_itself_and_not_the_page(serve_cloud: Serve, cloud: str, name: object) -> None:
    odd = [{**shown_job(cloud, "hourly"), JOB_NAMES[cloud]: name}, None, 7]
    provider, _ = serve_cloud(ok({JOB_LISTS[cloud]: [*odd, shown_job(cloud, "daily")]}))
    assert [job.job for job in provider.list_jobs().items] == ["daily"]


def test_a_node_that_is_none_costs_itself() -> None:
    nodes: list[object] = [None, [], {"nodeName": "n", "status": "success"}]
    body = json.dumps({"instanceId": 7, "status": "success", "nodes": nodes})
    assert [node.name for node in huawei.decode_instance(body.encode(), "c", "j", "7").nodes] == ["n"]


@pytest.mark.parametrize(
    "entries", [b"null" + b", null" * MOST_ENTRIES, b"{}" + b", {}" * MOST_PARTS, b" " * 4_194_304]
)
def test_a_list_larger_than_anybody_has_is_no_answer(serve_cloud: Serve, cloud: str, entries: bytes) -> None:
    name = LIST_FIELDS[cloud][0].encode()
    provider, _ = serve_cloud(reply(200, b'{"' + name + b'": [' + entries + b"]}"))
    with pytest.raises(ProviderUnavailable, match="cannot be read"):
        provider.list_executions("daily")
    with pytest.raises(StartUnconfirmed, match="cannot be read"):
        provider.start("daily", condition=None, parameters={})


@pytest.mark.parametrize("shape", ["{}, ", "null, ", "[[]], ", '{"instanceId": 7}, ', '"\\ud83d", ', "1, "])
def test_the_worst_reply_fits_into_the_memory_of_a_function(shape: str) -> None:
    program = f"""
import resource
from farsync.providers.huawei.decoding import decode_instances
from farsync.providers.legible_json import LARGEST_BODY_BYTES, legible
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
shape = {shape!r}.encode()
body, before = b'{{"instances": [' + shape * (4_190_000 // len(shape)) + b"null]}}", peak()
try:
    decode_instances(legible(body), "c", "j", 0, 1000)
except ValueError:
    pass
print(peak() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 128, "of 256 MB"


@pytest.mark.parametrize("started", ["9" * 5000, 10**30, "٣", "²", True, 1.5])
def test_a_beginning_that_is_no_time_names_no_attempt(serve_huawei: Serve, started: object) -> None:
    provider, _ = serve_huawei(ok({**shown_execution("huawei", "daily", "7"), "startTime": started}))
    execution = provider.get_execution("daily", "7")
    assert (execution.status, execution.attempt) == (ExecutionStatus.SUCCEEDED, "")
