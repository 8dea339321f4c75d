"""Whose an execution is, by all evidence that there can be."""

from collections.abc import Mapping, Sequence

import pytest

from farsync.model.execution import Execution
from farsync.starting.matching import NOTHING, Match, Others, Posts, Searching, match
from tests.unit.starting.listed_executions import POSTS, execution

OURS: Mapping[str, str | None] = {"day": "2026-11-21"}
NO_OTHERS = Others()
ONE_SEARCHES = Others(undecided=(Searching("other", {"day": "2026-11-20"}),))
A_TWIN_SEARCHES = Others(undecided=(Searching("twin", OURS),))
ONE_NEVER_KNEW = Others(never_knew=("other",))


def verdict(
    *new: Execution,
    marks: Mapping[str, bool | None] | None = None,
    parameters: Mapping[str, str | None] = OURS,
    posts: Posts | None = POSTS,
    is_settled: bool = True,
    others: Others = NO_OTHERS,
) -> Match:
    return match(
        new,
        is_marked=lambda execution: marks[execution.ref.execution_id] if marks else None,
        parameters=parameters,
        posts=posts,
        is_settled=is_settled,
        others=lambda _: others,
    )


def ours(execution: Execution) -> Match:
    return Match("ours", execution)


def ambiguous(*candidates: Execution) -> Match:
    return Match("ambiguous", candidates=candidates)


class TestMarkers:
    def test_an_execution_with_our_marker_is_ours_whatever_else_is_there(self) -> None:
        mine, other = execution("x", 500), execution("y")
        assert verdict(mine, other, marks={"x": True, "y": False}, others=ONE_NEVER_KNEW) == ours(mine)
        assert verdict(mine, other, marks={"x": True, "y": None}, is_settled=False) == ours(mine)

    def test_the_other_runs_are_not_even_read_then(self) -> None:
        def ask(_: Sequence[Execution]) -> Others:
            raise AssertionError("a question too many")

        new, rest = [execution()], {"parameters": OURS, "posts": POSTS, "is_settled": True}
        assert match(new, is_marked=lambda _: True, others=ask, **rest).outcome == "ours"  # type: ignore[arg-type]
        assert match(new, is_marked=lambda _: False, others=ask, **rest) == NOTHING  # type: ignore[arg-type]
        assert match([], is_marked=lambda _: None, others=ask, **rest) == NOTHING  # type: ignore[arg-type]

    def test_an_execution_without_the_marker_that_all_of_ours_carry_is_none_of_ours(self) -> None:
        assert verdict(execution("x"), execution("y"), marks={"x": False, "y": False}) == NOTHING

    def test_executions_that_show_no_marker_are_judged_by_the_other_evidence(self) -> None:
        assert verdict(execution("x"), execution("y"), marks={"x": None, "y": False}) == ours(execution("x"))

    def test_two_that_carry_it_may_both_be_ours(self) -> None:
        both = (execution("x"), execution("y"))
        assert verdict(*both, marks={"x": True, "y": True}) == ambiguous(*both)


BOTH_OURS = (execution("x", parameters={"day": "2026-11-21"}), execution("y", parameters={"day": "2026-11-21"}))


