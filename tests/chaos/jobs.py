"""The kinds of jobs that chaos runs."""

from dataclasses import replace

from tests.chaos.plan import PlannedJob

ENDLESS_SECONDS = 86_000.0
JOBS = (
    PlannedJob("naver-busy", "naver", "naver", "short", 20, 1.2),
    PlannedJob("naver-next", "naver", "naver", "short", 20, 0.8),
    PlannedJob("naver-quiet", "naver", "naver", "short", 10, 0.4),
    PlannedJob("naver-third", "naver", "naver", "short", 10, 0.4),
    PlannedJob("naver-long", "naver", "naver", "long", ENDLESS_SECONDS, 1),
    PlannedJob("naver-failing", "naver", "naver", "failing", 5, 0.7),
    PlannedJob("marked-busy", "naver", "naver-marked", "short", 10, 3),
    PlannedJob("marked-long", "naver", "naver-marked", "long", ENDLESS_SECONDS, 1),
    PlannedJob("huawei-busy", "huawei", "huawei", "short", 10, 1.2),
    PlannedJob("huawei-next", "huawei", "huawei", "short", 20, 0.8),
    PlannedJob("huawei-quiet", "huawei", "huawei", "short", 10, 0.6),
    PlannedJob("huawei-third", "huawei", "huawei", "short", 1, 0.6),
    PlannedJob("huawei-fourth", "huawei", "huawei", "short", 10, 0.6),
    PlannedJob("huawei-fifth", "huawei", "huawei", "short", 5, 0.6),
    PlannedJob("huawei-long", "huawei", "huawei", "long", ENDLESS_SECONDS, 1.5),
    PlannedJob("huawei-failing", "huawei", "huawei", "failing", 5, 0.7),
    PlannedJob("naver-sets", "naver", "naver", "short", 5, 0),
    PlannedJob("huawei-sets", "huawei", "huawei", "short", 5, 0),
)
"""Weights are shares of the runs: of busy jobs some runs are open at a time, of quiet ones seldom two. Those without a
weight are run by backfills alone.
"""
RUNS_OF_A_GENERATION = 400
"""Then there are new jobs of the same kinds: who searches for an unconfirmed start reads the other runs of its job. One
stack watches no more than 100 jobs.
"""


def jobs_of(generation: int) -> tuple[PlannedJob, ...]:
    return tuple(replace(job, key=f"{job.key}-{generation}") for job in JOBS)
