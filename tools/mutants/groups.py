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
        ("polling/policy", "polling/duration_model", "polling/poll_schedule"),
        ("tests/unit/test_polling.py", "tests/unit/test_duration_model.py", "tests/unit/test_poll_schedule.py"),
    ),
    Group(
        "events",
        ("events/completion_event", "events/run_event", "events/event_json", "model/names"),
        (
            "tests/unit/test_events.py",
            "tests/unit/test_ends_reported_by_events.py",
            "tests/unit/test_attention_events.py",
            "tests/unit/test_run_events.py",
            "tests/unit/test_cause_of_a_failed_run.py",
            "tests/unit/test_naming.py",
        ),
    ),
    Group("decision", ("polling/decision",), ("tests/unit/test_polling_decision.py",)),
    Group(
        "rejections",
        (
            "providers/naver/errors",
            "providers/huawei/errors",
            "providers/huawei/replies",
            "providers/odd_statuses",
            "providers/subject",
        ),
        (
            "tests/unit/providers/test_naver_errors.py",
            "tests/unit/providers/test_huawei_errors.py",
            "tests/unit/providers/test_reading_of_huawei_replies.py",
            "tests/unit/providers/test_replies_about_something_else.py",
            "tests/unit/providers/test_secrets_in_later_replies.py",
            "tests/unit/providers/test_starts_that_may_have_begun.py",
            "tests/unit/providers/test_words_of_naver_rejections.py",
            "tests/unit/providers/test_words_of_huawei_rejections.py",
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
        ("tests/unit/test_errors.py", "tests/unit/transport", "tests/unit/aws_requests"),
    ),
    Group(
        "evidence",
        ("starting/matching", "providers/recent_executions", "aws/run_history", "aws/history_events", "aws/run_store"),
        ("tests/unit/starting", "tests/unit/aws", "tests/unit/test_recent_executions.py"),
    ),
    Group("closing", ("closing/decision",), ("tests/unit/test_closing_decision.py",)),
    Group(
        "watching",
        ("watching/decision", "operations/job_watching", "operations/watch_jobs"),
        (
            "tests/unit/test_watching_decision.py",
            "tests/unit/use_cases/test_watching_beside_runs.py",
            "tests/unit/use_cases/test_watching_catches_up.py",
            "tests/unit/use_cases/test_watching_side_by_side.py",
        ),
    ),
    Group(
        "starting",
        ("operations/trigger_execution", "operations/find_execution", "operations/posting", "polling/pacing"),
        (
            "tests/unit/test_pacing.py",
            "tests/unit/use_cases/test_starting.py",
            "tests/unit/use_cases/test_starting_later.py",
            "tests/unit/use_cases/test_what_starting_says.py",
            "tests/unit/use_cases/test_finding.py",
            "tests/unit/use_cases/test_finding_again.py",
            "tests/unit/use_cases/test_finding_among_runs.py",
            "tests/unit/use_cases/test_finding_what_proves.py",
        ),
    ),
)
