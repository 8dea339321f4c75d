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
    findings.report(
        "schedule: sweep_runs was invoked",
        [] if swept else ["no call of sweep_runs is logged"],
        "schedule: sweep_runs was not invoked",
    )
    listed = stack.call(ids["HttpApi"], "GET", "/connections/default/jobs")
    findings.report(
        "HTTP: the jobs are listed",
        [] if job.job in listed.text else [f"{listed.status_code}: {listed.text[:500]}"],
        "HTTP: the list of jobs lacks the job",
    )
    with stack.bus_listener("default", "io.farsync") as bus_queue:
        _succeed(stack, ids, job, bus_queue, findings)
        _fail(stack, ids, bus_queue, findings)


def _succeed(stack: Stack, ids: Mapping[str, str], job: CloudJob, bus_queue: str, findings: Findings) -> None:
    """Through PollQueue and its mapping."""
    request = {"job": job.job, "parameters": job.parameters(MIN_ELEVATION_FEET)}
    started = stack.call(ids["HttpApi"], "POST", "/connections/default/runs", request)
    findings.report(
        "HTTP: a run is started",
        [] if started.status_code == 202 else [f"{started.status_code}: {started.text[:500]}"],
        "HTTP: no run is started",
    )
    _expect_event(stack, ids, "io.farsync.execution.succeeded", bus_queue, findings)
    succeeded = eventually(lambda: stack.executions(ids["RunJobStateMachine"], "SUCCEEDED"))
    findings.report(
        "run_job: poll_execution has ended the run; it succeeded",
        [] if succeeded else ["no run has succeeded"],
        "run_job: the run has not succeeded",
    )


def _fail(stack: Stack, ids: Mapping[str, str], bus_queue: str, findings: Findings) -> None:
    """Through the sweep, CloseQueue and its mapping. The HTTP API rejects such a run at once, run_job does not."""
    stack.start(ids["RunJobStateMachine"], {"job": UNKNOWN_JOB})
    failed = eventually(lambda: stack.executions(ids["RunJobStateMachine"], "FAILED"))
    findings.report(
        "run_job: a run of an unknown job fails",
        [] if failed else ["no run has failed"],
        "run_job: a run of an unknown job does not fail",
    )
    answer = stack.invoke(ids["SweepRunsFunction"])
    findings.report(
        "sweep_runs: sends the failed run to CloseQueue",
        [] if answer == {"sent": 1, "left": 0} else [str(answer)],
        "sweep_runs: does not send the failed run to CloseQueue",
    )
    _expect_event(stack, ids, "io.farsync.run.failed", bus_queue, findings)


def _expect_event(stack: Stack, ids: Mapping[str, str], kind: str, bus_queue: str, findings: Findings) -> None:
    events = eventually(lambda: stack.take(ids["CompletionQueue"]))
    types = [str(event.get("type")) for event in events]
    machines = (ids["RunJobStateMachine"], ids["EmitEventStateMachine"])
    statuses = ("RUNNING", "FAILED")
    seen = [execution for machine in machines for status in statuses for execution in stack.executions(machine, status)]
    findings.report(
        f"queue: {kind} is there",
        [] if types == [kind] else [f"there are {types}", *seen],
        f"queue: {kind} is not there",
    )
    on_bus = [str(event.get("detail-type")) for event in eventually(lambda: stack.take(bus_queue))]
    findings.report(
        f"bus: {kind} is there",
        [] if on_bus == [kind] else [f"there are {on_bus}", *seen],
        f"bus: {kind} is not there",
    )
