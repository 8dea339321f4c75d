"""Uses the deployed stack: one run that succeeds, and one that fails and is closed."""

from collections.abc import Mapping

from sandbox.main_job.cloud_job import CloudJob
from tools.deploy_check.findings import Findings
from tools.deploy_check.stack import Stack, eventually

MIN_ELEVATION_FEET = 9000
UNKNOWN_JOB = "999999999"


def use(stack: Stack, ids: Mapping[str, str], job: CloudJob, findings: Findings) -> None:
    """`ids` are logical ids to physical ids."""
    swept = eventually(lambda: stack.log_streams(ids["FunctionLogs"]))
    findings.expect("schedule: sweep_runs was invoked", swept, "no call of sweep_runs is logged")
    listed = stack.call(ids["HttpApi"], "GET", "/connections/default/jobs")
    findings.expect("HTTP: the jobs are listed", job.job in listed.text, f"{listed.status_code}: {listed.text[:500]}")
    with stack.bus_listener("default", "io.farsync") as bus_queue:
        _succeed(stack, ids, job, bus_queue, findings)
        _fail(stack, ids, bus_queue, findings)


def _succeed(stack: Stack, ids: Mapping[str, str], job: CloudJob, bus_queue: str, findings: Findings) -> None:
    """Through PollQueue and its mapping."""
    request = {"job": job.job, "parameters": job.parameters(MIN_ELEVATION_FEET)}
    started = stack.call(ids["HttpApi"], "POST", "/connections/default/runs", request)
    is_accepted = started.status_code == 202
    findings.expect("HTTP: a run is started", is_accepted, f"{started.status_code}: {started.text[:500]}")
    _expect_event(stack, ids, "io.farsync.execution.succeeded", bus_queue, findings)
    succeeded = eventually(lambda: stack.executions(ids["RunJobStateMachine"], "SUCCEEDED"))
    findings.expect("run_job: poll_execution has ended the run; it succeeded", succeeded, "no run has succeeded")


def _fail(stack: Stack, ids: Mapping[str, str], bus_queue: str, findings: Findings) -> None:
    """Through the sweep, CloseQueue and its mapping. The HTTP API rejects such a run at once, run_job does not."""
    stack.start(ids["RunJobStateMachine"], {"job": UNKNOWN_JOB})
    failed = eventually(lambda: stack.executions(ids["RunJobStateMachine"], "FAILED"))
    findings.expect("run_job: a run of an unknown job fails", failed, "no run has failed")
    answer = stack.invoke(ids["SweepRunsFunction"])
    findings.expect(
        "sweep_runs: sends the failed run to CloseQueue", answer == {"sent": 1, "left": 0}, f"it answered {answer}"
    )
    _expect_event(stack, ids, "io.farsync.run.failed", bus_queue, findings)


def _expect_event(stack: Stack, ids: Mapping[str, str], kind: str, bus_queue: str, findings: Findings) -> None:
    on_queue = [str(event.get("type")) for event in eventually(lambda: stack.take(ids["CompletionQueue"]))]
    on_bus = [str(event.get("detail-type")) for event in eventually(lambda: stack.take(bus_queue))]
    machines = (ids["RunJobStateMachine"], ids["EmitEventStateMachine"])
    open_or_failed = [
        execution
        for machine in machines
        for status in ("RUNNING", "FAILED")
        for execution in stack.executions(machine, status)
    ]
    for place, types in (("queue", on_queue), ("bus", on_bus)):
        problems = () if types == [kind] else (f"there are {types}", *open_or_failed)
        findings.report(f"{place}: {kind} is there", problems)
