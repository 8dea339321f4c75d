"""Which requests the rules of faults hit."""

import pytest

from sandbox.tests.providers.clouds import Cloud


def test_a_rule_skips_then_hits_then_is_used_up(cloud: Cloud) -> None:
    cloud.fault("list jobs", "http_500", skip=1, times=2)
    assert [cloud.list_jobs().status_code for _ in range(4)] == [200, 500, 500, 200]
    assert cloud.client.control("GET", "faults").json() == []


def test_a_rule_can_be_limited_to_one_job(cloud: Cloud) -> None:
    hit, spared = cloud.make_job(), cloud.make_job("job_2")
    cloud.fault("get job", "http_500", job=hit)
    assert [cloud.get_job(job).status_code for job in (spared, hit)] == [200, 500]


def test_rules_are_added_behind_those_left_and_withdrawn_however_often_they_have_hit(cloud: Cloud) -> None:
    slow = {"operation": "*", "fault": "slow", "seconds": 0}
    lost = {"operation": cloud["get job"], "fault": "reset_after"}

    def left() -> list[tuple[str, int]]:
        return [(rule["fault"], rule["times"]) for rule in cloud.client.control("GET", "faults").json()]

    cloud.client.faults({**slow, "times": 3})
    cloud.list_jobs()
    assert cloud.client.control("POST", "faults", [lost]).ok
    assert left() == [("slow", 2), ("reset_after", 1)]
    assert cloud.client.control("DELETE", "faults", [slow]).ok
    assert left() == [("reset_after", 1)]
    cloud.client.faults()
    assert left() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"fault": "explode"}, "explode"),
        ({"operation": "getJbos"}, "getJbos"),
        ({"time": 2}, "time"),
        ({"times": 0}, "times"),
        ({"seconds": -1}, "seconds"),
        ({"fault": "late_visibility"}, "late_visibility belongs to"),
        ({"fault": "http_401", "done": True}, "done"),
    ],
)
def test_a_rule_that_makes_no_sense_is_rejected_and_named(cloud: Cloud, change: dict[str, object], named: str) -> None:
    rule = {"operation": cloud["list jobs"], "fault": "slow", **change}
    reply = cloud.client.control("PUT", "faults", [rule])
    assert reply.status_code == 400
    assert named in reply.json()["detail"]
    assert cloud.client.control("GET", "faults").json() == []
