"""What is mutated, and which tests must notice it."""

from typing import NamedTuple


class Group(NamedTuple):
    """Modules, and the tests that must notice their mutants: quick ones, in one process, without the whole sandbox."""

    name: str
    modules: tuple[str, ...]
    """Under the package, without suffix."""
    tests: tuple[str, ...]


GROUPS = (
    Group("signing", ("signing/naver", "signing/huawei", "signing/dated"), ("tests/unit/signing",)),
    Group(
        "polling",
        ("polling/policy", "polling/duration_model", "polling/poll_schedule"),
        (
            "tests/unit/polling/test_polling.py",
            "tests/unit/polling/test_duration_model.py",
            "tests/unit/polling/test_poll_schedule.py",
        ),
    ),
    Group(
        "events",
        ("events/completion_event", "events/run_event", "events/event_json", "model/names"),
        (
            "tests/unit/events/test_events.py",
            "tests/unit/events/test_run_events.py",
            "tests/unit/events/test_cause_of_a_failed_run.py",
            "tests/unit/model/test_naming.py",
        ),
    ),
    Group("decision", ("polling/decision",), ("tests/unit/polling/test_polling_decision.py",)),
    Group(
        "rejections",
        (
            "providers/naver/errors",
            "providers/huawei/errors",
            "providers/huawei/replies",
            "providers/odd_statuses",
            "providers/replies",
            "providers/subject",
        ),
        (
            "tests/unit/providers/test_naver_errors.py",
            "tests/unit/providers/test_huawei_errors.py",
            "tests/unit/providers/test_replies_about_something_else.py",
            "tests/unit/providers/test_secrets_in_later_replies.py",
            "tests/unit/providers/test_starts_that_may_have_begun.py",
            "tests/unit/providers/test_rejections.py",
        ),
    ),
    Group(
        "requests",
        (
            "model/errors",
            "http_client/client",
            "http_client/final_replies",
            "http_client/retry",
            "http_client/response",
            "aws/client",
        ),
        ("tests/unit/model/test_errors.py", "tests/unit/http_client", "tests/unit/aws"),
    ),
    Group(
        "evidence",
        ("starting/matching", "providers/recent_executions", "aws/run_history", "aws/history_events", "aws/run_store"),
        ("tests/unit/starting", "tests/unit/aws", "tests/unit/providers/test_recent_executions.py"),
    ),
    Group("closing", ("closing/decision",), ("tests/unit/closing/test_closing_decision.py",)),
    Group(
        "watching",
        ("watching/decision", "operations/job_watching", "operations/watch_jobs"),
        (
            "tests/unit/watching/test_watching_decision.py",
            "tests/unit/operations/test_watching_beside_runs.py",
            "tests/unit/operations/test_watching_catches_up.py",
            "tests/unit/operations/test_watching_side_by_side.py",
        ),
    ),
    Group(
        "starting",
        ("operations/trigger_execution", "operations/find_execution", "operations/posting", "polling/pacing"),
        (
            "tests/unit/polling/test_pacing.py",
            "tests/unit/operations/test_starting.py",
            "tests/unit/operations/test_starting_later.py",
            "tests/unit/operations/test_what_starting_says.py",
            "tests/unit/operations/test_finding.py",
            "tests/unit/operations/test_finding_again.py",
            "tests/unit/operations/test_finding_among_runs.py",
            "tests/unit/operations/test_finding_what_proves.py",
        ),
    ),
)
