"""Find, against both providers' services, where no other run is about."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import InvalidRequest
from farsync.operations.find_execution import find
from farsync.runtime.request import Invocation
from tests.unit.operations.unconfirmed_starts import BOTH_CLOUDS, REPLY_LOST, REQUEST_LOST, Scene, a_scene

DATA_FLOW = pytest.mark.parametrize("scene", ["data-flow"], indirect=True)


@pytest.fixture(params=BOTH_CLOUDS)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_scene(request.param, tmp_path) as scene:
        yield scene


class TestAlone:
    @pytest.mark.parametrize("fault", [REPLY_LOST, {"fault": "truncated_json"}, {"fault": "http_500", "done": True}])
    def test_what_the_unconfirmed_start_began_is_found(self, scene: Scene, fault: dict[str, Any]) -> None:
        run = scene.begin("mine")
        found = scene.search(scene.start(run, fault))
        assert found["outcome"] == "found"
        assert scene.started_by(run) == [found["run"]["executionId"]]
        assert found["message"] == f"execution {run.execution_id} is the one that the unconfirmed start began"
        assert found["waitSeconds"] == 0

    def test_its_age_is_reported_by_the_providers_clock_and_not_from_when_it_was_found(self, scene: Scene) -> None:
        run = scene.begin("mine")
        began = scene.clock()
        found = scene.search(scene.start(run, REPLY_LOST))["run"]
        assert scene.clock() - began > 60
        assert abs(datetime.fromisoformat(found["beganAt"]).timestamp() - began) < 3

    def test_what_only_a_start_needs_travels_no_further(self, scene: Scene) -> None:
        run = scene.lose("mine", REPLY_LOST)["run"]
        assert "baseline" not in run
        assert "condition" not in run
        assert run["isAttached"] is False

    def test_an_execution_that_is_over_already_is_found_as_well(self, scene: Scene) -> None:
        run = scene.begin("mine")
        with scene.emulator.ending_at_once(scene.job, is_wanted=True):
            scene.start(run, REPLY_LOST)
        assert scene.search(run)["outcome"] == "found"

    def test_an_execution_that_lists_show_late_is_found(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.walker.enter_start(run)
        with scene.emulator.faults(scene.job, "start", {"fault": "late_visibility", "seconds": 55}):
            scene.walker.work(scene.walker.under_way[-1], dies_after=True)
        assert scene.search(run)["outcome"] == "found"

    def test_the_execution_of_a_function_that_posted_after_step_functions_lost_sight_of_it_is_found(
        self, scene: Scene
    ) -> None:
        run = scene.begin("mine", consistencyWindowSeconds=0)
        scene.walker.enter_start(run)
        scene.walker.give_up(scene.walker.under_way[-1])
        scene.clock.sleep(28)
        scene.walker.work(scene.walker.under_way[-1])
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
        scene.emulator.start_by_hand(scene.job, "yesterday", by_schedule=False)
        scene.clock.sleep(86_000)
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "nothing"
        assert " created after 20" in found["message"]

    @pytest.mark.parametrize("ahead_seconds", [-90_000, -7200, -3, 3, 7200, 90_000])
    @pytest.mark.parametrize("kind", BOTH_CLOUDS)
    def test_a_provider_whose_clock_is_far_from_ours_is_read_by_its_own(
        self, tmp_path: Path, kind: str, ahead_seconds: float
    ) -> None:
        with a_scene(kind, tmp_path, ahead_seconds) as scene:
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
    def test_a_start_by_others_at_another_time_is_not_taken_for_ours_and_not_for_nothing(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        found = scene.search(run)
        (theirs,) = scene.emulator.truth()
        assert found["outcome"] == "ambiguous"
        assert [candidate["executionId"] for candidate in found["candidates"]] == [theirs.execution_id]
        assert found["candidates"][0]["providerStatus"] == theirs.status
        assert found["candidates"][0]["createdAt"].startswith("20")
        assert found["message"] == f"1 executions of job {scene.job} listed may be of this run: {theirs.execution_id}"

    def test_beside_ours_it_leaves_in_doubt_which_is_which(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        found = scene.search(run)
        assert found["outcome"] == "ambiguous"
        named = [candidate["executionId"] for candidate in found["candidates"]]
        assert named == [execution.execution_id for execution in scene.emulator.truth()]
        assert found["message"].endswith(", ".join(named))

    @pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
    def test_a_start_by_others_after_the_window_changes_no_verdict(
        self, scene: Scene, fault: dict[str, Any], outcome: str
    ) -> None:
        """Otherwise whoever starts the job often enough ends every run whose search is delayed."""
        run = scene.start(scene.begin("mine"), fault)
        scene.clock.sleep(70)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=False)
        scene.clock.sleep(60)
        assert scene.search(run)["outcome"] == outcome

    def test_of_many_the_newest_ten_are_named(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        for number in range(12):
            scene.emulator.start_by_hand(scene.job, f"theirs-{number}", by_schedule=False)
            scene.clock.sleep(1)
        found = scene.search(run)
        named = [candidate["executionId"] for candidate in found["candidates"]]
        assert named == [execution.execution_id for execution in scene.emulator.truth()[2:]]
        assert found["message"].startswith("12 executions")

    @DATA_FLOW
    def test_what_a_schedule_begins_at_another_time_is_none_of_ours(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=True)
        assert scene.search(run)["outcome"] == "nothing"

    @DATA_FLOW
    def test_what_a_schedule_begins_while_we_post_stays_in_question(self, scene: Scene) -> None:
        run = scene.begin("mine")
        scene.emulator.start_by_hand(scene.job, "theirs", by_schedule=True)
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "ambiguous"


class TestASearchThatFails:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ("http_500", "ProviderUnavailable"),
            ("http_429", "Throttled"),
            ("truncated_json", "ProviderUnavailable"),
            ("reset_before", "ProviderUnavailable"),
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
    def test_is_repeated_where_step_functions_does_not_answer(self, scene: Scene, code: str) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        scene.step_functions.rejects_with = code
        assert scene.search(run)["outcome"] == "later"
        scene.step_functions.rejects_with = None
        assert scene.search(run)["outcome"] == "found"

    def test_is_repeated_where_the_history_lags_which_could_hide_a_post(self, scene: Scene) -> None:
        run = scene.begin("mine")
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "nothing"
        scene.start(run, REPLY_LOST)
        scene.step_functions.events_not_shown_yet = 9
        assert scene.search(run)["outcome"] == "later"
        scene.step_functions.events_not_shown_yet = 0
        assert scene.search(run)["outcome"] == "found"
        assert len(scene.started_by(run)) == 1

    def test_is_repeated_for_hours_while_the_provider_is_away(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=86_400), REPLY_LOST)
        with scene.emulator.faults(scene.job, "list_executions", {"fault": "http_500"}):
            for _ in range(12):
                assert scene.search(run)["outcome"] == "later"
                scene.clock.sleep(1800)
        assert scene.search(run)["outcome"] == "found"

    def test_ends_the_run_at_its_deadline_with_what_it_met(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=60), REPLY_LOST)
        scene.walker.await_consistency(run)
        with scene.emulator.faults(scene.job, "list_executions", {"fault": "http_500"}):
            assert scene.walker.find(run) == "DeadlineExceeded"
        assert run.error == "DeadlineExceeded"

    @pytest.mark.parametrize(("fault", "outcome"), [(REPLY_LOST, "found"), (REQUEST_LOST, "nothing")])
    def test_what_can_be_decided_is_answered_after_the_deadline_too(
        self, scene: Scene, fault: dict[str, Any], outcome: str
    ) -> None:
        assert scene.lose("mine", fault, timeoutSeconds=60)["outcome"] == outcome


def test_outside_a_run_there_is_nothing_to_search_for(tmp_path: Path) -> None:
    with (
        a_scene("data-flow", tmp_path) as scene,
        pytest.raises(InvalidRequest, match="what is searched for is the execution of a run") as raised,
    ):
        find(scene.environment, Invocation("state_machine", {"job": scene.job}))
    assert raised.value.field == "run"
