"""Which stack is meant, and who calls it."""

from pathlib import Path

import pytest

from cli.tests.support import records
from cli.tests.support.fake_api import FakeStack
from cli.tests.support.playing import Open
from farsync_client.errors import NoCredentials, NoStackChosen, StackNotFound, TokenCommandFailed, Unauthorized


class TestWhichStack:
    def test_a_stack_that_is_not_stored_is_read_from_cloudformation(self, opened: Open, stack: FakeStack) -> None:
        assert opened().stack.api_url == stack.url

    def test_none_chosen(self, opened: Open) -> None:
        with pytest.raises(NoStackChosen, match="farsync use --stack NAME"):
            opened(FARSYNC_STACK="")

    def test_one_that_is_not_there(self, opened: Open) -> None:
        with pytest.raises(StackNotFound, match="no stack other in ap-northeast-2"):
            opened(FARSYNC_STACK="other")

    def test_without_credentials(self, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        with pytest.raises(NoCredentials, match="aws sso login"):
            opened()

    def test_an_address_goes_before_everything(self, opened: Open, stack: FakeStack) -> None:
        client = opened(FARSYNC_API_URL=stack.url, FARSYNC_STACK="no-such-stack")
        assert client.get_run("8fdd7432").state == "RUNNING"


class TestTokens:
    def test_a_token_goes_in_place_of_a_signature(self, stack: FakeStack, opened: Open) -> None:
        stack.token = "t1"
        client = opened(FARSYNC_API_URL=stack.url, FARSYNC_TOKEN_COMMAND="echo t1", FARSYNC_STACK="")
        assert client.get_run("8fdd7432").state == "RUNNING"

    def test_a_token_that_has_expired_is_asked_for_again(self, stack: FakeStack, opened: Open, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("t1")
        stack.token = "t1"
        command = f"cat {tmp_path}/token"
        client = opened(FARSYNC_STACK="", FARSYNC_API_URL=stack.url, FARSYNC_TOKEN_COMMAND=command)
        client.get_run("8fdd7432")
        stack.token = "t2"
        (tmp_path / "token").write_text("t2")
        assert client.run("night_load").name == records.STARTED

    def test_a_token_that_is_rejected_twice_is_an_error(self, stack: FakeStack, opened: Open) -> None:
        stack.token = "other"
        client = opened(FARSYNC_STACK="", FARSYNC_API_URL=stack.url, FARSYNC_TOKEN_COMMAND="echo mine")
        with pytest.raises(Unauthorized):
            client.get_run("8fdd7432")
        assert len(stack.calls) == 1

    @pytest.mark.parametrize("command", ["no-such-command-here", "false", "true", 'sh "'])
    def test_a_command_that_prints_no_token_is_named(self, command: str, stack: FakeStack, opened: Open) -> None:
        client = opened(FARSYNC_STACK="", FARSYNC_API_URL=stack.url, FARSYNC_TOKEN_COMMAND=command)
        with pytest.raises(TokenCommandFailed):
            client.get_run("8fdd7432")
