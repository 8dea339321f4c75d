"""Whose an execution is, by all evidence that there can be."""

from collections.abc import Mapping, Sequence

import pytest

from farsync.model.execution import Execution
from farsync.starting.matching import NOTHING, Match, Others, Posts, Searching, match
from tests.unit.starting.listed_executions import POSTS, execution

DAY = {"day": "2026-11-21"}
OURS: Mapping[str, str | None] = {**DAY}
SECRET: Mapping[str, str | None] = {"password": None}
NO_OTHERS = Others()
ONE_SEARCHES = Others(undecided=(Searching("other", {"day": "2026-11-20"}),))
A_TWIN_SEARCHES = Others(undecided=(Searching("twin", OURS),))
ONE_NEVER_KNEW = Others(never_knew=("other",))


def assess(
    *new: Execution,
    marks: Mapping[str, bool | None] | None = None,
    parameters: Mapping[str, str | None] = OURS,
    posts: Posts | None = POSTS,
    is_consistent: bool = True,
    others: Others = NO_OTHERS,
) -> Match:
    return match(
        new,
        is_marked=lambda execution: marks[execution.ref.execution_id] if marks else None,
        parameters=parameters,
        posts=posts,
        is_consistent=is_consistent,
        others=lambda _: others,
    )


def ours(execution: Execution) -> Match:
    return Match("ours", execution)


def ambiguous(*candidates: Execution) -> Match:
    return Match("ambiguous", candidates=candidates)


X, Y = execution("x"), execution("y")


class TestMarkers:
    def test_an_execution_with_our_marker_is_ours_whatever_else_is_there(self) -> None:
        late = execution("x", 500)
        assert assess(late, Y, marks={"x": True, "y": False}, others=ONE_NEVER_KNEW) == ours(late)
        assert assess(late, Y, marks={"x": True, "y": None}, is_consistent=False) == ours(late)

    @pytest.mark.parametrize(
        ("new", "mark", "outcome"), [([X], True, "ours"), ([X], False, "nothing"), ([], None, "nothing")]
    )
    def test_where_markers_decide_other_runs_are_not_read(
        self, new: list[Execution], mark: bool | None, outcome: str
    ) -> None:
        def ask(_: Sequence[Execution]) -> Others:
            raise AssertionError("a question too many")

        given = match(new, is_marked=lambda _: mark, others=ask, parameters=OURS, posts=POSTS, is_consistent=True)
        assert given.outcome == outcome

    def test_an_execution_without_the_marker_that_all_of_ours_carry_is_none_of_ours(self) -> None:
        assert assess(X, Y, marks={"x": False, "y": False}) == NOTHING

    def test_executions_that_show_no_marker_are_assessed_by_the_other_evidence(self) -> None:
        assert assess(X, Y, marks={"x": None, "y": False}) == ours(X)

    def test_two_that_carry_it_may_both_be_ours(self) -> None:
        assert assess(X, Y, marks={"x": True, "y": True}) == ambiguous(X, Y)


ECHO, TWIN = execution("x", parameters=DAY), execution("y", parameters=DAY)
OTHER_DAY = execution("x", parameters={"day": "2026-11-20"})
WITH_SECRET = execution("x", parameters={**DAY, "password": "whatever"})
MORE, ELSE = execution(parameters={**DAY, "more": "1"}), execution(parameters={"more": "1"})
LATE, SILENT = execution(created=50, parameters={}), execution(parameters={})
TWO_SECRETS = execution("x", parameters={"password": "a"}), execution("y", parameters={"password": "b"})


