import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "fixtures" / "third_cloud" / "toy.py"
SECRETS = {"farsync/connections/toy": {"provider": "toy", "accessKey": "access", "secretKey": "secret"}}


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """farsync as it stands, with one module more, deployed into a sandbox."""
    for part in ("functions", "layers", "statemachines"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "http_api.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    toy = tmp_path / "layers" / "farsync" / "farsync" / "providers" / "toy"
    toy.mkdir()
    shutil.copy(TOY, toy / "__init__.py")
    secrets = tmp_path / "secrets.json"
    secrets.write_text(json.dumps(SECRETS))
    command = [sys.executable, "-m", "sandbox.aws", "--speed", "20", "--secrets", str(secrets)]
    command += ["--template", str(tmp_path / "template.yaml"), "--folder", str(tmp_path / "aws")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def test_a_third_cloud_is_one_package_and_runs_through_the_whole_machine(aws: dict[str, Any]) -> None:
    keys = {"aws_access_key_id": aws["accessKeyId"], "aws_secret_access_key": aws["secretAccessKey"]}
    session = boto3.Session(region_name=aws["region"], **keys)
    step_functions: Any = session.client("stepfunctions", endpoint_url=aws["endpoint"])
    queue = session.client("sqs", endpoint_url=aws["endpoint"])
    asked = {"name": "a-toy-run", "input": json.dumps({"connection": "toy", "job": "a-toy"})}
    step_functions.start_execution(stateMachineArn=aws["stateMachines"]["run_job"], **asked)
    messages = eventually(lambda: queue.receive_message(QueueUrl=aws["queueUrl"]).get("Messages"))
    event = json.loads(messages[0]["Body"])
    assert event["type"] == "io.farsync.execution.succeeded"
    assert (event["data"]["provider"], event["data"]["providerStatus"]) == ("toy", "done")
    runs = {"stateMachineArn": aws["stateMachines"]["run_job"], "statusFilter": "SUCCEEDED"}
    eventually(lambda: step_functions.list_executions(**runs)["executions"])
