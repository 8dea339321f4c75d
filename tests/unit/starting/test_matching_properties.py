"""What holds for every list of executions, whatever the other runs say."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from farsync.model.execution import Execution
from farsync.model.run import Baseline
from farsync.starting.matching import NOTHING, Others, Posts, new_executions
from tests.unit.models import NOON
from tests.unit.starting.listed_executions import POSTS, execution
from tests.unit.starting.test_matching import A_TWIN_SEARCHES, ONE_SEARCHES, assess

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
    unique_by=lambda execution: execution.ref.execution_id,
)
searching = st.sampled_from([(), ONE_SEARCHES.undecided, A_TWIN_SEARCHES.undecided])
others = st.builds(Others, st.frozensets(names), searching, st.sampled_from([(), ("other",)]))
posts = st.sampled_from([None, POSTS])


@given(executions, others, posts)
def test_nothing_is_ours_that_another_run_holds_or_that_has_a_twin(
    new: list[Execution], others: Others, posts: Posts | None
) -> None:
    if found := assess(*new, others=others, posts=posts).execution:
        assert found.ref.execution_id not in others.held
        twin = found.model_copy(update={"ref": found.ref.model_copy(update={"execution_id": "twin"})})
        assert assess(*new, twin, others=others, posts=posts).outcome in ("later", "ambiguous")


@given(executions, others, posts)
def test_nothing_means_that_others_hold_all_that_is_new(
    new: list[Execution], others: Others, posts: Posts | None
) -> None:
    seen = assess(*new, others=others, posts=posts)
    are_all_held = {execution.ref.execution_id for execution in new} <= others.held
    assert (seen == NOTHING) == are_all_held


@given(executions, others, posts)
def test_nobody_is_waited_for_but_who_may_soon_know(new: list[Execution], others: Others, posts: Posts | None) -> None:
    assert assess(*new, others=others._replace(undecided=()), posts=posts).outcome != "later"


@given(executions, others, st.lists(st.floats(70.1, 9e5), max_size=3))
def test_a_later_start_by_others_changes_no_match(listed: list[Execution], others: Others, later: list[float]) -> None:
    more = [execution(f"later-{number}", created) for number, created in enumerate(later)]
    seen = [
        assess(*new_executions(found, Baseline(newest_created_at=NOON), POSTS), others=others)
        for found in (listed, [*listed, *more])
    ]
    assert seen[0] == seen[1]


@given(executions, others, posts, st.randoms())
def test_the_order_of_a_list_decides_nothing(
    listed: list[Execution], others: Others, posts: Posts | None, chance: Random
) -> None:
    shuffled = chance.sample(listed, len(listed))
    seen = [
        assess(*new_executions(order, Baseline(newest_created_at=NOON), posts), others=others, posts=posts)
        for order in (listed, shuffled)
    ]
    assert seen[0] == seen[1]
