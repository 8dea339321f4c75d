"""Which provider a test needs: one where the other would show nothing else, or both where the default is one."""

import pytest

from tests.unit.operations.cloud import BOTH


def only(fixture: str, *kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(fixture, kinds, indirect=True)


DATA_FLOW = only("slow_cloud", "data-flow")
DATAARTS = only("slow_cloud", "dataarts")
BOTH_CLOUDS = only("closing", *BOTH)
