"""Tests that need no second provider."""

import pytest


def only(fixture: str, kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(fixture, [kind], indirect=True)


DATA_FLOW = only("slow_cloud", "data-flow")
DATAARTS = only("slow_cloud", "dataarts")
