from collections.abc import Iterator

import pytest

from tests.support.sandbox import Sandbox

OLDEST_WORDS = ["--huawei-option", "status-words=7", "--huawei-option", "error-codes=0100"]
NEWEST_WORDS = ["--huawei-option", "status-words=12", "--huawei-option", "error-codes=30100"]
NAVER = [pytest.param(("naver", dialect, []), id=f"naver-{dialect}") for dialect in ("G1", "G2")]
HUAWEI = [
    pytest.param(("huawei", "G1", OLDEST_WORDS), id="huawei-7-words"),
    pytest.param(("huawei", "G1", NEWEST_WORDS), id="huawei-12-words"),
]
GRACE_SECONDS = 15
"""How long an end is waited for past a deadline, in real seconds, as deadlines are."""
POLLERS = "4"
"""More than by default, so that polls which wait for slow replies hold up few others."""
MARKED = {"newest_dialects": [NAVER[1], HUAWEI[1]], "one_cloud": [NAVER[1]]}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that names no dialects runs in all; with a mark, in those that pyproject.toml tells of it."""
    parametrized = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "sandbox" in metafunc.fixturenames and "sandbox" not in parametrized:
        marks = [mark.name for mark in metafunc.definition.iter_markers() if mark.name in MARKED]
        dialects = MARKED[marks[0]] if marks else NAVER + HUAWEI
        metafunc.parametrize("sandbox", dialects, indirect=True, scope="session")


@pytest.fixture(scope="session")
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A whole sandbox of a cloud in one of its dialects; waits are twenty times shorter."""
    cloud, dialect, options = request.param
    options = [*options, "--processes", POLLERS, "--parameter", f"GracePeriodSeconds={GRACE_SECONDS}"]
    sandbox = Sandbox(cloud, dialect, speed=20, options=options)
    yield sandbox
    sandbox.stop()
