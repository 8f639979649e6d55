"""``capx account``: what it makes signs in."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from capx_graph.accounts import Accounts
from capx_graph.cli import main
from capx_graph.settings import SETTINGS

Run = Callable[..., tuple[int, str, str]]
PASSWORD = "correct horse battery"


@pytest.fixture
def capx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with a text on standard input."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["capx", "--data", str(tmp_path / "data"), "account", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    accounts = Accounts(tmp_path / "data")
    yield accounts
    accounts.close()


def test_an_account_signs_in_with_its_password(capx: Run, accounts: Accounts) -> None:
    assert capx("add", "ana", "--group", "sysop", typed=PASSWORD + "\n")[0] == 0
    assert accounts.check_password("Ana", PASSWORD) is not None
    assert capx("list")[1] == "Ana\tsysop\n"
    assert capx("password", "Ana", typed="another one entirely\n")[0] == 0
    assert accounts.check_password("Ana", PASSWORD) is None
    assert capx("groups", "Ana", "bot")[1] == "bot\n"
    assert capx("groups", "Ana", "--none")[1] == "\n"


def test_a_bot_password_is_limited_to_its_grants(capx: Run, accounts: Accounts) -> None:
    capx("add", "Ana", typed=PASSWORD)
    _, out, _ = capx("bot-password", "Ana", "tool", "--grant", "editpage")
    login, secret = out.split()
    session = accounts.check_bot_password(login, secret)
    assert session is not None
    assert session.rights is not None
    assert "edit" in session.rights
    assert "createpage" not in session.rights


def test_consumers_are_made_listed_and_removed(capx: Run, accounts: Accounts) -> None:
    capx("add", "Ana", typed=PASSWORD)
    _, out, _ = capx("consumer", "Ana", "tool")
    made = dict(line.split("\t") for line in out.splitlines())
    assert accounts.consumers.issue_token(made["key"], made["secret"]) is not None
    _, out, _ = capx("consumer", "Ana", "older tool", "--oauth1")
    assert [line.split("\t")[0] for line in out.splitlines()] == ["key", "secret", "access token", "access secret"]
    assert len(capx("consumer", "Ana")[1].splitlines()) == 2
    assert capx("consumer", "Ana", "--remove", made["key"])[0] == 0
    assert accounts.consumers.issue_token(made["key"], made["secret"]) is None


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "Ana"), "short", "at least 8"),
        (("add", "A#b"), PASSWORD, "name"),
        (("password", "Nobody"), PASSWORD, "Nobody"),
        (("groups", "Nobody"), "", "Nobody"),
        (("consumer", "Nobody", "x"), "", "Nobody"),
        (("bot-password", "Nobody", "x"), "", "Nobody"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(capx: Run, arguments: tuple[str, ...], typed: str, said: str) -> None:
    code, out, err = capx(*arguments, typed=typed)
    assert code == 1
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
