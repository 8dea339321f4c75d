from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.evidence import (
    PostedWithin,
    Verdict,
    judge,
    new_executions,
)
from farsync.execution import Execution
from farsync.run import Baseline
from farsync.run_ledger import HeldByOthers
from tests.unit.listed_executions import NOON, POSTED, execution

OURS: Mapping[str, str | None] = {"day": "2026-11-21"}
NONE_HELD = HeldByOthers(frozenset(), are_all=True)
IN_DOUBT = HeldByOthers(frozenset(), are_all=False)
"""Another run may have begun something, and does not know it."""


def verdict(
    *new: Execution,
    marks: Mapping[str, bool | None] | None = None,
    parameters: Mapping[str, str | None] = OURS,
    posted: PostedWithin | None = POSTED,
    held: HeldByOthers = NONE_HELD,
) -> Verdict:
    def is_marked(one: Execution) -> bool | None:
        return marks[one.ref.execution_id] if marks else None

    return judge(new, is_marked=is_marked, parameters=parameters, posted=posted, held_by_others=lambda: held)


class TestMarkers:
    def test_an_execution_with_our_marker_is_ours_whatever_else_is_there(self) -> None:
        ours, other = execution("x", 500), execution("y")
        assert verdict(ours, other, marks={"x": True, "y": False}, held=IN_DOUBT).ours == ours
        assert verdict(ours, other, marks={"x": True, "y": None}, held=IN_DOUBT).ours == ours

    def test_the_other_runs_are_not_even_asked_about_then(self) -> None:
        def ask() -> HeldByOthers:
            raise AssertionError("a question too many")

        new = [execution()]
        assert judge(new, is_marked=lambda _: True, parameters=OURS, posted=None, held_by_others=ask).ours == new[0]
        unmarked = judge(new, is_marked=lambda _: False, parameters=OURS, posted=POSTED, held_by_others=ask)
        assert unmarked == Verdict()
        assert judge([], is_marked=lambda _: None, parameters=OURS, posted=POSTED, held_by_others=ask) == Verdict()

    def test_an_execution_without_the_marker_that_all_of_ours_carry_is_none_of_ours(self) -> None:
        assert verdict(execution("x"), execution("y"), marks={"x": False, "y": False}) == Verdict()

    def test_executions_that_show_no_marker_are_judged_by_the_other_evidence(self) -> None:
        assert verdict(execution("x"), execution("y"), marks={"x": None, "y": False}).ours == execution("x")

    def test_two_that_carry_it_are_both_in_question(self) -> None:
        both = (execution("x"), execution("y"))
        assert verdict(*both, marks={"x": True, "y": True}) == Verdict(in_question=both)


BOTH_OURS = (execution("x", parameters={"day": "2026-11-21"}), execution("y", parameters={"day": "2026-11-21"}))


class TestEcho:
    def test_the_only_one_that_repeats_our_parameters_is_ours_among_many(self) -> None:
        ours = execution("x", parameters={"day": "2026-11-21"})
        others = (execution("y", parameters={"day": "2026-11-20"}), execution("z"))
        assert verdict(ours, *others).ours == ours

    def test_it_is_ours_also_while_another_run_knows_no_execution(self) -> None:
        ours = execution("x", parameters={"day": "2026-11-21"})
        assert verdict(ours, execution("y"), held=IN_DOUBT).ours == ours

    @pytest.mark.parametrize("posted", [POSTED, None])
    def test_it_is_not_ours_if_it_was_not_created_while_we_posted(self, posted: PostedWithin | None) -> None:
        other = execution("x", 500, parameters={"day": "2026-11-21"})
        assert verdict(other, posted=posted) == Verdict(in_question=(other,))

    def test_two_that_repeat_them_are_both_in_question(self) -> None:
        assert verdict(*BOTH_OURS) == Verdict(in_question=BOTH_OURS)

    def test_one_of_the_two_that_another_run_holds_is_out_of_it(self) -> None:
        assert verdict(*BOTH_OURS, held=HeldByOthers(frozenset({"y"}), are_all=True)).ours == BOTH_OURS[0]

    def test_what_another_run_holds_is_out_of_it_also_while_a_third_knows_no_execution(self) -> None:
        held_by_a_twin = HeldByOthers(frozenset({"x"}), are_all=False)
        assert verdict(BOTH_OURS[0], held=held_by_a_twin) == Verdict()
        assert verdict(*BOTH_OURS, held=held_by_a_twin).ours == BOTH_OURS[1]

    def test_an_execution_that_repeats_other_parameters_is_not_adopted_however_alone(self) -> None:
        other = execution("x", parameters={"day": "2026-11-20"})
        assert verdict(other) == Verdict(in_question=(other,))

    @pytest.mark.parametrize("echoed", [{"day": "2026-11-21", "more": "1"}, {"more": "1"}])
    def test_parameters_that_we_did_not_give_are_others(self, echoed: dict[str, str]) -> None:
        other = execution("x", parameters=echoed)
        assert verdict(other) == Verdict(in_question=(other,))

    def test_a_secret_parameter_must_be_there_and_its_value_is_not_asked(self) -> None:
        parameters = {"day": "2026-11-21", "password": None}
        with_it = execution("x", parameters={"day": "2026-11-21", "password": "whatever"})
        without_it = execution("y", parameters={"day": "2026-11-21"})
        assert verdict(with_it, execution("z"), parameters=parameters).ours == with_it
        assert verdict(without_it, parameters=parameters).ours is None

    def test_nothing_tells_runs_apart_where_all_that_we_gave_is_secret_or_nothing(self) -> None:
        secrets = execution("x", parameters={"password": "a"}), execution("y", parameters={"password": "b"})
        assert verdict(*secrets, parameters={"password": None}) == Verdict(in_question=secrets)
        empty = execution(created=500, parameters={})
        assert verdict(empty, parameters={}) == Verdict(in_question=(empty,))

    def test_a_secret_that_is_repeated_does_not_speak_against_the_only_one(self) -> None:
        secret = execution(parameters={"password": "a"})
        assert verdict(secret, parameters={"password": None}).ours == secret

    def test_a_vendor_that_repeats_nothing_speaks_neither_for_nor_against(self) -> None:
        for silent in (execution(parameters={}), execution(parameters=None)):
            assert verdict(silent).ours == silent


