import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from farsync.connections import ConnectionStore
from farsync.looking import look
from farsync.starting import start
from tests.support.vendors import Vendor
from tests.support.waiting import eventually
from tests.unit.use_cases.conftest import Cloud

HUAWEI = ["huawei-7-words", "huawei-12-words"]


def a_stuck_run(cloud: Cloud) -> dict[str, Any]:
    """Of a job whose node failed, with settings that suspend it until a person decides."""
    run: dict[str, Any] = cloud.ask(start, {"job": cloud.vendor.make_job_that_waits_for_a_person()})["run"]
    eventually(lambda: cloud.provider().get_execution(run["job"], run["executionId"]).attention_reason)
    return run


def lose_patience_after_a_minute(cloud: Cloud) -> None:
    secret = json.dumps({**cloud.vendor.secret(), "needsAttentionTimeoutSeconds": 60})
    cloud.environment = cloud.environment._replace(connections=ConnectionStore(lambda _: secret, clock=time.time))


def act(vendor: Vendor, run: dict[str, Any], word: str) -> None:
    """As somebody does at the console."""
    vendor.control("PUT", f"instances/{run['executionId']}", {"status": word})


@pytest.mark.parametrize("cloud", HUAWEI, indirect=True)
def test_a_state_that_waits_for_a_person_is_told_once_and_is_no_end(cloud: Cloud) -> None:
    run = a_stuck_run(cloud)
    first = cloud.ask(look, {"run": run, "labels": {"team": "night"}})
    second = cloud.ask(look, {"run": first["run"]})
    assert first["notice"]["type"] == "io.farsync.execution.needs_attention"
    assert first["notice"]["data"]["labels"] == {"team": "night"}
    assert first["notice"]["data"]["vendorStatus"] == "running-exception"
    assert first["waitSeconds"] >= 1
    assert "event" not in first
    assert "notice" not in second
    assert second["waitSeconds"] >= 1


@pytest.mark.parametrize("cloud", HUAWEI, indirect=True)
def test_a_run_waits_for_a_person_until_its_deadline_unless_the_connection_ends_it_earlier(cloud: Cloud) -> None:
    run = a_stuck_run(cloud)
    patient = cloud.ask(look, {"run": run})["run"]
    lose_patience_after_a_minute(cloud)
    impatient = cloud.ask(look, {"run": run})["run"]
    assert patient["deadlineAt"] == run["deadlineAt"]
    assert datetime.fromisoformat(impatient["deadlineAt"]) <= datetime.now(UTC) + timedelta(seconds=60)
    assert cloud.ask(look, {"run": impatient})["run"]["deadlineAt"] == impatient["deadlineAt"]


@pytest.mark.parametrize("slow_cloud", ["huawei-12-words"], indirect=True)
def test_a_run_whose_person_has_acted_has_its_own_deadline_again_until_it_waits_anew(slow_cloud: Cloud) -> None:
    cloud = slow_cloud
    lose_patience_after_a_minute(cloud)
    run = cloud.ask(start, {"job": cloud.vendor.make_job()})["run"]
    act(cloud.vendor, run, "pause")
    paused = cloud.ask(look, {"run": run})["run"]
    act(cloud.vendor, run, "running")
    resumed = cloud.ask(look, {"run": paused})["run"]
    act(cloud.vendor, run, "pause")
    paused_anew = cloud.ask(look, {"run": resumed})["run"]
    assert paused["deadlineAt"] < run["deadlineAt"]
    assert resumed["deadlineAt"] == run["deadlineAt"]
    assert paused["deadlineAt"] <= paused_anew["deadlineAt"] < run["deadlineAt"]
