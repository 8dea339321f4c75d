"""Find, against both providers' services, where no other run is about."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from farsync.model.errors import DeadlineExceeded, InvalidRequest
from farsync.operations.find_execution import find
from tests.unit.operations.cloud import BOTH, a_cloud
from tests.unit.operations.marks import only
from tests.unit.operations.searching_scene import REPLY_LOST, REQUEST_LOST, Scene
from tests.unit.providers.replies import LIST_FIELDS

DATA_FLOW = only("scene", "data-flow")
LISTED_LATE = {"fault": "late_visibility", "seconds": 55}
CUT = {"fault": "truncated_json"}


class TestAlone:
    @pytest.mark.parametrize("fault", [REPLY_LOST, CUT, LISTED_LATE], ids=lambda fault: fault["fault"])
    def test_the_execution_of_the_unconfirmed_start_is_found(self, scene: Scene, fault: dict[str, Any]) -> None:
        run = scene.begin("mine")
        began = scene.clock()
        found = scene.search(scene.start(run, fault, dies=True))
        execution_id = scene.started_by(run)
        assert (found["outcome"], found["run"]["executionId"], found["waitSeconds"]) == ("found", execution_id, 0)
        assert found["message"] == f"execution {execution_id} is the one that the unconfirmed start began"
        assert scene.clock() - began > 60
        age_by = datetime.fromisoformat(found["run"]["beganAt"]).timestamp()
        assert abs(age_by - began) < 3, "its age is by the provider's clock and not from when it was found"

    def test_nothing_new_means_that_nothing_was_started(self, scene: Scene) -> None:
        found = scene.lose("mine", REQUEST_LOST)
        assert found["outcome"] == "nothing"
        assert found["message"] == f"no execution of job {scene.job} listed can be of this run"
        assert "executionId" not in found["run"]
        assert "baseline" in found["run"]

    @pytest.mark.parametrize("ahead_seconds", [-80_000, -3, 3, 80_000])
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
        ids = [execution.execution_id for execution in listed]
        assert found["outcome"] == "ambiguous"
        assert [candidate["executionId"] for candidate in found["candidates"]] == ids
        assert found["candidates"][0]["providerStatus"] == listed[0].status
        assert found["candidates"][0]["createdAt"].startswith("20")
        reason = f"{len(ids)} executions of job {scene.job} listed may be of this run: {', '.join(ids)}"
        assert found["message"] == reason

    @DATA_FLOW
    def test_of_many_the_newest_ten_are_named(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        ids = []
        for _ in range(12):
            ids.append(scene.emulator.start_by_hand(scene.job))
            scene.clock.sleep(1)
        found = scene.search(run)
        assert [candidate["executionId"] for candidate in found["candidates"]] == ids[2:]
        assert found["message"].startswith("12 executions")


class TestASearchThatFails:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [("http_500", "ProviderUnavailable"), ("http_429", "Throttled"), ("http_403", "PermissionDenied")],
    )
    def test_is_repeated_and_never_taken_for_nothing(self, scene: Scene, fault: str, error: str) -> None:
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.fail_every("list_executions", fault)
        found = scene.search(run)
        assert (found["outcome"], found["hasSearched"]) == ("later", False)
        assert found["reason"].startswith(f"{error}: ")
        assert found["waitSeconds"] >= 5
        scene.emulator.heal()
        assert scene.search(run)["outcome"] == "nothing"

    @pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalError"])
    @DATA_FLOW
    def test_is_repeated_where_step_functions_does_not_answer(self, scene: Scene, code: str) -> None:
        run = scene.start(scene.begin("mine"), REPLY_LOST)
        for action in ("GetExecutionHistory", "ListExecutions"):
            scene.aws.reject(action, code=code)
            assert scene.search(run)["outcome"] == "later"
            scene.aws.recover()
        assert scene.search(run)["outcome"] == "found"

    @DATA_FLOW
    def test_is_repeated_where_the_history_lags_which_could_hide_a_post(self, scene: Scene) -> None:
        run = scene.begin("mine")
        assert scene.search(scene.start(run, REQUEST_LOST))["outcome"] == "nothing"
        scene.start(run, REPLY_LOST)
        scene.aws.events_not_shown_yet = 9
        assert scene.search(run)["outcome"] == "later"
        scene.aws.events_not_shown_yet = 0
        assert scene.search(run)["run"]["executionId"] == scene.started_by(run)

    @DATA_FLOW
    def test_is_repeated_for_hours_while_the_provider_is_away(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=86_400), REPLY_LOST)
        scene.emulator.fail_every("list_executions", "http_500")
        for _ in range(12):
            assert scene.search(run)["outcome"] == "later"
            scene.clock.sleep(1800)
        scene.emulator.heal()
        assert scene.search(run)["outcome"] == "found"

    @DATA_FLOW
    def test_ends_the_run_at_its_deadline_unless_it_can_be_decided(self, scene: Scene) -> None:
        run = scene.start(scene.begin("mine", timeoutSeconds=60), REPLY_LOST)
        scene.emulator.fail_every("list_executions", "http_500")
        with pytest.raises(DeadlineExceeded):
            scene.search(run)
        scene.emulator.heal()
        assert scene.search(run)["outcome"] == "found"


def listing_also(*entries: object) -> Callable[[bytes], bytes]:
    def distort(body: bytes) -> bytes:
        content = json.loads(body)
        for name, total in LIST_FIELDS.values():
            if name in content:
                content[name] += entries
                content[total] += len(entries)
        return json.dumps(content).encode()

    return distort


def created(at: float) -> dict[str, object]:
    """An entry without an id."""
    date = datetime.fromtimestamp(at, UTC).isoformat()
    return {"status": "RUNNING", "createdDate": date, "planTime": round(at * 1000)}


class TestAnEntryThatCannotBeRead:
    @pytest.mark.parametrize("fault", [REPLY_LOST, REQUEST_LOST], ids=lambda fault: fault["fault"])
    @pytest.mark.parametrize("what", [None, {}, "of the moment of the post"], ids=str)
    def test_may_be_ours_and_leaves_a_start_in_doubt(self, scene: Scene, fault: dict[str, Any], what: object) -> None:
        run = scene.start(scene.begin("mine"), fault)
        scene.emulator.distort = listing_also(created(scene.clock()) if isinstance(what, str) else what)
        found = scene.search(run)
        assert (found["outcome"], found["hasSearched"]) == ("later", False)
        assert "1 entries of the provider's list cannot be read" in found["reason"]
        scene.emulator.distort = bytes
        assert scene.search(run)["outcome"] == ("found" if fault == REPLY_LOST else "nothing")

    @pytest.mark.parametrize("seconds", [-60, 600], ids=["older than the newest before", "after the window"])
    def test_of_another_time_is_not_ours(self, scene: Scene, seconds: float) -> None:
        scene.emulator.start_by_hand(scene.job)
        run = scene.start(scene.begin("mine"), REQUEST_LOST)
        scene.emulator.distort = listing_also(created(scene.clock() + seconds))
        assert scene.search(run)["outcome"] == "nothing"

    def test_does_not_hide_what_carries_our_marker(self, marked_scene: Scene) -> None:
        run = marked_scene.start(marked_scene.begin("mine"), REPLY_LOST)
        marked_scene.emulator.distort = listing_also({})
        assert marked_scene.search(run)["outcome"] == "found"

    def test_keeps_no_run_from_being_prepared(self, scene: Scene) -> None:
        known = scene.emulator.start_by_hand(scene.job)
        scene.emulator.distort = listing_also({}, None)
        assert scene.begin("mine").run["baseline"]["executionIds"] == [known]


@DATA_FLOW
def test_outside_a_run_there_is_nothing_to_search_for(scene: Scene) -> None:
    with pytest.raises(InvalidRequest, match="run: is required; what is searched for is the execution of a run") as it:
        scene.cloud.ask(find, {"job": scene.job})
    assert it.value.field == "run"
