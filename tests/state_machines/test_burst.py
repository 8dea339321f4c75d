import pytest

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

JOBS, RUNS_OF_EACH = 20, 5
VIEWS_REJECTED = 30


@pytest.mark.at_dataarts
def test_a_burst_of_runs_against_a_provider_who_throttles_loses_nothing_and_fails_no_healthy_run(
    sandbox: Sandbox,
) -> None:
    """A hundred runs at once; the service keeps to its published limits, 30 calls a second each and 10 of "view job",
    which every second run needs for its time. That limit others of the same user have used up at first.
    """
    sandbox.set_aws_faults()
    sandbox.receive_events()
    jobs = [sandbox.emulator.make_job() for _ in range(JOBS)]
    viewed = sandbox.emulator.requests_of("ShowJob")
    reject = {"operation": "ShowJob", "fault": "http_429", "times": VIEWS_REJECTED}
    sandbox.emulator.control("PUT", "faults", [reject])
    requests: list[dict[str, object]] = [{"job": job} for _ in range(RUNS_OF_EACH) for job in jobs]
    for request in requests[::2]:
        request["timeoutSeconds"] = 3600
    connection = sandbox.emulator.connection
    arns = [sandbox.start("run_job", {"connection": connection, **request}) for request in requests]
    ended = [sandbox.wait_for(arn, 240) for arn in arns]
    assert [run.error for run in ended if run.status != "SUCCEEDED"] == []
    assert {len(sandbox.emulator.truly_started(job)) for job in jobs} == {RUNS_OF_EACH}
    emitted: list[str | None] = []

    def all_emitted() -> bool:
        emitted.extend(event["data"].get("runName") for event in sandbox.receive_events())
        return set(emitted) >= {run.name for run in ended}

    eventually(all_emitted)
    assert len(emitted) == len(set(emitted))
    assert sandbox.emulator.control("GET", "requests")["statuses"]["429"] >= VIEWS_REJECTED
    assert sandbox.emulator.requests_of("ShowJob") - viewed >= len(requests) / 2 + VIEWS_REJECTED
