"""The promises hold under any interleaving. What is true stands in the vendor's own ledger, which knows what each
execution was started with; every run has a parameter of its own.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant

from farsync.execution import ExecutionStatus
from tests.unit.use_cases.interleaving import Interleaving
from tests.unit.use_cases.step_functions_memory import WalkedRun
from tests.unit.use_cases.vendor_in_process import HuaweiInProcess, NaverInProcess, VendorInProcess
from tests.unit.use_cases.walker import REJECTIONS

IN_ANY_ORDER = settings(
    max_examples=int(os.environ.get("FARSYNC_INTERLEAVINGS", "30")),
    stateful_step_count=50,
    derandomize="FARSYNC_INTERLEAVINGS" not in os.environ,
    # Shrinking such a machine takes minutes, which the runs of every commit have not.
    phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if "FARSYNC_INTERLEAVINGS" in os.environ else [])),
    suppress_health_check=list(HealthCheck),
    database=None,
)
STATUSES = {
    "COMPLETED": ExecutionStatus.SUCCEEDED,
    "success": ExecutionStatus.SUCCEEDED,
    "FAILED": ExecutionStatus.FAILED,
    "fail": ExecutionStatus.FAILED,
    "CANCELED": ExecutionStatus.CANCELED,
    "manual-stop": ExecutionStatus.CANCELED,
}
LONGEST_POST_SECONDS = 40.0


class Promises(Interleaving):
    @invariant()
    def a_run_never_has_two_executions(self) -> None:
        for run in self.runs:
            assert len(self.own(run)) <= 1, f"{run.name} was started {len(self.own(run))} times"

    @invariant()
    def a_run_never_takes_an_execution_for_its_own_that_is_not(self) -> None:
        for run in self.runs:
            if run.execution_id and not run.is_attached:
                assert [one.execution_id for one in self.own(run)] == [run.execution_id], f"{run.name} took another's"

    @invariant()
    def a_run_that_watches_started_nothing(self) -> None:
        for run in self.runs:
            assert not (run.is_attached and self.own(run)), run.name

    @invariant()
    def nothing_is_cancelled_but_by_its_own_run(self) -> None:
        may_be_cancelled = {run.value for run in self.runs if run.is_cancel_wanted}
        for one in self.truth():
            assert not one.is_cancel_requested or one.value in may_be_cancelled, f"{one.value} was cancelled"

    @invariant()
    def a_run_that_failed_for_a_rejection_started_nothing(self) -> None:
        for run in self.runs:
            # A search that meets the deadline leaves its start unconfirmed.
            if run.error in REJECTIONS and run.state != "Find":
                assert not self.own(run), f"{run.name} failed with {run.error}"

    @invariant()
    def an_end_that_is_seen_is_the_providers(self) -> None:
        status_of = {execution.execution_id: execution.status for execution in self.truth()}
        for run in self.runs:
            if run.seen and run.seen["status"].is_terminal:
                assert run.seen["status"] == STATUSES[status_of[run.run["executionId"]]], run.name
                assert run.seen["vendorStatus"] == status_of[run.run["executionId"]]

    def start_was_answered(self, run: WalkedRun) -> None:
        """A start that finds its run closed leaves nothing behind, where the request wants it so."""
        if not run.is_open and run.is_cancel_wanted and not self.step_functions.refuses_with:
            assert all(one.status in self.vendor.ended_words for one in self.own(run)), f"{run.name} left an orphan"

    def search_is_done(self, run: WalkedRun) -> None:
        """A search stays in doubt only where somebody else may have started something, or ours came after its time."""
        if not run.found or run.found["outcome"] != "ambiguous":
            return
        own = self.own(run)
        others = self.executions_of_nobody(run)
        last = max(moment.latest for moment in run.searched).timestamp()
        is_late = any(execution.created_at > self.vendor.now() - self.clock() + last for execution in own)
        assert others or self.rivals(run) or is_late, run.found["message"]
        told = {candidate["executionId"] for candidate in run.found["candidates"]}
        assert told
        assert not own or own[0].execution_id in told

    def executions_of_nobody(self, run: WalkedRun) -> set[str]:
        """Those of its job that no other run knows for its own."""
        known = {other.execution_id for other in self.runs if not other.is_attached}
        return {
            one.execution_id
            for one in self.truth()
            if one.job == run.job and one.value != run.value and one.execution_id not in known
        }

    def rivals(self, run: WalkedRun) -> list[str]:
        """Runs of the same job that may have posted, and know no execution."""
        since = min(moment.earliest for moment in run.searched).timestamp() - LONGEST_POST_SECONDS
        return [
            other.name
            for other in self.runs
            if other is not run
            and other.job == run.job
            and not other.execution_id
            and (other.stopped_at is None or other.stopped_at > since or run.redrive_count)
        ]


class OnDataFlow(Promises):
    strangers_have_schedules = True

    def open_vendor(self, folder: Path, ahead_seconds: float) -> VendorInProcess:
        return NaverInProcess(folder, self.clock, ahead_seconds)


class OnDataArts(Promises):
    def open_vendor(self, folder: Path, ahead_seconds: float) -> VendorInProcess:
        return HuaweiInProcess(folder, self.clock, ahead_seconds)


class OnDataFlowWithMarkers(Promises):
    """Runs are certain whose execution is whose: strangers may come at any moment, and no search stays in doubt."""

    keeps_strangers_away = False
    strangers_have_schedules = True

    def open_vendor(self, folder: Path, ahead_seconds: float) -> VendorInProcess:
        return NaverInProcess(folder, self.clock, ahead_seconds, dialect="G2")

    def secret(self) -> dict[str, str]:
        return {**super().secret(), "runMarker": "logPath"}

    def search_is_done(self, run: WalkedRun) -> None:
        assert not run.found or run.found["outcome"] != "ambiguous"


class OnDataFlowThatEchoes(Promises):
    """The vendor repeats parameters, which tells runs apart, unless a secret is all that differs."""

    def open_vendor(self, folder: Path, ahead_seconds: float) -> VendorInProcess:
        return NaverInProcess(folder, self.clock, ahead_seconds, is_echoing_parameters=True)


for machine in (OnDataFlow, OnDataArts, OnDataFlowWithMarkers, OnDataFlowThatEchoes):
    machine.TestCase.settings = IN_ANY_ORDER

TestOnDataFlow = OnDataFlow.TestCase
TestOnDataArts = OnDataArts.TestCase
TestOnDataFlowWithMarkers = OnDataFlowWithMarkers.TestCase
TestOnDataFlowThatEchoes = OnDataFlowThatEchoes.TestCase
