"""What the fake API knows: two connections, their jobs, and a night's runs."""

import json
from typing import Any

Record = dict[str, Any]

NOW = "2026-11-22T06:30:00+00:00"
JOB_HASH, OTHER_JOB_HASH = "ab75f3a1cc2c0cdd5e2c0a1f", "c0ffee5e2c0a1fab75f3a1cc"
CONNECTION_HASH = "37a8eec1ce19687d132fe290"


def run_name(intent: str, job: str = JOB_HASH) -> str:
    return f"{job}-{CONNECTION_HASH}-{intent:0<24}"


GOING_ON = run_name("8fdd743278575cb07154be76")
FAILED = run_name("51c2d5f0aa01", OTHER_JOB_HASH)
SUCCEEDED = run_name("9e03b7c2dd02")
TIMED_OUT = run_name("51c2aa00bb03")
CANCELED = run_name("9e03b7ffcc04")
UNOBSERVABLE = run_name("e7701c44ee05", OTHER_JOB_HASH)
STARTED = run_name("77aa88bb99cc")

NODES = [
    {"name": "load_orders", "type": "DWSSQL", "status": "FAILED", "providerStatus": "fail", "retries": 2,
     "startedAt": "2026-11-22T05:01:10Z", "endedAt": "2026-11-22T05:03:06Z", "logPath": "obs://logs/orders/load_orders.log"},
    {"name": "extract", "type": "CDMJob", "status": "SUCCEEDED", "providerStatus": "success",
     "startedAt": "2026-11-22T05:00:04Z", "endedAt": "2026-11-22T05:01:08Z"},
    {"name": "publish", "type": "RESTAPI", "status": "CANCELED", "providerStatus": "skip"},
]  # fmt: skip


def _shown(name: str, state: str, job: str, job_name: str, connection: str, started: str, **more: Any) -> Record:
    request = {"connection": connection, "job": job, **more.pop("request", {})}
    return {
        "name": name, "state": state, "connection": connection, "job": job, "jobName": job_name,
        "startedAt": started, "labels": request.get("labels", {}), "request": request, **more,
    }  # fmt: skip


def _event(kind: str, digit: str) -> Record:
    return {"id": digit * 64, "type": f"io.farsync.{kind}"}


