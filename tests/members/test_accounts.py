"""The private store: who may log in, with what, for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from capx_graph.accounts import FILE_NAME, Accounts
from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.importers.population import Demonstration
from capx_graph.importers.sources import BenchDirectory
from capx_graph.repository.dumps.importing import ACTOR as DUMP_ACTOR


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(tmp_path, clock=clock)
    yield opened
    opened.close()


def test_an_account_has_its_name_in_one_form(accounts: Accounts) -> None:
    ana = accounts.add("ana_Maria", "correct horse battery", groups=["bot"])
    assert (ana.name, ana.groups) == ("Ana Maria", frozenset({"bot"}))
    assert accounts.account("ana Maria") == ana
    with pytest.raises(Conflict):
        accounts.add("Ana Maria", "another password")


@pytest.mark.parametrize("name", ["", "a@b", "a/b", "a#b", "x" * 86, "a  b", "a\nb", "A>b"])
def test_a_name_that_cannot_be_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.add(name, "correct horse battery")


@pytest.mark.parametrize("owner", [BenchDirectory.owner, Demonstration.owner, DUMP_ACTOR])
def test_nobody_can_register_the_name_of_an_importer(accounts: Accounts, owner: str) -> None:
    for name in (owner, owner.lower(), f" {owner} "):
        with pytest.raises(InvalidInput):
            accounts.add(name, "correct horse battery")
    assert accounts.account(owner) is None


def test_a_short_password_is_refused(accounts: Accounts) -> None:
    with pytest.raises(InvalidInput):
        accounts.add("Ana", "short")


def test_only_the_right_password_opens(accounts: Accounts) -> None:
    ana = accounts.add("Ana", "correct horse battery")
    assert accounts.check_password("Ana", "correct horse battery") == ana
    assert accounts.check_password("Ana", "wrong") is None
    assert accounts.check_password("Nobody", "correct horse battery") is None


def test_a_bot_password_opens_its_own_application_with_its_own_rights(accounts: Accounts) -> None:
    accounts.add("Ana", "correct horse battery")
    password = accounts.add_bot_password("Ana", "import", rights=["edit"])
    session = accounts.check_bot_password("Ana@import", password)
    assert session is not None
    assert session.rights == frozenset({"edit"})
    assert accounts.check_bot_password("Ana@other", password) is None
    assert accounts.check_password("Ana", password) is None


def test_a_session_ends_by_logging_out_by_time_and_with_the_password(accounts: Accounts, clock: Clock) -> None:
    ana = accounts.add("Ana", "correct horse battery")
    first, second, third = (accounts.open_session(ana, None) for _ in range(3))
    accounts.close_session(first)
    assert accounts.session(first) is None
    assert accounts.session(second) is not None
    accounts.set_password("Ana", "a better password")
    assert accounts.session(second) is None
    assert accounts.session(third) is None
    fourth = accounts.open_session(ana, None)
    clock.now += timedelta(days=31)
    assert accounts.session(fourth) is None


def test_a_consumer_fetches_tokens_that_end(accounts: Accounts, clock: Clock) -> None:
    ana = accounts.add("Ana", "correct horse battery")
    made = accounts.consumers.add(ana, "statistics", rights=["edit"])
    assert accounts.consumers.issue_token(made.key, "wrong") is None
    issued = accounts.consumers.issue_token(made.key, made.secret)
    assert issued is not None
    session = accounts.consumers.bearer(issued[0])
    assert session is not None
    assert (session.account.name, session.rights) == ("Ana", frozenset({"edit"}))
    clock.now += timedelta(hours=5)
    assert accounts.consumers.bearer(issued[0]) is None


def test_a_removed_consumer_has_no_tokens_left(accounts: Accounts) -> None:
    ana = accounts.add("Ana", "correct horse battery")
    made = accounts.consumers.add(ana, "statistics")
    issued = accounts.consumers.issue_token(made.key, made.secret)
    assert issued is not None
    assert accounts.consumers.remove(ana, made.key)
    assert accounts.consumers.bearer(issued[0]) is None
    assert accounts.consumers.of(ana) == []


def test_the_file_holds_no_password_and_no_key(accounts: Accounts, tmp_path: Path) -> None:
    ana = accounts.add("Ana", "correct horse battery")
    secrets = ["correct horse battery", accounts.open_session(ana, None), accounts.add_bot_password("Ana", "x")]
    secrets.append(accounts.consumers.add(ana, "two").secret)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [secret for secret in secrets if secret.encode() in stored]
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_groups_are_those_that_there_are(accounts: Accounts) -> None:
    accounts.add("Ana", "correct horse battery")
    accounts.set_groups("Ana", ["sysop"])
    changed = accounts.account("Ana")
    assert changed is not None
    assert changed.groups == {"sysop"}
    with pytest.raises(InvalidInput):
        accounts.set_groups("Ana", ["king"])
    with pytest.raises(NotFound):
        accounts.set_groups("Nobody", ["bot"])
