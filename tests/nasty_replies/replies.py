"""Whole replies: status, headers and body, and what must come of those that only look bad."""

from typing import NamedTuple

from hypothesis import strategies as st

from farsync.providers.replies import Operation
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
    Value,
    date,
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


@st.composite
def headers(draw: st.DrawFn) -> dict[str, str]:
    drawn = {name: draw(st.sampled_from(values)) for name, values in HEADERS.items()}
    return {name: value for name, value in drawn.items() if value is not None}


@st.composite
def json_object(draw: st.DrawFn, fields: dict[bytes, Value]) -> bytes:
    """Of keys that come twice the last counts."""
    there = [(name, value) for name, value in fields.items() if value is not None]
    twice = [(name, draw(ANY) or b"null") for name, _ in there[: draw(st.integers(0, 1))]]
    return b"{" + b", ".join(b'"' + name + b'": ' + value for name, value in [*twice, *there]) + b"}"


@st.composite
def settings(draw: st.DrawFn) -> Value:
    names = (b"timeout", b"numWorker", b"logPath", b"consoleLogPath", b"parameters")
    kinds = (NUMBER, NUMBER, PATH, PATH, ANY)
    if draw(st.booleans()):
        return draw(ANY)
    drawn = {name: draw(kind) for name, kind in zip(names, kinds, strict=True)}
    drawn[b"$sql"] = draw(st.sampled_from([None] * 50 + LARGE))
    return draw(json_object(drawn))


@st.composite
def node(draw: st.DrawFn) -> bytes:
    words: list[Value] = [quoted(word) for word in ENDED["huawei"]]
    drawn = {
        b"nodeName": draw(TEXT),
        b"status": draw(rather(words, TEXTS, ODD)),
        b"type": draw(TEXT),
        b"startTime": draw(rather([date("huawei", POSTED_AT)], NEVER, ODD)),
        b"endTime": draw(rather([date("huawei", NOW)], NEVER, ODD)),
        b"retryTimes": draw(NUMBER),
        b"inputRowCount": draw(NUMBER),
        b"speed": draw(NUMBER),
        b"logPath": draw(PATH),
    }
    return draw(json_object(drawn))


@st.composite
def nodes(draw: st.DrawFn) -> Value:
    several = draw(st.lists(node(), max_size=2))
    times = draw(st.sampled_from([1] * 20 + [60, 1001]))
    return draw(st.sampled_from([b"[" + b", ".join(several * times) + b"]", None, b"null", b"[null]", b"{}", b"7"]))


@st.composite
def entry(draw: st.DrawFn, cloud: str) -> Entry:
    ended: list[Value] = [quoted(word) for word in ENDED[cloud]]
    words = [*ended * 4, *(quoted(word) for word in OPEN[cloud]), *TEXTS[:8], *ODD]
    created = [date(cloud, POSTED_AT), date(cloud, OLD), *NEVER, *ODD]
    began, ends = DATES[cloud]
    drawn: dict[bytes, Value] = {
        IDS[cloud]: draw(rather(RIGHT_IDS, [b"8", None, b"null", b'""', b"true", b"1e400", *TEXTS])),
        JOBS[cloud]: draw(st.sampled_from([*OWN_JOB * 3, OTHER_JOB])),
        b"status": draw(st.sampled_from(words)),
        CREATED[cloud]: draw(st.sampled_from(created)),
        began: draw(rather([date(cloud, POSTED_AT)], NEVER, ODD, NUMBERS)),
        ends: draw(rather([date(cloud, NOW)], NEVER, ODD, NUMBERS)),
    }
    if cloud == "naver":
        drawn |= {
            b"jobCondition": draw(settings()),
            b"jobName": draw(TEXT),
            b"parsedParameters": draw(ANY),
            b"type": draw(rather([b'"JOB"', b'"WORKFLOW"'], ODD, TEXTS[:3])),
            b"runningTime": draw(NUMBER),
        }
    else:
        drawn |= {
            b"nodes": draw(nodes()),
            b"errorMessage": draw(TEXT),
            b"instanceType": draw(rather([b"2", b"0"], ODD, NUMBERS[:5])),
            b"forceSuccess": draw(st.sampled_from([None, b"false", b"true", b"null", b"7"])),
            b"ignoreSuccess": draw(st.sampled_from([None, b"false", b"[]"])),
            b"executeTime": draw(NUMBER),
        }
    is_of_job = drawn[JOBS[cloud]] != OTHER_JOB
    is_right = is_of_job and drawn[IDS[cloud]] in RIGHT_IDS
    may_be_ours = is_of_job and drawn[CREATED[cloud]] != date(cloud, OLD)
    return Entry(draw(json_object(drawn)), is_right, drawn[b"status"] in ended, may_be_ours)


