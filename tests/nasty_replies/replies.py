"""Whole replies: status, headers and body, and what must come of those that only look bad."""

from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from farsync.providers.rejections import Operation
from tests.nasty_replies.values import (
    ANY,
    LARGE,
    NEVER,
    NOW,
    NUMBER,
    NUMBERS,
    ODD,
    OLD,
    PATH,
    POSTED_AT,
    TEXT,
    TEXTS,
    Fields,
    Value,
    date,
    doubled,
    fields_of,
    json_object,
    quoted,
    rather,
)

JOB = "daily"
EXECUTION = "7"
ENDED = {"naver": ("COMPLETED", "FAILED", "CANCELED"), "huawei": ("success", "fail", "manual-stop", "forceSuccess")}
OPEN = {"naver": ("READY", "RUNNING"), "huawei": ("waiting", "running", "running-exception", "pause")}
LISTS = {"naver": (b"list", b"count"), "huawei": (b"instances", b"total")}
JOB_LISTS = {"naver": (b"list", b"count"), "huawei": (b"jobs", b"total")}
IDS = {"naver": b"jobExecutionId", "huawei": b"instanceId"}
JOBS = {"naver": b"jobId", "huawei": b"jobName"}
CREATED = {"naver": b"createdDate", "huawei": b"planTime"}
DATES = {"naver": (b"startDate", b"endDate"), "huawei": (b"startTime", b"endTime")}
RIGHT_IDS: list[Value] = [b"7", b'"7"']
OWN_JOB: list[Value] = [quoted(JOB), None, b"null", b"[]"]
OTHER_JOB = quoted("hourly")
BEFORE = st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"\r\n\t ", b"\xef\xbb\xbf\n"])
HEADERS = {
    "Date": ["Sat, 21 Nov 2026 12:00:30 GMT", None, "", "now", "Fri, 31 Dec 9999 23:59:59 GMT", "0", "Mon, 32 Xyz 1"],
    "Content-Type": ["application/json;charset=UTF-8", None, "text/html; charset=EUC-KR", "\x7f" * 200],
    "Retry-After": [None, "5", "-1", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "1e400"],
    "Age": [None, None, "0", "9" * 50],
    "X-Request-Id": [None, "trace", "x" * 5000],
}
STATUSES = (200, 201, 204, 302, 400, 400, 401, 403, 404, 408, 409, 418, 429, 500, 502, 503, 599)
CODES: list[Value] = [
    *(quoted(code) for code in ("200", "210", "300", "400", "bad-state", "DLF.0100", "DLF.30137", "APIGW.0101")),
    *(quoted(code) for code in ("DLF.", "DLF.9999", "APIGW.0106", "APIGW.0307")),
]