def runs() -> dict[str, list[Record]]:
    """Each as it is shown at the first poll, the second, ..; the last stays."""
    request = {"parameters": {"$table_name": "sales", "$base_date": "2026-11-21"}, "labels": {"team": "night"}}
    open_run = _shown(
        GOING_ON, "RUNNING", "5Yns7JgRt25f", "night_load", "default", "2026-11-22T06:25:55.168Z",
        step="Follow", deadlineAt="2026-11-22T07:03:19.168Z", request=request,
        execution={"executionId": "vcWQuqmAaoKq", "status": "RUNNING", "providerStatus": "RUNNING",
                   "startedAt": "2026-11-22T06:25:58Z", "isAttached": False},
    )  # fmt: skip
    begun = {**open_run, "name": STARTED, "startedAt": "2026-11-22T06:30:00Z", "step": "Start"}
    del begun["execution"]
    done = {
        **open_run, "name": STARTED, "state": "SUCCEEDED", "startedAt": "2026-11-22T06:30:00Z",
        "stoppedAt": "2026-11-22T06:34:10Z", "event": _event("execution.succeeded", "4"),
        "execution": {"executionId": "zzWQuqmAaoKq", "status": "SUCCEEDED", "providerStatus": "COMPLETED"},
        "costUsd": 0.000214, "result": {
            "provider": "naver", "status": "SUCCEEDED", "endedAt": "2026-11-22T06:34:07Z", "durationSeconds": 244.0,
            "detectedAt": "2026-11-22T06:34:10Z", "detectionDelaySeconds": 3.0, "polls": 12,
            "estimatedCostUsd": 0.000214, "logPaths": ["lake/logs/"], "nodes": [],
        },
    }  # fmt: skip
    reason = {
        "name": "ExecutionFailed",
        "message": "The execution mY3275GiRXkm of orders_hourly failed in node load_orders: relation "
        '"orders_stage" does not exist. Its log is obs://logs/orders/load_orders.log.',
    }
    failed = _shown(
        FAILED, "FAILED", "orders_hourly", "orders_hourly", "huawei", "2026-11-22T05:00:00.120Z",
        scheduledAt="2026-11-22T05:00:00Z", stoppedAt="2026-11-22T05:03:12Z", deadlineAt="2026-11-22T06:00:00Z",
        request={"parameters": {"hour": "2026112214", "password": {"secret": "dws"}}, "ifRunning": "wait"},
        execution={"executionId": "mY3275GiRXkm", "status": "FAILED", "providerStatus": "fail",
                   "startedAt": "2026-11-22T05:00:03Z", "isAttached": False},
        event=_event("execution.failed", "8"), error="ExecutionFailed", costUsd=0.000231, result={
            "provider": "huawei", "status": "FAILED", "startedAt": "2026-11-22T05:00:03Z",
            "endedAt": "2026-11-22T05:03:07Z", "durationSeconds": 184.0, "detectedAt": "2026-11-22T05:03:12Z",
            "detectionDelaySeconds": 5.0, "polls": 9, "estimatedCostUsd": 0.000231,
            "logPaths": ["obs://logs/orders/"], "nodes": NODES, "nodesTotal": 3, "error": reason,
        },
    )  # fmt: skip
    succeeded = {**done, "name": SUCCEEDED, "startedAt": "2026-11-22T03:00:01Z", "stoppedAt": "2026-11-22T03:04:02Z"}
    timed_out = _shown(
        TIMED_OUT, "TIMED_OUT", "5Yns7JgRt25f", "night_load", "default", "2026-11-21T22:00:00Z",
        stoppedAt="2026-11-21T23:00:14Z", error="DeadlineExceeded",
        cause="The run took longer than 3600 s; its execution was canceled.",
        execution={"executionId": "aaWQuqmAaoKq", "status": "TIMED_OUT"}, event=_event("execution.timed_out", "5"),
    )  # fmt: skip
    canceled = _shown(
        CANCELED, "CANCELED", "5Yns7JgRt25f", "night_load", "default", "2026-11-21T21:00:00Z",
        stoppedAt="2026-11-21T21:01:40Z", error="ExecutionCanceled", cause="Somebody canceled it in the console.",
        event=_event("execution.canceled", "6"), execution={"executionId": "bbWQuqmAaoKq", "status": "CANCELED"},
    )  # fmt: skip
    unobservable = _shown(
        UNOBSERVABLE, "UNOBSERVABLE", "orders_hourly", "orders_hourly", "huawei", "2026-11-21T20:00:00Z",
        stoppedAt="2026-11-21T21:05:00Z", error="RunUnobservable", cause="The provider did not answer until the end.",
        event=_event("run.unobservable", "7"), execution={"executionId": "ccWQuqmAaoKq"},
    )  # fmt: skip
    return {
        GOING_ON: [open_run],
        STARTED: [begun, {**open_run, "name": STARTED, "startedAt": "2026-11-22T06:30:00Z"}, done],
        **{shown["name"]: [shown] for shown in (failed, succeeded, timed_out, canceled, unobservable)},
    }


def item(shown: Record) -> Record:
    """A run as a list shows it: an open one, which stands in no event, without its job's name and its execution."""
    result = shown.get("result", {})
    found: Record = {
        name: shown[name]
        for name in ("name", "state", "connection", "job", "jobName", "startedAt", "stoppedAt", "labels")
        if name in shown
    }
    if shown["state"] in ("RUNNING", "STOPPING"):
        del found["jobName"]
    elif "execution" in shown:
        found["executionId"] = shown["execution"]["executionId"]
    for name in ("durationSeconds", "detectionDelaySeconds"):
        if name in result:
            found[name] = result[name]
    if "error" in shown:
        found["error"] = result.get("error") or {"name": shown["error"], "message": shown.get("cause", "")}
    return {**found, **({"costUsd": shown["costUsd"]} if "costUsd" in shown else {})}