class TestEcho:
    def test_the_only_one_that_repeats_our_parameters_is_ours_among_many(self) -> None:
        mine = execution("x", parameters={"day": "2026-11-21"})
        others = (execution("y", parameters={"day": "2026-11-20"}), execution("z"))
        assert verdict(mine, *others) == ours(mine)

    @pytest.mark.parametrize("others", [ONE_SEARCHES, ONE_NEVER_KNEW])
    def test_it_is_ours_also_while_a_run_with_other_parameters_knows_no_execution(self, others: Others) -> None:
        mine = execution("x", parameters={"day": "2026-11-21"})
        assert verdict(mine, execution("y"), others=others) == ours(mine)

    def test_it_is_not_taken_from_a_twin_that_may_be_starting_it_this_moment(self) -> None:
        mine = execution("x", parameters={"day": "2026-11-21"})
        assert verdict(mine, others=A_TWIN_SEARCHES).outcome == "later"
        assert verdict(mine, others=Others(undecided=(Searching("unread", None),))).outcome == "later"

    @pytest.mark.parametrize("posts", [POSTS, None])
    def test_it_is_not_ours_if_it_was_not_created_while_we_posted(self, posts: Posts | None) -> None:
        other = execution("x", 50, parameters={"day": "2026-11-21"})
        assert verdict(other, posts=posts) == ambiguous(other)

    def test_two_that_repeat_them_may_both_be_ours(self) -> None:
        assert verdict(*BOTH_OURS) == ambiguous(*BOTH_OURS)

    def test_one_of_the_two_that_another_run_holds_is_out_of_it(self) -> None:
        assert verdict(*BOTH_OURS, others=Others(held=frozenset({"y"}))) == ours(BOTH_OURS[0])

    def test_what_another_run_holds_is_out_of_it_also_while_a_third_knows_no_execution(self) -> None:
        held_by_a_twin = Others(held=frozenset({"x"}), never_knew=("third",))
        assert verdict(BOTH_OURS[0], others=held_by_a_twin) == NOTHING
        assert verdict(*BOTH_OURS, others=held_by_a_twin) == ours(BOTH_OURS[1])

    def test_an_execution_that_repeats_other_parameters_is_not_taken_however_alone(self) -> None:
        other = execution("x", parameters={"day": "2026-11-20"})
        assert verdict(other) == ambiguous(other)

    @pytest.mark.parametrize("echoed", [{"day": "2026-11-21", "more": "1"}, {"more": "1"}])
    def test_parameters_that_we_did_not_give_are_others(self, echoed: dict[str, str]) -> None:
        other = execution("x", parameters=echoed)
        assert verdict(other) == ambiguous(other)

    def test_a_secret_parameter_must_be_there_and_its_value_is_not_asked(self) -> None:
        parameters = {"day": "2026-11-21", "password": None}
        with_it = execution("x", parameters={"day": "2026-11-21", "password": "whatever"})
        without_it = execution("y", parameters={"day": "2026-11-21"})
        assert verdict(with_it, execution("z"), parameters=parameters) == ours(with_it)
        assert verdict(without_it, parameters=parameters) == ambiguous(without_it)

    def test_nothing_says_runs_apart_where_all_that_we_gave_is_secret_or_nothing(self) -> None:
        secrets = execution("x", parameters={"password": "a"}), execution("y", parameters={"password": "b"})
        assert verdict(*secrets, parameters={"password": None}) == ambiguous(*secrets)
        empty = execution(created=50, parameters={})
        assert verdict(empty, parameters={}) == ambiguous(empty)

    def test_a_secret_that_is_repeated_does_not_speak_against_the_only_one(self) -> None:
        secret = execution(parameters={"password": "a"})
        assert verdict(secret, parameters={"password": None}) == ours(secret)

    def test_a_provider_that_repeats_nothing_speaks_neither_for_nor_against(self) -> None:
        for silent in (execution(parameters={}), execution(parameters=None)):
            assert verdict(silent) == ours(silent)


class TestTheOnlyOne:
    def test_that_was_created_while_we_posted_is_ours(self) -> None:
        assert verdict(execution()) == ours(execution())

    @pytest.mark.parametrize("created", [-0.001, 10.001, None])
    def test_that_was_created_outside_our_moments_is_ambiguous_and_never_nothing(self, created: float | None) -> None:
        """A post that the provider acts on late would be posted again."""
        assert verdict(execution(created=created)) == ambiguous(execution(created=created))

    def test_is_ambiguous_where_the_moment_of_the_post_is_not_known(self) -> None:
        assert verdict(execution(), posts=None) == ambiguous(execution())

    def test_that_a_schedule_began_is_ambiguous(self) -> None:
        scheduled = execution(is_manual=False)
        assert verdict(scheduled) == ambiguous(scheduled)
        assert verdict(execution(is_manual=True)).outcome == "ours"

    def test_is_ours_once_all_others_are_held_by_other_runs(self) -> None:
        others = Others(held=frozenset({"y", "z"}))
        assert verdict(execution("x"), execution("y"), others=others) == ours(execution("x"))

    def test_held_by_another_run_is_none_of_ours(self) -> None:
        for others in (Others(held=frozenset({"x"})), Others(frozenset({"x"}), never_knew=("third",))):
            assert verdict(execution(), others=others) == NOTHING

    def test_beside_another_one_that_is_out_of_time_is_ambiguous(self) -> None:
        both = (execution("x"), execution("y", 50))
        assert verdict(*both) == ambiguous(*both)


class TestWaiting:
    @pytest.mark.parametrize("new", [(), (execution(),)])
    def test_nothing_is_judged_before_the_window_has_passed(self, new: tuple[Execution, ...]) -> None:
        """What the list does not show yet would be started twice."""
        assert verdict(*new, is_settled=False).outcome == "later"

    def test_is_for_another_run_that_may_soon_know_its_own(self) -> None:
        """Otherwise a healthy run ends as AmbiguousStart beside an ordinary slow start."""
        waiting = verdict(execution(), others=ONE_SEARCHES)
        assert waiting.outcome == "later"
        assert waiting.reason == "1 other runs of the job may have begun it: other"

    def test_is_for_nobody_where_nothing_is_left_to_be_reported_apart(self) -> None:
        assert verdict(others=ONE_SEARCHES) == NOTHING
        held = Others(frozenset({"x"}), undecided=ONE_SEARCHES.undecided)
        assert verdict(execution(), others=held) == NOTHING

    def test_is_not_for_a_run_that_searched_and_cannot_tell_or_is_closed(self) -> None:
        """Two such runs would wait for each other for ever."""
        assert verdict(execution(), others=ONE_NEVER_KNEW) == ambiguous(execution())
