"""What the states of a run are given, and how its history is read."""

from datetime import timedelta

from farsync.aws.run_history import RunHistory, history_in
from farsync.model.run import START_FUNCTION_SECONDS
from tests.unit.histories import History

REQUEST = {"job": "a-job"}
RUN = {
    "v": 1,
    "name": "a-run",
    "startedAt": "2026-11-21T12:00:00Z",
    "deadlineAt": "2026-11-21T13:00:00Z",
    "connection": "default",
    "provider": "naver",
    "job": "a-job",
}
HOLDING = {**RUN, "executionId": "x"}
GIVEN = {"request": REQUEST, "run": RUN, "redriveCount": 0}
FUNCTION_TIME = timedelta(seconds=START_FUNCTION_SECONDS)


def read(history: History) -> RunHistory:
    return history_in(history.newest_first)
