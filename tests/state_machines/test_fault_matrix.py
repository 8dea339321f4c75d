import pytest

from tests.support.fault_plays import Outcome, play_all
from tests.support.fault_scenes import AWS_OPERATIONS, title_of
from tests.support.sandbox import Sandbox
from tools.fault_matrix import read_fault_matrix

MATRIX = read_fault_matrix()
WAYS = {cloud: {title_of(*way): way[-1] for way in MATRIX.ways(cloud)} for cloud in ("naver", "huawei")}
AT_AWS = [title_of(*way) for way in MATRIX.ways("naver") if way[0] in AWS_OPERATIONS]


@pytest.fixture(scope="module")
def outcomes(sandbox: Sandbox) -> dict[str, Outcome]:
    return play_all(sandbox, MATRIX)


@pytest.mark.newest_dialects
@pytest.mark.parametrize("title", WAYS["huawei"])
def test_a_run_that_meets_a_fault_ends_as_the_matrix_says(
    sandbox: Sandbox, outcomes: dict[str, Outcome], title: str
) -> None:
    check(sandbox, outcomes, title)


@pytest.mark.one_cloud
@pytest.mark.parametrize("title", AT_AWS)
def test_a_run_that_meets_a_fault_within_aws_ends_as_the_matrix_says(
    sandbox: Sandbox, outcomes: dict[str, Outcome], title: str
) -> None:
    check(sandbox, outcomes, title)


def check(sandbox: Sandbox, outcomes: dict[str, Outcome], title: str) -> None:
    end = MATRIX.ends[WAYS[sandbox.emulator.connection][title].end]
    expected = Outcome(end.status, end.error, end.executions, end.events, was_met=True)
    assert outcomes[title] == expected, outcomes[title]


def test_the_matrix_asks_both_clouds_the_same() -> None:
    assert WAYS["naver"].keys() == WAYS["huawei"].keys() | set(AT_AWS)
    assert WAYS["huawei"].keys().isdisjoint(AT_AWS)