class Nasty(NamedTuple):
    """A reply. `is_end`: it shows the end of the execution asked for. `may_be_ours`: its list shows one that may be
    what an unconfirmed start began. Neither is said of a reply outside 2xx.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    is_end: bool = False
    may_be_ours: bool = False


class Entry(NamedTuple):
    """An execution in JSON, and what there is to see in it, however its other fields look."""

    body: bytes
    is_right: bool
    is_ended: bool
    may_be_ours: bool


headers = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in HEADERS.items()}).map(
    lambda drawn: {name: value for name, value in drawn.items() if value is not None}
)


SETTINGS: Fields = {
    b"timeout": NUMBER,
    b"numWorker": NUMBER,
    b"logPath": PATH,
    b"consoleLogPath": PATH,
    b"parameters": ANY,
    b"$sql": st.sampled_from([None] * 50 + LARGE),
}
NODE: Fields = {
    b"nodeName": TEXT,
    b"status": rather([quoted(word) for word in ENDED["huawei"]], TEXTS, ODD),
    b"type": TEXT,
    b"startTime": rather([date("huawei", POSTED_AT)], NEVER, ODD),
    b"endTime": rather([date("huawei", NOW)], NEVER, ODD),
    b"retryTimes": NUMBER,
    b"inputRowCount": NUMBER,
    b"speed": NUMBER,
    b"logPath": PATH,
}
settings = st.one_of(ANY, fields_of(SETTINGS))
several_nodes = st.lists(fields_of(NODE), max_size=2)
times = st.sampled_from([1] * 20 + [60, 1001])
no_nodes = st.sampled_from([b"several", b"several", None, b"null", b"[null]", b"{}", b"7"])


@st.composite
def nodes(draw: st.DrawFn) -> Value:
    found = draw(no_nodes)
    return b"[" + b", ".join(draw(several_nodes) * draw(times)) + b"]" if found == b"several" else found


@cache
def entry_fields(cloud: str) -> Fields:
    ended: list[Value] = [quoted(word) for word in ENDED[cloud]]
    began, ends = DATES[cloud]
    fields: Fields = {
        IDS[cloud]: rather(RIGHT_IDS, [b"8", None, b"null", b'""', b"true", b"1e400", *TEXTS]),
        JOBS[cloud]: st.sampled_from([*OWN_JOB * 3, OTHER_JOB]),
        b"status": st.sampled_from([*ended * 4, *(quoted(word) for word in OPEN[cloud]), *TEXTS[:8], *ODD]),
        CREATED[cloud]: st.sampled_from([date(cloud, POSTED_AT), date(cloud, OLD), *NEVER, *ODD]),
        began: rather([date(cloud, POSTED_AT)], NEVER, ODD, NUMBERS),
        ends: rather([date(cloud, NOW)], NEVER, ODD, NUMBERS),
    }
    if cloud == "naver":
        return fields | {
            b"jobCondition": settings,
            b"jobName": TEXT,
            b"parsedParameters": ANY,
            b"type": rather([b'"JOB"', b'"WORKFLOW"'], ODD, TEXTS[:3]),
            b"runningTime": NUMBER,
        }
    return fields | {
        b"nodes": nodes(),
        b"errorMessage": TEXT,
        b"instanceType": rather([b"2", b"0"], ODD, NUMBERS[:5]),
        b"forceSuccess": st.sampled_from([None, b"false", b"true", b"null", b"7"]),
        b"ignoreSuccess": st.sampled_from([None, b"false", b"[]"]),
        b"executeTime": NUMBER,
    }


@st.composite
def entry(draw: st.DrawFn, cloud: str) -> Entry:
    drawn = {name: draw(field) for name, field in entry_fields(cloud).items()}
    is_of_job = drawn[JOBS[cloud]] != OTHER_JOB
    is_ended = drawn[b"status"] in [quoted(word) for word in ENDED[cloud]]
    may_be_ours = is_of_job and drawn[CREATED[cloud]] != date(cloud, OLD)
    body = json_object(drawn, draw(doubled))
    return Entry(body, is_of_job and drawn[IDS[cloud]] in RIGHT_IDS, is_ended, may_be_ours)


@st.composite
def execution(draw: st.DrawFn, cloud: str) -> Nasty:
    shown = draw(entry(cloud))
    return Nasty(200, draw(headers), draw(BEFORE) + shown.body, shown.is_right and shown.is_ended)


ODD_ENTRIES: list[list[bytes]] = [[], [], [], [b"null"], [b"{}"], [b'"x"', b"[]"]]
odd_entries = st.sampled_from(ODD_ENTRIES)
a_list = st.sampled_from([b"list"] * 9 + [None, b"null", b"{}"])
a_count = rather([b"count"], NUMBERS, ODD)


@st.composite
def executions(draw: st.DrawFn, cloud: str) -> Nasty:
    entries, odd, shape, total = draw(entries_of(cloud)), draw(odd_entries), draw(a_list), draw(a_count)
    listed = [*(shown.body for shown in entries), *odd]
    items, length = LISTS[cloud]
    drawn: dict[bytes, Value] = {
        items: b"[" + b", ".join(listed) + b"]" if shape == b"list" else shape,
        length: str(len(listed)).encode() if total == b"count" else total,
        b"limit": draw(NUMBER),
    }
    may_be_ours = shape == b"list" and (bool(odd) or any(shown.may_be_ours for shown in entries))
    return Nasty(200, draw(headers), draw(BEFORE) + json_object(drawn, draw(doubled)), may_be_ours=may_be_ours)


@cache
def entries_of(cloud: str) -> st.SearchStrategy[list[Entry]]:
    return st.lists(entry(cloud), max_size=3)


JOB_FIELDS: Fields = {
    b"jobId": rather([quoted(JOB)], TEXTS, ODD),
    b"name": rather([quoted(JOB)], TEXTS, ODD),
    b"status": rather([b'"RUNNABLE"', b'"SCHEDULING"'], TEXTS, ODD),
    b"description": TEXT,
    b"lastExecutionStatus": TEXT,
    b"createdDate": rather([date("naver", OLD)], NEVER, ODD),
    b"lastUpdateTime": rather([date("huawei", OLD)], NEVER, ODD, NUMBERS),
    b"runCondition": settings,
    b"basicConfig": st.sampled_from([None, b'{"instanceTimeout": 1e400}', b'{"instanceTimeout": 9}', b"[]"]),
    b"jobType": rather([b'"BATCH"'], TEXTS, ODD),
}
some_jobs = st.lists(fields_of(JOB_FIELDS), max_size=2)


@st.composite
def one_job(draw: st.DrawFn, cloud: str) -> Nasty:
    return Nasty(200, draw(headers), draw(BEFORE) + draw(fields_of(JOB_FIELDS)))


@st.composite
def jobs(draw: st.DrawFn, cloud: str) -> Nasty:
    items, total = JOB_LISTS[cloud]
    listed = b"[" + b", ".join([*draw(some_jobs), b"null"]) + b"]" if draw(a_list) == b"list" else draw(ANY)
    drawn = {items: listed, total: draw(NUMBER), b"limit": draw(NUMBER)}
    return Nasty(200, draw(headers), draw(BEFORE) + json_object(drawn))


code = rather(CODES, ODD, TEXTS[:6], NUMBERS)
REJECTION: Fields = {
    **dict.fromkeys((b"errorCode", b"error_code", b"code"), code),
    **dict.fromkeys((b"error_msg", b"message", b"details", b"msg"), TEXT),
}
SHAPES_OF_REJECTIONS = (b"%b", b'{"error": %b}', b'{"status": %b}', b"%b}", b"", b"true", b"<html>\xff</html>")
no_rejections = (b"[" * 3000, b"NaN", b"\x00" * 100)
shape_of_a_rejection = st.sampled_from([*SHAPES_OF_REJECTIONS, *no_rejections])
status = st.sampled_from(STATUSES)


@st.composite
def anything(draw: st.DrawFn) -> Nasty:
    """A rejection in one of the known shapes, or none at all."""
    body = draw(shape_of_a_rejection).replace(b"%b", draw(fields_of(REJECTION)))
    return Nasty(draw(status), draw(headers), draw(BEFORE) + body)


SHAPES = {
    Operation.LIST_JOBS: jobs,
    Operation.GET_JOB: one_job,
    Operation.LIST_EXECUTIONS: executions,
    Operation.GET_EXECUTION: execution,
    Operation.START: execution,
}


def replies(cloud: str, operation: Operation) -> st.SearchStrategy[Nasty]:
    """Most of them successes."""
    if operation is Operation.CANCEL:
        return anything()
    shape = SHAPES[operation](cloud)
    return st.one_of(shape, shape, shape, anything())
