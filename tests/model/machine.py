"""`run_job` as its definition says it, state by state: entered, tried again, caught, aborted, redriven."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonata import Jsonata

from farsync.model.execution import iso_instant
from tests.model.agenda import Agenda
from tests.model.cloud_api import instant
from tests.model.faults import Faults
from tests.model.queues import Queue
from tests.model.runs import Standing, WalkedRun

DEFINITION = Path(__file__).parents[2] / "statemachines" / "run_job.asl.yaml"
TRANSITION_SECONDS = 0.02
GRACE_SECONDS = 300
BY_THE_MODELS_CLOCK = {"$millis()": "$modelMillis", "$now()": "$modelNow", "${GracePeriodSeconds}": str(GRACE_SECONDS)}
Done = Callable[[Any, str, str], None]
"""The answer; or the error, and its cause."""
CallTask = Callable[[str, Mapping[str, Any], Done], None]


@cache
def states() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(DEFINITION.read_text())
    return dict(content["States"])


class Machine:
    """Walks runs. `call_task` calls a function; `ended` learns of every end."""

    def __init__(
        self, agenda: Agenda, faults: Faults, poll_queue: Queue, call_task: CallTask, ended: Callable[[WalkedRun], None]
    ) -> None:
        self._agenda, self._faults, self._poll_queue = agenda, faults, poll_queue
        self._call_task, self._ended = call_task, ended
        self._states = states()

    def begin(self, run: WalkedRun) -> None:
        run.standings.append(Standing(self._agenda.now, "RUNNING", 0))
        run.note(self._agenda.now, "ExecutionStarted")
        self._agenda.log(run.label, "begins as %s: %s", run.name, run.request)
        self._enter(run, "Prepare", run.request)

    def abort(self, run: WalkedRun) -> None:
        if run.is_open:
            self._end(run, "ABORTED")

    def redrive(self, run: WalkedRun) -> None:
        """The state that was stopped or failed begins anew; only Fail is entered anew."""
        now = self._agenda.now
        run.standings.append(Standing(now, "RUNNING", run.redrive_count + 1))
        run.note(now, "ExecutionRedriven", redriveCount=run.redrive_count)
        self._agenda.log(run.label, "is redriven into %s", run.state)
        if self._states[run.state]["Type"] == "Fail":
            self._enter(run, run.state, run.given)
        else:
            self._begin_state(run)

    def finish_task(self, run: WalkedRun, result: Any, error: str = "", cause: str = "") -> None:
        state, now = self._states[run.state], self._agenda.now
        run.token = ""
        variables = variables_of(run, now, result, error, cause)
        if not error:
            run.note(now, "TaskSucceeded", output=result)
            self._go_on(run, state, variables, evaluated(state["Output"], variables) if "Output" in state else result)
            return
        details = {"error": error, "cause": cause}
        run.note(now, "TaskTimedOut" if error == "States.Timeout" else "TaskFailed", **details)
        self._agenda.log(run.label, "%s failed: %s", run.state, error)
        if not self._is_tried_again(run, state, error):
            catcher = next(catcher for catcher in state["Catch"] if _matches(catcher, error))
            self._go_on(run, catcher, variables, details)

    def _enter(self, run: WalkedRun, name: str, given: Any) -> None:
        run.state, run.given = name, given
        kind = self._states[name]["Type"]
        run.note(self._agenda.now, f"{kind}StateEntered", name=name)
        if kind != "Choice":
            self._agenda.log(run.label, "enters %s", name)
        self._faults.at("run_job", name)
        # A fault may have aborted it right here.
        if run.is_open and run.state == name:
            self._begin_state(run)

    def _begin_state(self, run: WalkedRun) -> None:
        run.epoch += 1
        run.retries.clear()
        state, variables = self._states[run.state], variables_of(run, self._agenda.now)
        match state["Type"]:
            case "Task":
                self._begin_task(run)
            case "Wait":
                self._later(
                    run, evaluated(state["Seconds"], variables), lambda: self._enter(run, state["Next"], run.given)
                )
            case "Choice":
                chosen = (rule for rule in state["Choices"] if evaluated(rule["Condition"], variables))
                self._go_on(run, next(chosen, {"Next": state["Default"]}), variables, run.given)
            case "Succeed":
                self._end(run, "SUCCEEDED")
            case "Fail":
                run.error, run.cause = evaluated(state["Error"], variables), evaluated(state["Cause"], variables)
                self._end(run, "FAILED", error=run.error, cause=run.cause)

    def _begin_task(self, run: WalkedRun) -> None:
        run.epoch += 1
        run.token = f"{run.name}/{run.epoch}"
        state, epoch = self._states[run.state], run.epoch
        variables = variables_of(run, self._agenda.now)
        given = evaluated(state["Arguments"], variables)
        run.note(self._agenda.now, "TaskScheduled", parameters=given)
        if "QueueUrl" in given:
            self._follow(run, given, variables)
            return

        def done(answer: Any, error: str, cause: str) -> None:
            if run.is_open and run.epoch == epoch:
                self.finish_task(run, None if error else {"Payload": answer}, error, cause)

        self._call_task(given["FunctionName"], given["Payload"], done)

    def _follow(self, run: WalkedRun, given: Mapping[str, Any], variables: dict[str, Any]) -> None:
        state, epoch, now = self._states[run.state], run.epoch, self._agenda.now
        fault = self._faults.at("run_job", "SendMessage")
        kind = "rejected" if now < self._faults.conditions["queues reject"] else fault.kind if fault else ""
        if kind != "rejected":
            self._poll_queue.send(json.dumps(given["MessageBody"]), given["DelaySeconds"])
        if kind in ("rejected", "answer lost"):
            self._later(run, 1.0, lambda: self.finish_task(run, None, "SQS.SdkClientException", "no answer"))
            return
        run.note(now, "TaskSubmitted")
        times_out_at = now + evaluated(state["TimeoutSeconds"], variables)
        heartbeat_seconds = evaluated(state["HeartbeatSeconds"], variables)
        run.last_heartbeat = now

        def check() -> None:
            if not run.is_open or run.epoch != epoch:
                return
            misses_at = min(times_out_at, run.last_heartbeat + heartbeat_seconds)
            if self._agenda.now >= misses_at:
                self._agenda.log(run.label, "learns nothing of its execution")
                self.finish_task(run, None, "States.Timeout")
            else:
                self._agenda.at(misses_at, check)

        self._agenda.at(min(times_out_at, now + heartbeat_seconds), check)

    def _is_tried_again(self, run: WalkedRun, state: Mapping[str, Any], error: str) -> bool:
        matching = ((number, rule) for number, rule in enumerate(state.get("Retry", ())) if _matches(rule, error))
        number, retrier = next(matching, (0, {"MaxAttempts": 0}))
        retries = run.retries.get(number, 0)
        if retries >= retrier["MaxAttempts"]:
            return False
        run.retries[number] = retries + 1
        growing = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** min(retries, 20)
        seconds = min(retrier["MaxDelaySeconds"], growing)
        if retrier.get("JitterStrategy") == "FULL":
            seconds *= self._agenda.random.random()
        self._later(run, seconds, lambda: self._begin_task(run))
        return True

    def _go_on(self, run: WalkedRun, way: Mapping[str, Any], variables: dict[str, Any], given: Any) -> None:
        run.variables = {**run.variables, **evaluated(way.get("Assign", {}), variables)}
        self._agenda.now += TRANSITION_SECONDS
        self._enter(run, way["Next"], given)

    def _later(self, run: WalkedRun, seconds: float, deed: Callable[[], None]) -> None:
        run.epoch += 1
        epoch = run.epoch
        self._agenda.after(seconds, lambda: deed() if run.is_open and run.epoch == epoch else None)

    def _end(self, run: WalkedRun, status: str, **details: str) -> None:
        run.epoch += 1
        run.token = ""
        run.standings.append(Standing(self._agenda.now, status, run.redrive_count))
        run.note(self._agenda.now, f"Execution{status.capitalize()}", **details)
        self._agenda.log(run.label, "ends %s %s", status, details.get("error", ""))
        self._ended(run)


def _matches(rule: Mapping[str, Any], error: str) -> bool:
    return error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]


def variables_of(run: WalkedRun, now: float, result: Any = None, error: str = "", cause: str = "") -> dict[str, Any]:
    """Everything that an expression may ask for, in one state of one run."""
    execution = {
        "Input": run.request,
        "Name": run.name,
        "StartTime": iso_instant(instant(run.started_at)),
        "RedriveCount": run.redrive_count,
    }
    states = {
        "context": {"Execution": execution, "Task": {"Token": run.token}},
        "input": run.given,
        "result": result,
        "errorOutput": {"Error": error, "Cause": cause},
    }
    return {**run.variables, "states": states, "modelMillis": now * 1000, "modelNow": iso_instant(instant(now))}


def evaluated(template: Any, variables: dict[str, Any]) -> Any:
    """A part of the definition, its expressions replaced by what they are now."""
    if isinstance(template, dict):
        return {name: evaluated(part, variables) for name, part in template.items()}
    if not isinstance(template, str) or not template.startswith("{%"):
        return template
    compiled = _compiled(template)
    frame = compiled.create_frame()
    for name, value in variables.items():
        frame.bind(name, value)
    return compiled.evaluate(None, frame)


@cache
def _compiled(template: str) -> Any:
    expression = template[2:-2]
    for text, instead in BY_THE_MODELS_CLOCK.items():
        expression = expression.replace(text, instead)
    return Jsonata(expression)
