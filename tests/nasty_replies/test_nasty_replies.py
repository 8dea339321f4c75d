"""Some hundreds of replies that are documented but nasty; `make nasty-replies` runs a million."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farsync.providers.rejections import Operation
from tests.nasty_replies.replies import replies
from tests.nasty_replies.service import Stage
from tests.nasty_replies.use_cases import run_use_cases

STAGES = {cloud: Stage(cloud) for cloud in ("naver", "huawei")}


@pytest.mark.parametrize("operation", list(Operation), ids=lambda operation: operation.name.lower())
@pytest.mark.parametrize("cloud", list(STAGES))
@settings(max_examples=30)
@given(data=st.data())
def test_no_reply_breaks_what_is_made_of_it(cloud: str, operation: Operation, data: st.DataObject) -> None:
    run_use_cases(STAGES[cloud], operation, data.draw(replies(cloud, operation)))
