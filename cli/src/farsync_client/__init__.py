"""Runs, jobs and events of a farsync stack, from Python.

from farsync_client import Farsync

run = Farsync(stack="farsync").run("night_load", parameters={"$day": "2026-11-21"}).wait()
print(run.state, run.reason)
"""

from farsync_client.client import Farsync
from farsync_client.errors import FarsyncError, RunFailed, WaitTimedOut
from farsync_client.models import RunDetails, RunItem
from farsync_client.problems import Problem
from farsync_client.run import Run

__all__ = ["Farsync", "FarsyncError", "Problem", "Run", "RunDetails", "RunFailed", "RunItem", "WaitTimedOut"]