@st.composite
def execution(draw: st.DrawFn, cloud: str) -> Nasty:
    shown = draw(entry(cloud))
    return Nasty(200, draw(headers()), draw(BEFORE) + shown.body, shown.is_right and shown.is_ended)


@st.composite
def executions(draw: st.DrawFn, cloud: str) -> Nasty:
    entries = draw(st.lists(entry(cloud), max_size=3))
    odd = draw(st.sampled_from([[], [], [], [b"null"], [b"{}"], [b'"x"', b"[]"]]))
    items, total = LISTS[cloud]
    listed = b"[" + b", ".join([*(shown.body for shown in entries), *odd]) + b"]"
    count = draw(rather([str(len(entries) + len(odd)).encode()], NUMBERS, ODD))
    drawn = {items: draw(st.sampled_from([listed] * 9 + [None, b"null", b"{}"])), total: count, b"limit": draw(NUMBER)}
    may_be_ours = drawn[items] == listed and (bool(odd) or any(shown.may_be_ours for shown in entries))
    return Nasty(200, draw(headers()), draw(BEFORE) + draw(json_object(drawn)), may_be_ours=may_be_ours)


@st.composite
def job(draw: st.DrawFn, cloud: str) -> bytes:
    drawn: dict[bytes, Value] = {
        b"jobId": draw(rather([quoted(JOB)], TEXTS, ODD)),
        b"name": draw(rather([quoted(JOB)], TEXTS, ODD)),
        b"status": draw(rather([b'"RUNNABLE"', b'"SCHEDULING"'], TEXTS, ODD)),
        b"description": draw(TEXT),
        b"lastExecutionStatus": draw(TEXT),
        b"createdDate": draw(rather([date("naver", OLD)], NEVER, ODD)),
        b"lastUpdateTime": draw(rather([date("huawei", OLD)], NEVER, ODD, NUMBERS)),
        b"runCondition": draw(settings()) if cloud == "naver" else None,
        b"basicConfig": draw(
            st.sampled_from([None, b'{"instanceTimeout": 1e400}', b'{"instanceTimeout": "9"}', b"[]"])
        ),
        b"jobType": draw(rather([b'"BATCH"'], TEXTS, ODD)),
    }
    return draw(json_object(drawn))


@st.composite
def one_job(draw: st.DrawFn, cloud: str) -> Nasty:
    return Nasty(200, draw(headers()), draw(BEFORE) + draw(job(cloud)))


@st.composite
def jobs(draw: st.DrawFn, cloud: str) -> Nasty:
    listed = b"[" + b", ".join([*draw(st.lists(job(cloud), max_size=2)), b"null"]) + b"]"
    items, total = JOB_LISTS[cloud]
    drawn = {items: draw(rather([listed], ODD)), total: draw(NUMBER), b"limit": draw(NUMBER)}
    return Nasty(200, draw(headers()), draw(BEFORE) + draw(json_object(drawn)))


@st.composite
def anything(draw: st.DrawFn) -> Nasty:
    """A rejection in one of the known shapes, or none at all."""
    fields = {name: draw(TEXT) for name in (b"error_msg", b"message", b"details", b"msg")}
    codes = {name: draw(rather(CODES, ODD, TEXTS[:6], NUMBERS)) for name in (b"errorCode", b"error_code", b"code")}
    inner = draw(json_object({**codes, **fields}))
    shapes = [inner, b'{"error": ' + inner + b"}", b'{"status": ' + inner + b"}", inner[:-3], b"", b"true"]
    shapes += [b"<html>\xff</html>", b"[" * 3000, b"NaN", b"\x00" * 100]
    return Nasty(draw(st.sampled_from(STATUSES)), draw(headers()), draw(BEFORE) + draw(st.sampled_from(shapes)))


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
