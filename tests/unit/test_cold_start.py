"""Every import is paid at each cold start, so what a function does not need it must not load."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
NEVER = {
    "boto3",
    "botocore.session",
    "aws_xray_sdk",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.parameters",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parser",
    "farsync.events",
    "farsync.providers.naver_dataflow",
    "httpx",
    "secrets",
    "sandbox",
    "yaml",
}
NEEDS = {
    "prepare_execution": {"preparing", "run_request"},
    "trigger_execution": {"run_request", "starting", "pacing"},
    "find_execution": {"run_request", "finding", "evidence", "run_ledger"},
    "poll_execution": {"looking", "pacing"},
    "cancel_execution": {"cancelling"},
    "list_jobs": {"listing"},
    "manage_runs": {"managing_runs"},
    "watch_job": {"watching", "run_ledger"},
    "plan_backfill": {"backfilling", "run_request"},
}
LATE = {"http_calls", "showing_executions", "starting_only", "accepting_runs", "listing_runs", "showing_runs"}
USE_CASES = LATE.union(*NEEDS.values())


def modules_loaded_by(function: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, json, app; print(json.dumps(list(sys.modules)))"],
        cwd=FUNCTIONS / function,
        env=os.environ | {"AWS_REGION": "ap-northeast-2"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", sorted(NEEDS))
def test_a_function_loads_only_what_it_needs(function: str) -> None:
    loaded = modules_loaded_by(function)
    assert loaded & NEVER == set()
    use_cases = {name.removeprefix("farsync.") for name in loaded if name.startswith("farsync.")} & USE_CASES
    assert use_cases == NEEDS[function]


def test_the_list_names_every_function() -> None:
    assert set(NEEDS) == {path.parent.name for path in FUNCTIONS.glob("*/app.py")}
