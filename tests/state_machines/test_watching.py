"""Ends that nobody at farsync has started are on the queue once, with those of runs, and none is forgotten."""

from tests.support.sandbox import Sandbox
from tests.support.watching import begin, events_about, wait_until_over, watch


def test_each_end_is_on_the_queue_once_and_that_of_a_run_is_the_runs(sandbox: Sandbox) -> None:
    job, bad = sandbox.emulator.make_job(), sandbox.emulator.make_job(source="nowhere")
    run = sandbox.run({"job": job, "labels": {"team": "night"}})
    begin(sandbox, job)
    begin(sandbox, bad)
    wait_until_over(sandbox, job, 2)
    wait_until_over(sandbox, bad, 1)
    answers = [watch(sandbox, job, bad) for _ in range(2)]
    assert [sum(answer["emitted"] for answer in each["jobs"]) for each in answers] == [2, 0]
    events = events_about(sandbox, job, bad)
    assert sorted((event["data"].get("runName", ""), event["data"]["status"]) for event in events) == [
        ("", "FAILED"),
        ("", "SUCCEEDED"),
        (run.name, "SUCCEEDED"),
    ]
