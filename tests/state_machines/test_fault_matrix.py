import pytest

from tests.support.fault_plays import Outcome, play_all
from tests.support.fault_scenes import AWS_OPERATIONS, title_of
from tests.support.sandbox import Sandbox
from tools.fault_matrix import read_fault_matrix

MATRIX = read_fault_matrix()
WAYS = {cloud: {title_of(*way): way[-1] for way in MATRIX.ways(cloud)} for cloud in ("naver", "huawei")}
AT_AWS = [title_of(*way) for way in MATRIX.ways("naver") if way[0] in AWS_OPERATIONS]
PASSING = ("429", "500", "502 HTML", "503", "truncated JSON", "reset before")

Outcomes = dict[str, Outcome]


@pytest.fixture(scope="module")
def played(sandbox: Sandbox) -> Outcomes:
    return play_all(sandbox, MATRIX)


@pytest.mark.at_both_clouds
@pytest.mark.parametrize("title", WAYS["huawei"])
def test_a_run_that_meets_a_fault_ends_as_the_matrix_says(sandbox: Sandbox, played: Outcomes, title: str) -> None:
    check(sandbox, played, title)


@pytest.mark.parametrize("title", AT_AWS)
def test_a_run_that_meets_a_fault_within_aws_ends_as_the_matrix_says(
    sandbox: Sandbox, played: Outcomes, title: str
) -> None:
    check(sandbox, played, title)


@pytest.mark.at_both_clouds
@pytest.mark.parametrize("operation", ["prepare", "list", "poll"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_at_a_provider_that_passes_before_the_deadline_delays_a_run_and_fails_none_whose_start_is_known(
    played: Outcomes, operation: str, fault: str
) -> None:
    assert played[f"{operation}, {fault}"] == Outcome("SUCCEEDED", None, 1, ("execution.succeeded",))


def check(sandbox: Sandbox, played: Outcomes, title: str) -> None:
    end = MATRIX.ends[WAYS[sandbox.emulator.connection][title].end]
    expected = Outcome(end.status, end.error, end.executions, end.events, was_met=True)
    assert played[title] == expected, played[title]


def test_the_matrix_asks_both_clouds_the_same() -> None:
    assert WAYS["naver"].keys() == WAYS["huawei"].keys() | set(AT_AWS)
    assert WAYS["huawei"].keys().isdisjoint(AT_AWS)
