"""Find, against both vendors' services, where no other run is about."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from farsync.errors import FarsyncError, InvalidRequest, PermissionDenied, ProviderUnavailable, Throttled
from farsync.finding import find
from farsync.invocation import Invocation
from tests.unit.use_cases.lost_starts import BOTH_CLOUDS, REPLY_LOST, REQUEST_LOST, Scene, a_scene

DATA_FLOW = pytest.mark.parametrize("scene", ["data-flow"], indirect=True)


@pytest.fixture(params=BOTH_CLOUDS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_scene(request.param, tmp_path) as scene:
        yield scene


class TestAlone:
    @pytest.mark.parametrize("fault", [REPLY_LOST, {"fault": "truncated_json"}, {"fault": "http_500", "done": True}])
    def test_what_the_lost_start_began_is_adopted(self, scene: Scene, fault: dict[str, Any]) -> None:
        run = scene.begin("mine")
        found = scene.search(scene.start(run, fault))
        assert found["outcome"] == "adopted"
        assert scene.started_by(run) == [found["run"]["executionId"]]
        assert found["message"] == f"execution {run.execution_id} is the one that the lost start began"
        assert found["waitSeconds"] == 1
        assert "candidates" not in found or found["candidates"] == []

    def test_its_age_is_told_by_the_vendors_clock_and_not_from_when_it_was_found(self, scene: Scene) -> None:
        run = scene.begin("mine")
        began = scene.clock()
        found = scene.search(scene.start(run, REPLY_LOST))["run"]
        assert scene.clock() - began > 60
        assert abs(datetime.fromisoformat(found["beganAt"]).timestamp() - began) < 3

    def test_what_only_a_start_needs_travels_no_further(self, scene: Scene) -> None:
        run = scene.lose("mine", REPLY_LOST)["run"]
        assert "baseline" not in run
        assert "condition" not in run
        assert run["isAdopted"] is False

    def test_an_execution_that_is_over_already_is_adopted_as_well(self, scene: Scene) -> None:
        run = scene.begin("mine")
        with scene.vendor.ending_at_once(scene.job, is_wanted=True):
            scene.start(run, REPLY_LOST)
        assert scene.search(run)["outcome"] == "adopted"

    def test_an_execution_that_lists_show_late_is_adopted(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        with scene.vendor.faults(scene.job, "start", {"fault": "late_visibility", "seconds": 55}):
            scene.walker.work(scene.walker.under_way[-1], dies_after=True)
        assert scene.search(run)["outcome"] == "adopted"

    def test_nothing_new_means_that_nothing_was_started(self, scene: Scene) -> None:
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "none"
        assert found["message"] == f"no execution of job {scene.job} listed may be of this run"
        assert "executionId" not in found["run"]
        assert "baseline" in found["run"]

    def test_older_executions_are_no_news(self, scene: Scene) -> None:
        scene.vendor.start_by_hand(scene.job, "yesterday", by_schedule=False)
        scene.clock.sleep(86_000)
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "none"
        assert " created after 20" in found["message"]

    @pytest.mark.parametrize("ahead_seconds", [-90_000, -7200, -3, 3, 7200, 90_000])
    @pytest.mark.parametrize("kind", BOTH_CLOUDS)
    def test_a_vendor_whose_clock_is_far_from_ours_is_read_by_its_own(
        self, tmp_path: Path, kind: str, ahead_seconds: float
    ) -> None:
        with a_scene(kind, tmp_path, ahead_seconds) as scene:
            assert scene.lose("mine", REPLY_LOST)["outcome"] == "adopted"
            scene.clock.sleep(600)
            assert scene.lose("again", REQUEST_LOST)["outcome"] == "none"

    def test_a_vendor_that_tells_no_time_leaves_it_in_doubt(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.vendor.tells_the_time = False
        assert scene.search(run)["outcome"] == "ambiguous"


class TestStrangers:
    def test_a_start_by_others_at_another_time_is_not_taken_for_ours(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        found = scene.search(run)
        (theirs,) = scene.vendor.truth()
        assert found["outcome"] == "ambiguous"
        assert [candidate["executionId"] for candidate in found["candidates"]] == [theirs.execution_id]
        assert found["candidates"][0]["vendorStatus"] == theirs.status
        assert found["candidates"][0]["createdAt"].startswith("20")
        assert found["message"] == f"1 executions of job {scene.job} listed may be of this run: {theirs.execution_id}"

    def test_beside_ours_it_leaves_in_doubt_which_is_which(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=False)
        found = scene.search(run)
        assert found["outcome"] == "ambiguous"
        told = [candidate["executionId"] for candidate in found["candidates"]]
        assert told == [one.execution_id for one in scene.vendor.truth()]
        assert found["message"].endswith(", ".join(told))

    def test_of_many_the_newest_ten_are_told(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        for number in range(12):
            scene.vendor.start_by_hand(scene.job, f"theirs-{number}", by_schedule=False)
            scene.clock.sleep(1)
        found = scene.search(run)
        told = [candidate["executionId"] for candidate in found["candidates"]]
        assert told == [one.execution_id for one in scene.vendor.truth()[2:]]
        assert found["message"].startswith("12 executions")

    @DATA_FLOW
    def test_what_a_schedule_begins_at_another_time_is_none_of_ours(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=True)
        assert scene.search(run)["outcome"] == "none"

    @DATA_FLOW
    def test_what_a_schedule_begins_while_we_post_stays_in_question(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.vendor.start_by_hand(scene.job, "theirs", by_schedule=True)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "ambiguous"


class TestASearchThatFails:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ("http_500", ProviderUnavailable),
            ("http_429", Throttled),
            ("truncated_json", ProviderUnavailable),
            ("reset_before", ProviderUnavailable),
            ("http_403", PermissionDenied),
        ],
    )
    def test_is_an_error_and_never_an_answer(self, scene: Scene, fault: str, error: type[FarsyncError]) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        with scene.vendor.faults(scene.job, "list_executions", {"fault": fault}), pytest.raises(error):
            scene.ask(run)

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("ThrottlingException", Throttled),
            ("AccessDeniedException", PermissionDenied),
            ("InternalError", ProviderUnavailable),
        ],
    )
    def test_is_one_where_step_functions_does_not_tell_of_other_runs(
        self, scene: Scene, code: str, error: type[FarsyncError]
    ) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.step_functions.refuses_with = code
        with pytest.raises(error):
            scene.ask(run)

    def test_outside_a_run_there_is_nothing_to_look_for(self, scene: Scene) -> None:
        with pytest.raises(InvalidRequest, match="what is looked for is the execution of a run") as raised:
            find(scene.environment, Invocation("state_machine", {"job": scene.job}))
        assert raised.value.field == "run"
