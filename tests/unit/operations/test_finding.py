"""Find, against both providers' services, where no other run is about."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.operations.find_execution import find
from tests.unit.operations.cloud import BOTH, a_cloud
from tests.unit.operations.marks import only
from tests.unit.operations.searching_scene import REPLY_LOST, REQUEST_LOST, Scene


class TestAlone:
    @pytest.mark.parametrize(
        "fault",
        [
            REPLY_LOST,
            {"fault": "truncated_json"},
            {"fault": "http_500", "done": True},
            {"fault": "late_visibility", "seconds": 55},
        ],
        ids=lambda fault: fault["fault"],
    )
    def test_the_execution_of_the_unconfirmed_start_is_found(self, scene: Scene, fault: dict[str, Any]) -> None:
        run = scene.begin("mine")
        began = scene.clock()
        found = scene.search(scene.start(run, fault, dies_after=True))
        assert (found["outcome"], found["waitSeconds"]) == ("found", 0)
        assert scene.started_by(run) == [found["run"]["executionId"]]
        assert found["message"] == f"execution {run.execution_id} is the one that the unconfirmed start began"
        assert scene.clock() - began > 60
        age_by = datetime.fromisoformat(found["run"]["beganAt"]).timestamp()
        assert abs(age_by - began) < 3, "its age is by the provider's clock and not from when it was found"

    def test_an_execution_that_is_over_already_is_found_as_well(self, scene: Scene) -> None:
        run = scene.begin("mine")
        with scene.emulator.ending_at_once(scene.job):
            scene.start(run, REPLY_LOST)
        assert scene.search(run)["outcome"] == "found"

    def test_the_execution_of_a_function_that_posted_after_step_functions_lost_sight_of_it_is_found(
        self, scene: Scene
    ) -> None:
        run = scene.begin("mine", consistencyWindowSeconds=0)
        scene.walker.enter_start(run)
        scene.walker.give_up(scene.walker.under_way[-1])
        scene.clock.sleep(28)
        scene.work()
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)[0]

    def test_nothing_new_means_that_nothing_was_started(self, scene: Scene) -> None:
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "nothing"
        assert found["message"] == f"no execution of job {scene.job} listed can be of this run"
        assert "executionId" not in found["run"]
        assert "baseline" in found["run"]

    def test_a_start_that_cannot_have_posted_is_nothing_and_asks_no_provider(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.abort(run)
        scene.walker.redrive(run)
        scene.start(run)
        exchanges = scene.emulator.exchanges
        assert scene.search(run)["outcome"] == "nothing"
        assert scene.emulator.exchanges == exchanges

    def test_older_executions_are_not_new(self, scene: Scene) -> None:
        scene.emulator.start_by_hand(scene.job)
        scene.clock.sleep(86_000)
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "nothing"
        assert " created after 20" in found["message"]

    @pytest.mark.parametrize("ahead_seconds", [-90_000, -7200, -3, 3, 7200, 90_000])
    @pytest.mark.parametrize("kind", BOTH)
    def test_a_provider_whose_clock_is_far_from_ours_is_read_by_its_own(
        self, tmp_path: Path, kind: str, ahead_seconds: float
    ) -> None:
        with a_cloud(kind, tmp_path, ahead_seconds) as cloud:
            scene = Scene(cloud)
            assert scene.lose("mine", REPLY_LOST)["outcome"] == "found"
            scene.clock.sleep(600)
            assert scene.lose("again", REQUEST_LOST)["outcome"] == "nothing"

    def test_a_provider_that_says_no_time_leaves_it_ambiguous(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.emulator.tells_the_time = False
        assert scene.search(run)["outcome"] == "ambiguous"

    def test_a_second_unconfirmed_start_is_searched_for_by_its_own_moment(self, scene: Scene) -> None:
        run = scene.begin("mine")
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "nothing"
        assert scene.search(scene.start(run, REPLY_LOST))["run"]["executionId"] == scene.started_by(run)[0]


class TestStrangers:
    @pytest.mark.parametrize("fault", [REPLY_LOST, REQUEST_LOST], ids=lambda fault: fault["fault"])
    @pytest.mark.parametrize("is_before", [True, False], ids=["shortly-before", "shortly-after"])
    def test_a_start_by_others_at_another_time_is_not_taken_for_ours_and_not_for_nothing(
        self, scene: Scene, fault: dict[str, Any], is_before: bool
    ) -> None:
        run = scene.begin("mine")
        if is_before:
            scene.emulator.start_by_hand(scene.job)
            scene.clock.sleep(20)
        scene.start(run, fault)
        if not is_before:
            scene.emulator.start_by_hand(scene.job)
        found, listed = scene.search(run), scene.emulator.truth()
        assert found["outcome"] == "ambiguous"
        assert [candidate["executionId"] for candidate in found["candidates"]] == [this.execution_id for this in listed]
        assert found["candidates"][0]["providerStatus"] == listed[0].status
        assert found["candidates"][0]["createdAt"].startswith("20")
        ids = ", ".join(this.execution_id for this in listed)
        assert found["message"] == f"{len(listed)} executions of job {scene.job} listed may be of this run: {ids}"

    @pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
    def test_a_start_by_others_after_the_window_changes_no_outcome(
        self, scene: Scene, fault: dict[str, Any], outcome: str
    ) -> None:
        """Otherwise whoever starts the job often enough ends every run whose search is delayed."""
        run = scene.start(scene.begin("mine"), fault)
        scene.clock.sleep(70)
        scene.emulator.start_by_hand(scene.job)
        scene.clock.sleep(60)
        assert scene.search(run)["outcome"] == outcome

    def test_of_many_the_newest_ten_are_named(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        for _ in range(12):
            scene.emulator.start_by_hand(scene.job)
            scene.clock.sleep(1)
        found = scene.search(run)
        named = [candidate["executionId"] for candidate in found["candidates"]]
        assert named == [execution.execution_id for execution in scene.emulator.truth()[2:]]
        assert found["message"].startswith("12 executions")

    @pytest.mark.parametrize(("seconds_later", "outcome"), [(5, "nothing"), (0, "ambiguous")], ids=["later", "at-once"])
    @only("scene", "data-flow")
    def test_what_a_schedule_begins_is_in_question_only_while_we_post(
        self, scene: Scene, seconds_later: int, outcome: str
    ) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        scene.work(REQUEST_LOST)
        scene.clock.sleep(seconds_later)
        scene.emulator.start_by_hand(scene.job, by_schedule=True)
        assert scene.search(run)["outcome"] == outcome


class TestASearchThatFails:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ("http_500", "ProviderUnavailable"),
            ("http_429", "Throttled"),
            ("truncated_json", "ProviderUnavailable"),
            ("http_403", "PermissionDenied"),
        ],
    )
    def test_is_repeated_and_never_taken_for_nothing(self, scene: Scene, fault: str, error: str) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        with scene.emulator.faults(scene.job, "list_executions", {"fault": fault}):
            found = scene.search(run)
        assert found["outcome"] == "later"
        assert found["reason"].startswith(f"{error}: ")
        assert found["waitSeconds"] >= 5
        assert found["hasSearched"] is False
        assert scene.search(run)["outcome"] == "nothing"

    @pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalError"])
    @only("scene", "data-flow")
    def test_is_repeated_where_step_functions_does_not_answer(self, scene: Scene, code: str) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.aws.reject(code=code)
        assert scene.search(run)["outcome"] == "later"
        scene.aws.recover()
        assert scene.search(run)["outcome"] == "found"

    @only("scene", "data-flow")
    def test_is_repeated_where_the_history_lags_which_could_hide_a_post(self, scene: Scene) -> None:
        run = scene.begin("mine")
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "nothing"
        scene.start(run, REPLY_LOST)
        scene.aws.events_not_shown_yet = 9
        assert scene.search(run)["outcome"] == "later"
        scene.aws.events_not_shown_yet = 0
        assert scene.search(run)["outcome"] == "found"
        assert len(scene.started_by(run)) == 1

    def test_is_repeated_for_hours_while_the_provider_is_away(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=86_400), REPLY_LOST)
        with scene.emulator.faults(scene.job, "list_executions", {"fault": "http_500"}):
            for _ in range(12):
                assert scene.search(run)["outcome"] == "later"
                scene.clock.sleep(1800)
        assert scene.search(run)["outcome"] == "found"

    @only("scene", "data-flow")
    def test_ends_the_run_at_its_deadline(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=60), REPLY_LOST)
        with scene.emulator.faults(scene.job, "list_executions", {"fault": "http_500"}):
            assert scene.walker.find(run) == "DeadlineExceeded"

    @pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
    @only("scene", "data-flow")
    def test_what_can_be_decided_is_answered_after_the_deadline_too(
        self, scene: Scene, fault: dict[str, Any], outcome: str
    ) -> None:
        assert scene.lose("mine", fault, timeoutSeconds=60)["outcome"] == outcome


@only("scene", "data-flow")
def test_outside_a_run_there_is_nothing_to_search_for(scene: Scene) -> None:
    with pytest.raises(InvalidRequest, match="run: is required; what is searched for is the execution of a run") as it:
        scene.cloud.ask(find, {"job": scene.job})
    assert it.value.field == "run"
