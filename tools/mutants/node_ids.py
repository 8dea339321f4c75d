"""A pytest plugin for mutmut 3.7: pytest 9 keeps no `_nodeid`, which mutmut asks for.

mutmut 3.8 does without, but needs another release of click than aws-sam-cli.
"""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    vars(item)["_nodeid"] = item.nodeid
