"""Every import is paid at each cold start, so what a function does not need it must not load."""

import json
import os
import subprocess
import sys
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
    "prepare_execution": "prepare_execution named_job model.run_request",
    "trigger_execution": "trigger_execution start_execution prepare_execution named_job posting model.run_request "
    "aws.run_store",
    "find_execution": "find_execution model.run_request aws.run_store",
    "poll_execution": "poll_execution get_execution attention run_ending",
    "cancel_execution": "cancel_execution",
    "close_run": "close_run find_execution run_closing stop_execution model.run_request aws.run_store",
    "sweep_runs": "sweep_runs",
    "list_jobs": "list_jobs list_connections named_job recent_executions_of_job",
    "manage_runs": "manage_runs create_run get_run list_runs list_events listing page_position run_items run_state "
    "abort_run rerun_run run_by_name named_job event_of_run model.run_request aws.run_store",
    "read_logs": "read_logs run_by_name event_of_run model.run_request aws.run_store",
    "watch_jobs": "watch_jobs job_watching aws.run_store",
    "plan_backfill": "plan_backfill assess_set event_of_run find_execution "
    "model.backfill_request model.run_request aws.run_store",
}
"""Operations by their names, and what else is dear."""
OPERATIONS = {path.stem for path in (LAYER / "operations").glob("[a-z]*.py")}


def modules(names: str) -> set[str]:
    return {f"operations.{name}" if "." not in name else name for name in names.split()}


DEAR = modules(" ".join([*OPERATIONS, *NEEDS.values()]))
IN_LAMBDA = {"AWS_REGION": "ap-northeast-2", "AWS_LAMBDA_FUNCTION_NAME": "one-of-ours"}


def modules_loaded_by(function: str) -> set[str]:
    """By a new process in the function's folder."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, json, app; print(json.dumps(list(sys.modules)))"],
        cwd=FUNCTIONS / function,
        env=os.environ | IN_LAMBDA,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", sorted(NEEDS))
def test_a_function_loads_only_what_it_needs(function: str) -> None:
    loaded = modules_loaded_by(function)
    assert loaded & NEVER == set()
    assert {name.removeprefix("farsync.") for name in loaded} & DEAR == modules(NEEDS[function])


def test_the_list_names_every_function() -> None:
    assert set(NEEDS) == {path.parent.name for path in FUNCTIONS.glob("*/app.py")}