class TestEcho:
    @pytest.mark.parametrize("others", [NO_OTHERS, ONE_SEARCHES, ONE_NEVER_KNEW])
    def test_the_only_one_that_repeats_our_parameters_is_ours_among_many(self, others: Others) -> None:
        """Also while a run with other parameters knows no execution."""
        assert assess(ECHO, execution("y", parameters={"day": "2026-11-20"}), execution("z"), others=others) == ours(
            ECHO
        )

    def test_it_is_not_taken_from_a_twin_that_may_be_starting_it_this_moment(self) -> None:
        assert assess(ECHO, others=A_TWIN_SEARCHES).outcome == "later"
        assert assess(ECHO, others=Others(undecided=(Searching("unread", None),))).outcome == "later"

    @pytest.mark.parametrize("posts", [POSTS, None])
    def test_it_is_not_ours_if_it_was_not_created_while_we_posted(self, posts: Posts | None) -> None:
        other = execution("x", 50, parameters=DAY)
        assert assess(other, posts=posts) == ambiguous(other)

    def test_two_that_repeat_them_may_both_be_ours(self) -> None:
        assert assess(ECHO, TWIN) == ambiguous(ECHO, TWIN)

    def test_one_of_the_two_that_another_run_holds_is_out_of_it(self) -> None:
        assert assess(ECHO, TWIN, others=Others(held=frozenset({"y"}))) == ours(ECHO)
        held_by_a_twin = Others(held=frozenset({"x"}), never_knew=("third",))
        assert assess(ECHO, others=held_by_a_twin) == NOTHING
        assert assess(ECHO, TWIN, others=held_by_a_twin) == ours(TWIN)

    @pytest.mark.parametrize(
        ("new", "parameters", "expected"),
        [
            ([OTHER_DAY], OURS, ambiguous(OTHER_DAY)),
            ([MORE], OURS, ambiguous(MORE)),
            ([ELSE], OURS, ambiguous(ELSE)),
            ([WITH_SECRET, execution("z")], {**OURS, **SECRET}, ours(WITH_SECRET)),
            ([ECHO], {**OURS, **SECRET}, ambiguous(ECHO)),
            (TWO_SECRETS, SECRET, ambiguous(*TWO_SECRETS)),
            (TWO_SECRETS[:1], SECRET, ours(TWO_SECRETS[0])),
            ([LATE], {}, ambiguous(LATE)),
            ([SILENT], OURS, ours(SILENT)),
        ],
        ids=[
            *("other parameters", "more than we gave", "others than we gave", "a secret beside ours"),
            *("ours without its secret", "two of secrets alone", "one of secrets alone", "nothing", "silent"),
        ],
    )
    def test_secrets_are_compared_by_name_alone(
        self, new: Sequence[Execution], parameters: Mapping[str, str | None], expected: Match
    ) -> None:
        assert assess(*new, parameters=parameters) == expected


class TestTheOnlyOne:
    def test_that_was_created_while_we_posted_is_ours(self) -> None:
        assert assess(X) == ours(X)

    @pytest.mark.parametrize("created", [-0.001, 10.001, None])
    def test_that_was_created_outside_our_posts_is_ambiguous_and_never_nothing(self, created: float | None) -> None:
        """A post that the provider acts on late would be posted again."""
        assert assess(execution(created=created)) == ambiguous(execution(created=created))

    def test_is_ambiguous_where_the_time_of_the_post_is_not_known(self) -> None:
        assert assess(X, posts=None) == ambiguous(X)

    def test_that_a_schedule_began_is_ambiguous(self) -> None:
        scheduled = execution(is_manual=False)
        assert assess(scheduled) == ambiguous(scheduled)
        assert assess(execution(is_manual=True)).outcome == "ours"

    @pytest.mark.parametrize("never_knew", [(), ("third",)])
    def test_is_ours_once_other_runs_hold_all_others_but_not_itself(self, never_knew: tuple[str, ...]) -> None:
        assert assess(X, Y, others=Others(held=frozenset({"y", "z"}))) == ours(X)
        assert assess(X, others=Others(frozenset({"x"}), never_knew=never_knew)) == NOTHING

    def test_beside_another_that_is_out_of_time_is_ambiguous(self) -> None:
        late = execution("y", 50)
        assert assess(X, late) == ambiguous(X, late)


class TestWaiting:
    @pytest.mark.parametrize("new", [(), (X,)])
    def test_nothing_is_assessed_before_the_window_has_passed(self, new: tuple[Execution, ...]) -> None:
        """What the list does not show yet would be started twice."""
        assert assess(*new, is_consistent=False).outcome == "later"

    def test_is_for_another_run_that_may_soon_know_its_own(self) -> None:
        """Otherwise a healthy run ends as AmbiguousStart beside an ordinary slow start."""
        waiting = assess(X, others=ONE_SEARCHES)
        assert waiting == Match("later", reason="1 other runs of the job may have begun it: other")

    def test_is_for_nobody_where_nothing_is_left_in_question(self) -> None:
        assert assess(others=ONE_SEARCHES) == NOTHING
        assert assess(X, others=Others(frozenset({"x"}), undecided=ONE_SEARCHES.undecided)) == NOTHING

    def test_is_not_for_a_run_that_searched_and_cannot_tell_or_is_closed(self) -> None:
        """Two such runs would wait for each other for ever."""
        assert assess(X, others=ONE_NEVER_KNEW) == ambiguous(X)
