"""Who manages what, as the private store keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.accounts import Accounts, Managers, Proposals, Standing
from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.model import Decision

ITEM, OTHER = "Q900", "Q901"
ANA, BO = 1, 2


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def managers(accounts: Accounts) -> Managers:
    return accounts.managers


@pytest.fixture
def proposals(accounts: Accounts) -> Proposals:
    return accounts.proposals


def test_only_a_confirmed_manager_manages(managers: Managers) -> None:
    managers.propose(ITEM, ANA)
    managers.invite(ITEM, BO, ANA)
    assert not managers.manages(ANA, ITEM)
    assert not managers.manages(BO, ITEM)
    assert not managers.has_managers(ITEM)
    managers.confirm(ITEM, ANA)
    assert managers.manages(ANA, ITEM)
    assert not managers.manages(ANA, OTHER)
    assert managers.has_managers(ITEM)


def test_an_invitation_is_accepted_by_the_one_who_was_invited(managers: Managers) -> None:
    with pytest.raises(NotFound):
        managers.accept(ITEM, BO)
    managers.propose(ITEM, BO)
    with pytest.raises(NotFound):
        managers.accept(ITEM, BO)
    managers.remove(ITEM, BO)
    managers.invite(ITEM, BO, ANA)
    assert managers.accept(ITEM, BO).state is Standing.CONFIRMED
    assert managers.accept(ITEM, BO).confirmed


@pytest.mark.parametrize("first", ["propose", "invite"])
def test_what_both_sides_say_is_confirmed_whoever_said_it_first(managers: Managers, first: str) -> None:
    if first == "propose":
        managers.propose(ITEM, BO)
        managers.invite(ITEM, BO, ANA)
    else:
        managers.invite(ITEM, BO, ANA)
        managers.propose(ITEM, BO)
    assert managers.manages(BO, ITEM)


def test_saying_it_twice_changes_nothing(managers: Managers) -> None:
    managers.propose(ITEM, ANA)
    assert managers.propose(ITEM, ANA).state is Standing.PROPOSED
    managers.confirm(ITEM, ANA)
    assert managers.propose(ITEM, ANA).confirmed
    assert managers.invite(ITEM, ANA, BO).confirmed
    assert len(managers.of_item(ITEM)) == 1


def test_managers_come_along_when_a_thing_is_joined_into_another(managers: Managers) -> None:
    managers.confirm(ITEM, ANA)
    managers.propose(OTHER, ANA)
    managers.propose(ITEM, BO)
    managers.confirm(OTHER, BO)
    managers.move(ITEM, OTHER)
    assert managers.of_item(ITEM) == []
    assert managers.manages(ANA, OTHER)
    assert managers.manages(BO, OTHER)


def test_who_leaves_is_forgotten_as_manager_and_as_the_one_who_invited(managers: Managers) -> None:
    managers.confirm(ITEM, ANA)
    managers.invite(ITEM, BO, ANA)
    assert [one["item"] for one in managers.export(ANA)] == [ITEM]
    managers.erase(ANA)
    assert managers.export(ANA) == []
    assert [(one.member_id, one.by) for one in managers.of_item(ITEM)] == [(BO, None)]


def test_a_proposal_is_decided_once(proposals: Proposals) -> None:
    number = proposals.add(ANA, "organization", "{}", reason="we began last year")
    assert [one.number for one in proposals.waiting()] == [number]
    proposals.decide(number, Decision.ACCEPTED, decider=BO, item=ITEM)
    with pytest.raises(Conflict):
        proposals.decide(number, Decision.DECLINED, decider=BO)
    assert proposals.get(number).item == ITEM
    assert proposals.waiting() == []


def test_only_its_proposer_takes_a_proposal_back(proposals: Proposals) -> None:
    number = proposals.add(ANA, "event", "{}")
    with pytest.raises(NotFound):
        proposals.withdraw(number, BO)
    proposals.withdraw(number, ANA)
    with pytest.raises(NotFound):
        proposals.get(number)


def test_nobody_floods_the_list_of_proposals(proposals: Proposals) -> None:
    for _ in range(20):
        proposals.add(ANA, "event", "{}")
    with pytest.raises(InvalidInput):
        proposals.add(ANA, "event", "{}")
    proposals.add(BO, "event", "{}")
