"""Every import is paid at each cold start, so what a function does not need it must not load."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
LAYER = FUNCTIONS.parent / "layers" / "farsync" / "farsync"
NEVER = {
    "boto3",
    "botocore.session",
    "aws_xray_sdk",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.parameters",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parser",
    "farsync.providers.naver.dataflow",
    "httpx",
    "secrets",
    "sandbox",
    "yaml",
}
NEEDS = {
    "prepare_execution": {"operations.prepare_execution", "model.run_request"},
    "trigger_execution": {
        "operations.trigger_execution",
        "operations.start_execution",
        "operations.prepare_execution",
        "operations.posting",
        "model.run_request",
        "aws.run_store",
    },
    "find_execution": {"operations.find_execution", "model.run_request", "aws.run_store"},
    "poll_execution": {
        "operations.poll_execution",
        "operations.get_execution",
        "operations.attention",
        "operations.run_ending",
    },
    "cancel_execution": {"operations.cancel_execution"},
    "close_run": {
        "operations.close_run",
        "operations.find_execution",
        "operations.run_closing",
        "operations.stop_execution",
        "model.run_request",
        "aws.run_store",
    },
    "sweep_runs": {"operations.sweep_runs"},
    "list_jobs": {"operations.list_jobs"},
    "manage_runs": {
        "operations.manage_runs",
        "operations.create_run",
        "operations.get_run",
        "operations.list_runs",
        "operations.abort_run",
        "operations.event_of_run",
        "model.run_request",
        "aws.run_store",
    },
    "watch_jobs": {"operations.watch_jobs", "operations.job_watching", "aws.run_store"},
    "plan_backfill": {
        "operations.plan_backfill",
        "operations.assess_set",
        "operations.event_of_run",
        "operations.find_execution",
        "model.backfill_request",
        "model.run_request",
        "aws.run_store",
    },
}
OPERATIONS = {f"operations.{path.stem}" for path in (LAYER / "operations").glob("[a-z]*.py")}
USE_CASES = OPERATIONS.union(*NEEDS.values())


IN_LAMBDA = {"AWS_REGION": "ap-northeast-2", "AWS_LAMBDA_FUNCTION_NAME": "one-of-ours"}


def told_by(statement: str, function: str, environment: Mapping[str, str]) -> str:
    """The last line that a new process prints in the function's folder."""
    done = subprocess.run(
        [sys.executable, "-c", statement],
        cwd=FUNCTIONS / function,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def modules_loaded_by(function: str) -> set[str]:
    return set(json.loads(told_by("import sys, json, app; print(json.dumps(list(sys.modules)))", function, IN_LAMBDA)))


@pytest.mark.parametrize("function", sorted(NEEDS))
def test_a_function_loads_only_what_it_needs(function: str) -> None:
    loaded = modules_loaded_by(function)
    assert loaded & NEVER == set()
    use_cases = {name.removeprefix("farsync.") for name in loaded if name.startswith("farsync.")} & USE_CASES
    assert use_cases == NEEDS[function]


def test_the_list_names_every_function() -> None:
    assert set(NEEDS) == {path.parent.name for path in FUNCTIONS.glob("*/app.py")}
