"""What is run, and what goes wrong meanwhile at the provider and within AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.watching import begin

HOUR = 3600.0
Rule = Mapping[str, Any]


def fault(operation: str, kind: str, times: int = 1, **more: Any) -> Rule:
    """As the stand-ins take it; an operation of AWS meets it in calls that name the scene's job."""
    return {"operation": operation, "fault": kind, "times": times, **more}


def fault_of_function(name: str, kind: str, times: int = 1) -> Rule:
    return fault("Invoke", kind, times, function=f"farsync-{name}")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A job of its own, its run request, and faults."""

    request: Mapping[str, Any] = field(default_factory=dict)
    """Without connection and job, unless they are others."""
    source: str = "in"
    """Any other makes the execution fail."""
    run_seconds: float | None = None
    """By the provider's clock."""
    faults: tuple[Rule, ...] = ()
    aws_faults: tuple[Rule, ...] = ()
    is_running: bool = False
    """Whether somebody has started the job before."""
    waits_for_a_person: bool = False

    def set(self, sandbox: Sandbox) -> dict[str, Any]:
        """The run request. Sets no fault of AWS."""
        emulator = sandbox.emulator
        if self.waits_for_a_person:
            job = emulator.make_job_that_waits_for_a_person()
        else:
            job = emulator.make_job(self.source, self.run_seconds)
        if self.is_running:
            begin(sandbox, job)
        for rule in self.faults:
            emulator.add_fault(**{"job": job, **rule})
        return {"connection": emulator.connection, "job": job, **self.request}

    def aws_rules(self, job: str) -> list[dict[str, Any]]:
        return [{**rule, "match": job} for rule in self.aws_faults]
