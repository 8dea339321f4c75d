"""What may befall runs, and how runs differ."""

from typing import Any

from hypothesis import strategies as st

FATES_OF_A_POST: dict[str, dict[str, Any] | None] = {
    "answered": None,
    "answered, hidden": {"fault": "late_visibility"},
    "nonsense answered": {"fault": "truncated_json"},
    "reply lost": {"fault": "reset_after"},
    "done and answered by 500": {"fault": "http_500", "done": True},
    "done and answered by a page": {"fault": "http_502_html", "done": True},
    "function killed after": None,
    "function killed after, hidden": {"fault": "late_visibility"},
    "request lost": {"fault": "reset_before"},
    "unavailable": {"fault": "http_503"},
    "function killed before": None,
    "throttled": {"fault": "http_429"},
    "refused": {"fault": "bad_state"},
}
FAULTS_OF_A_LOOK = ("reset_before", "reset_after", "http_429", "http_500", "truncated_json")
Which = st.integers(0, 11)
Seldom = st.sampled_from([False, False, False, False, True])
Trouble = st.sampled_from([*[None] * 5, *({"fault": fault} for fault in FAULTS_OF_A_LOOK)])
Fate = st.sampled_from([*FATES_OF_A_POST])
Wishes = st.fixed_dictionaries(
    {
        "ifRunning": st.sampled_from([*["start"] * 9, "attach", "attach", "wait", "fail"]),
        "timeoutSeconds": st.sampled_from([*[80_000] * 5, 400]),
        "cancelOnAbort": st.sampled_from([True, True, False]),
    }
)
RunToBegin = st.fixed_dictionaries(
    {
        "job": st.sampled_from([0, 0, 0, 1]),
        "states_more": st.sampled_from([0, 1, 2]),
        "fate": Fate,
        "has_own_name": st.booleans(),
        "is_secret": st.booleans(),
        "wishes": Wishes,
    }
)