def jobs() -> dict[str, list[Record]]:
    minutes = [(244, "SUCCEEDED"), (251, "SUCCEEDED"), (90, "FAILED"), (239, "SUCCEEDED"), (306, "SUCCEEDED")]
    recent = [
        {"executionId": f"exec{number:04}", "status": status, "createdAt": f"2026-11-{21 - number:02}T18:00:02Z",
         "durationSeconds": float(seconds)}
        for number, (seconds, status) in enumerate(minutes)
    ]  # fmt: skip
    night = {
        "job": "5Yns7JgRt25f", "name": "night_load", "status": "RUNNING", "type": "DATAFLOW", "isRunnable": True,
        "description": "Sales of the day before, into the lake", "timeoutMinutes": 30,
        "lastExecutionStatus": "RUNNING", "lastExecutionAt": "2026-11-22T15:25:58+09:00", "recent": recent,
        "medianSeconds": 247.5, "p95Seconds": 306.0, "successRate": 0.8,
    }  # fmt: skip
    other = {"job": "7Kq2LmNv81xZ", "name": "월말_정산_month_end_closing", "status": "READY", "isRunnable": True}
    draft = {"job": "9Zz1QwErTy00", "name": "stock_draft", "status": "DRAFT", "isRunnable": False}
    orders = {"job": "orders_hourly", "name": "orders_hourly", "status": "NORMAL", "isRunnable": True, "recent": []}
    return {"default": [night, other, draft], "huawei": [orders]}


CONNECTIONS = [
    {"name": "default", "provider": "naver"},
    {"name": "huawei", "provider": "huawei", "region": "cn-north-4"},
    {"name": "old", "error": "provider: is missing"},
]


def events() -> list[Record]:
    """The newest first."""
    emitted = []
    for shown in (versions[-1] for name, versions in runs().items() if name != STARTED):
        if "event" in shown:
            data = {
                "connection": shown["connection"], "job": shown["job"], "jobName": shown["jobName"],
                "runName": shown["name"], "labels": shown["labels"], "estimatedCostUsd": 0.0002,
                **shown.get("result", {}), **({"error": item(shown)["error"]} if "error" in item(shown) else {}),
            }  # fmt: skip
            emitted.append({"specversion": "1.0", **shown["event"], "time": shown["stoppedAt"], "data": data})
    return sorted(emitted, key=lambda event: str(event["time"]), reverse=True)


LOG = ["05:01:10 load_orders: INSERT INTO orders SELECT * FROM orders_stage", '05:03:06 ERROR: relation "orders_stage"']


def backfill_states() -> list[Record]:
    """At the first poll, and at the second."""
    failed = {"index": 1, "status": "FAILED", "error": "ExecutionFailed", "runName": FAILED,
              "parameters": {"day": "20260102"}}  # fmt: skip
    undecided = {"index": 2, "status": "UNDECIDED", "runName": UNOBSERVABLE, "parameters": {"day": "20260103"},
                 "message": "its execution may go on; check it in the console"}  # fmt: skip
    data = {"total": 4, "succeeded": 1, "doneBefore": 1, "failed": 1, "undecided": 1, "results": [undecided, failed]}
    going_on = {"status": "RUNNING", "startDate": 1795328700.0}
    return [going_on, {**going_on, "status": "FAILED", "error": "BackfillIncomplete", "cause": json.dumps(data)}]


def plan_backfill(request: Record) -> tuple[int, bytes, dict[str, str]]:
    """As the function answers: days of one month, or its rejection."""
    first, last = request["dates"]["from"], request["dates"]["to"]
    if last < first:
        failure = {"errorType": "InvalidRequest", "errorMessage": "dates.to: must not be before dates.from"}
        return 200, json.dumps(failure).encode(), {"x-amz-function-error": "Unhandled"}
    days = range(int(first[-2:]), int(last[-2:]) + 1)
    items = [{"index": index, "parameters": {"day": f"{first[:8]}{day:02}"}} for index, day in enumerate(days)]
    plan = {"connection": request["connection"], "job": request["job"], "items": items}
    return 200, json.dumps({**plan, "maxConcurrency": request["maxConcurrency"]}).encode(), {}
