"""What is mutated, and which tests must notice it."""

from typing import NamedTuple


class Group(NamedTuple):
    """Modules that the same tests judge: only quick ones, in one process, without the whole sandbox."""

    name: str
    modules: tuple[str, ...]
    """Under the package, without suffix."""
    tests: tuple[str, ...]


GROUPS = (
    Group("signing", ("signing/naver", "signing/huawei", "signing/dated"), ("tests/unit/signing",)),
    Group(
        "polling",
        ("polling", "run_times", "look_schedule"),
        ("tests/unit/test_polling.py", "tests/unit/test_run_times.py", "tests/unit/test_look_schedule.py"),
    ),
    Group(
        "events",
        ("events", "naming"),
        (
            "tests/unit/test_events.py",
            "tests/unit/test_ends_told_by_events.py",
            "tests/unit/test_attention_events.py",
            "tests/unit/test_naming.py",
        ),
    ),
    Group(
        "refusals",
        ("providers/naver_errors", "providers/huawei_errors", "providers/huawei_replies"),
        (
            "tests/unit/providers/test_naver_errors.py",
            "tests/unit/providers/test_huawei_errors.py",
            "tests/unit/providers/test_reading_of_huawei_replies.py",
            "tests/unit/providers/test_words_of_naver_refusals.py",
            "tests/unit/providers/test_words_of_huawei_refusals.py",
        ),
    ),
    Group(
        "requests",
        ("errors", "transport", "retrying", "replies", "aws_requests"),
        ("tests/unit/test_errors.py", "tests/unit/transport", "tests/unit/aws_requests"),
    ),
    Group(
        "evidence",
        ("evidence", "recent_executions", "run_ledger"),
        (
            "tests/unit/test_evidence.py",
            "tests/unit/test_new_executions.py",
            "tests/unit/test_recent_executions.py",
            "tests/unit/test_run_ledger.py",
            "tests/unit/test_executions_held.py",
        ),
    ),
    Group(
        "starting",
        ("starting", "finding"),
        (
            "tests/unit/use_cases/test_starting.py",
            "tests/unit/use_cases/test_executions_over_http.py",
            "tests/unit/use_cases/test_what_starting_tells.py",
            "tests/unit/use_cases/test_finding.py",
            "tests/unit/use_cases/test_finding_among_runs.py",
        ),
    ),
)
