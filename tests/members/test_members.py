"""Who a member is: the same person under another name, never another person under the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.accounts import Accounts
from capx_graph.errors import InvalidInput

META = "https://meta.example/w"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts(tmp_path)
    yield opened
    opened.close()


def test_whoever_comes_again_is_the_same(accounts: Accounts) -> None:
    first = accounts.members.arrive(META, "17", "Ana")
    again = accounts.members.arrive(META, "17", "Ana")
    assert again.member == first.member
    assert not again.renamed


def test_a_new_name_leads_from_the_old_one(accounts: Accounts) -> None:
    first = accounts.members.arrive(META, "17", "Ana").member
    again = accounts.members.arrive(META, "17", "Ana Silva")
    assert again.member.id == first.id
    assert again.renamed == (("Ana", "Ana Silva"),)
    assert accounts.members.formerly("Ana") == again.member
    assert accounts.members.formerly("Ana Silva") is None
    assert accounts.members.named("ana_Silva") == again.member


def test_a_name_given_to_somebody_else_takes_nothing_along(accounts: Accounts) -> None:
    first = accounts.members.arrive(META, "17", "Ana").member
    second = accounts.members.arrive(META, "18", "Ana")
    assert second.member.id != first.id
    assert second.member.name == "Ana"
    assert second.renamed == (("Ana", "Ana (old)"),)
    assert accounts.members.by_id(first.id).name == "Ana (old)"  # type: ignore[union-attr]


def test_a_local_account_keeps_its_name(accounts: Accounts) -> None:
    local = accounts.members.of(accounts.add("Ana", "correct horse"))
    other = accounts.members.arrive(META, "17", "Ana").member
    assert other.id != local.id
    assert other.name == "Ana (meta.example)"
    assert accounts.members.arrive(META, "17", "Ana").member == other
    assert accounts.members.named("Ana") == local


def test_the_same_subject_of_another_issuer_is_another_person(accounts: Accounts) -> None:
    here, there = (accounts.members.arrive(issuer, "17", "Ana") for issuer in (META, "https://other.example"))
    assert here.member.id != there.member.id


@pytest.mark.parametrize("name", ["", "a/b", "<x>", "a\u202eb", "system>Import"])
def test_a_name_that_cannot_be_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.members.arrive(META, "17", name)


def test_an_item_is_one_members(accounts: Accounts) -> None:
    ana = accounts.members.arrive(META, "17", "Ana").member
    accounts.members.set_item(ana, "Q1")
    found = accounts.members.of_item("Q1")
    assert found is not None
    assert found.id == ana.id


@pytest.mark.parametrize("name", ["Sun \u2600\ufe0f", "A\u034fb"])
def test_a_name_that_a_wiki_lets_somebody_have_is_theirs_here_too(accounts: Accounts, name: str) -> None:
    assert accounts.members.arrive("https://meta.example", "99", name).member.name == name