class TestTheOnlyOne:
    def test_that_was_created_while_we_posted_is_ours(self) -> None:
        assert verdict(execution()) == Verdict(ours=execution())

    @pytest.mark.parametrize("created", [-0.001, 10.001, None])
    def test_that_was_created_at_another_time_stays_in_question(self, created: float | None) -> None:
        assert verdict(execution(created=created)) == Verdict(in_question=(execution(created=created),))

    def test_stays_in_question_where_the_moment_of_the_post_is_not_known(self) -> None:
        assert verdict(execution(), posted=None) == Verdict(in_question=(execution(),))

    def test_that_a_schedule_began_stays_in_question(self) -> None:
        scheduled = execution(is_manual=False)
        assert verdict(scheduled) == Verdict(in_question=(scheduled,))
        assert verdict(execution(is_manual=True)).ours is not None

    def test_stays_in_question_while_another_run_may_have_begun_it(self) -> None:
        assert verdict(execution(), held=IN_DOUBT) == Verdict(in_question=(execution(),))

    def test_is_ours_once_all_others_are_held_by_other_runs(self) -> None:
        assert verdict(
            execution("x"), execution("y"), held=HeldByOthers(frozenset({"y", "z"}), are_all=True)
        ).ours == execution("x")

    def test_held_by_another_run_is_none_of_ours(self) -> None:
        for are_all in (True, False):
            assert verdict(execution(), held=HeldByOthers(frozenset({"x"}), are_all)) == Verdict()

    def test_beside_another_one_that_is_out_of_time_stays_in_question(self) -> None:
        both = (execution("x"), execution("y", 500))
        assert verdict(*both) == Verdict(in_question=both)


names = st.sampled_from("abcde")
executions = st.lists(
    st.builds(
        execution,
        names,
        st.one_of(st.none(), st.sampled_from([-9.0, -4.0, 0.0, 5.0, 10.0, 11.0, 500.0])),
        is_manual=st.sampled_from([None, True, False]),
        parameters=st.sampled_from([None, {}, {"day": "2026-11-21"}, {"day": "2026-11-20"}]),
    ),
    max_size=5,
    unique_by=lambda one: one.ref.execution_id,
)
helds, posts = st.builds(HeldByOthers, st.frozensets(names), st.booleans()), st.sampled_from([None, POSTED])


@given(executions, helds, posts)
def test_nothing_is_ours_that_another_run_holds_or_that_has_a_twin(
    new: list[Execution], held: HeldByOthers, posted: PostedWithin | None
) -> None:
    if ours := verdict(*new, held=held, posted=posted).ours:
        assert ours.ref.execution_id not in held.execution_ids
        twin = ours.model_copy(update={"ref": ours.ref.model_copy(update={"execution_id": "twin"})})
        assert verdict(*new, twin, held=held, posted=posted).ours is None


@given(executions, helds, posts, st.randoms())
def test_the_order_of_a_vendors_list_decides_nothing(
    listed: list[Execution], held: HeldByOthers, posted: PostedWithin | None, chance: Random
) -> None:
    shuffled = chance.sample(listed, len(listed))
    told = [
        verdict(*new_executions(order, Baseline(newest_created_at=NOON), posted), held=held, posted=posted)
        for order in (listed, shuffled)
    ]
    assert told[0] == told[1]
