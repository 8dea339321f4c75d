from collections.abc import Iterator

import pytest

from tests.state_machines.scenarios import SCENARIOS, Outcome, play
from tests.support.sandbox import Sandbox

WORDS = ["--huawei-option", "status-words=12", "--huawei-option", "error-codes=30100"]
NAVER = pytest.param(("naver", "G2", []), id="naver-G2")
HUAWEI = pytest.param(("huawei", "G1", WORDS), id="huawei-12-words")
GRACE_SECONDS = 15
"""How long an end is waited for past a deadline, in real seconds, as deadlines are."""
POLLERS = "4"
"""More than by default, so that polls which wait for slow replies hold up few others."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What has no mark runs at Data Flow: a state machine is the same for every cloud."""
    if "sandbox" in metafunc.fixturenames:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        clouds = [HUAWEI] if "at_dataarts" in marks else [NAVER, HUAWEI] if "at_both_clouds" in marks else [NAVER]
        metafunc.parametrize("sandbox", clouds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A whole sandbox of a cloud in the newest of its dialects; waits are twenty times shorter."""
    cloud, dialect, options = request.param
    options = [*options, "--processes", POLLERS, "--parameter", f"GracePeriodSeconds={GRACE_SECONDS}"]
    sandbox = Sandbox(cloud, dialect, speed=20, options=options)
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def outcomes(sandbox: Sandbox) -> dict[str, Outcome]:
    """What came of every scenario, once for all modules."""
    return play(sandbox, SCENARIOS)
