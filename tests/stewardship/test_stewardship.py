"""Who may edit which record, and how a proposed one comes into the graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from capx_graph.accounts import Standing
from capx_graph.errors import Conflict, Forbidden, InvalidInput, NotFound
from capx_graph.jobs.tick import tick
from capx_graph.membership import Change, Line, Part, State
from capx_graph.model import Account, Decision, EntityKind
from capx_graph.opening import open_repository
from capx_graph.stewardship import KINDS, RecordConflict, RecordProblems
from tests.houses.directory import House, house

GROUP = KINDS[EntityKind.ORGANIZATION]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("stewards")) as home:
        yield home


def account(home: House, name: str, *groups: str) -> Account:
    home.session(name, *groups)
    found = home.services.accounts.account(name)
    assert found is not None
    home.services.accounts.members.of(found)
    return found


def named(text: str, language: str = "en") -> dict[str, Part]:
    return {"names": Part(State.PUBLIC, (Line("label", text, language=language),))}


def change(home: House, item: str, field: str, *lines: Line) -> dict[str, Change]:
    """A change of one field by somebody who sees it as it is now."""
    seen = home.services.stewardship.records.read(item).parts[field]
    return {field: Change(Part(State.PUBLIC, lines), seen.mark)}


def test_a_proposal_is_nothing_public_until_an_operator_confirms_it(home: House) -> None:
    ana, operator = account(home, "Ana"), account(home, "Olga", "sysop")
    proposing = home.services.stewardship.proposing
    head = home.services.repository.head()
    assert proposing.propose(ana, GROUP, named("Wikimedians of the Hidden Valley"), reason="we meet monthly") is None
    assert home.services.repository.head() == head
    (waiting,) = proposing.waiting(operator)
    assert (waiting.proposal.reason, waiting.member and waiting.member.name) == ("we meet monthly", "Ana")
    assert proposing.waiting(account(home, "Bo")) == []
    assert proposing.waiting(ana) == []
    item = proposing.accept(operator, waiting.proposal.number)
    assert home.labels(item) == {"en": "Wikimedians of the Hidden Valley"}
    assert home.services.stewardship.stewards.may_edit(ana, item)
    (mine,) = proposing.of_member(ana)
    assert (mine.proposal.outcome, mine.proposal.item) == (Decision.ACCEPTED, item)
    with pytest.raises(Conflict):
        proposing.accept(operator, waiting.proposal.number)


def test_nobody_else_decides_about_a_proposal(home: House) -> None:
    ana, bo = account(home, "Ana"), account(home, "Bo")
    proposing = home.services.stewardship.proposing
    proposing.propose(ana, GROUP, named("Undecided Group"))
    number = proposing.of_member(ana)[-1].proposal.number
    for someone in (ana, bo):
        with pytest.raises(Forbidden):
            proposing.accept(someone, number)
        with pytest.raises(Forbidden):
            proposing.decline(someone, number, "no")
    proposing.decline(account(home, "Olga", "sysop"), number, "there is one already")
    assert proposing.of_member(ana)[-1].proposal.answer == "there is one already"


def test_what_was_decided_is_shown_for_a_month_or_until_it_is_hidden(home: House) -> None:
    ana, olga = account(home, "Agata"), account(home, "Olga", "sysop")
    proposing, proposals = home.services.stewardship.proposing, home.services.accounts.proposals
    for name in ("Hidden Group", "Old Group", "Open Group"):
        proposing.propose(ana, GROUP, named(name))
    hidden, old, waits = (one.proposal.number for one in proposing.of_member(ana))
    for number in (hidden, old):
        proposing.decline(olga, number, "no")
    assert len(proposing.of_member(ana)) == 3
    with pytest.raises(NotFound):
        proposals.hide(hidden, olga.user_id)
    with pytest.raises(NotFound):
        proposals.hide(waits, ana.user_id)
    proposals.hide(hidden, ana.user_id)
    assert [one.proposal.number for one in proposing.of_member(ana)] == [old, waits]
    later = datetime.now(UTC) + timedelta(days=31)
    with mock.patch.object(proposals, "_clock", return_value=later):
        assert [one.proposal.number for one in proposing.of_member(ana)] == [waits]
    assert len(proposals.of_member(ana.user_id)) == 3


def test_what_is_there_already_is_shown_before_it_is_proposed_again(home: House) -> None:
    item = home.organization("Wikimedians of Atlantis", wikidataId="Q999999")
    reader = ("en",)
    proposing = home.services.stewardship.proposing
    assert proposing.alike(GROUP, named("wikimedians OF atlantis"), reader).named == (item,)
    parts = named("Another name") | {"wikidata": Part(State.PUBLIC, (Line("wikidataId", "Q999999"),))}
    assert proposing.alike(GROUP, parts, reader).same == item
    assert proposing.alike(GROUP, named("Wikimedians of Atlantis and Mu"), reader).named == ()


def test_a_record_without_a_name_is_no_proposal(home: House) -> None:
    with pytest.raises(RecordProblems) as caught:
        home.services.stewardship.proposing.propose(
            account(home, "Ana"), GROUP, {"names": Part(State.PUBLIC)}, reader=("pt", "en")
        )
    assert caught.value.problems["names"] == (
        "A organização não tem nome. Acrescente o nome em pelo menos uma língua.",
    )


def test_only_confirmed_managers_and_operators_may_edit(home: House) -> None:
    stewards, item = home.services.stewardship.stewards, home.organization("Editors United")
    ana, bo, operator = account(home, "Ana"), account(home, "Bo"), account(home, "Olga", "sysop")
    assert stewards.propose(ana, item).state is Standing.PROPOSED
    assert not stewards.may_edit(ana, item)
    with pytest.raises(Forbidden):
        stewards.confirm(bo, item, ana.user_id)
    with pytest.raises(Forbidden):
        stewards.confirm(ana, item, ana.user_id)
    assert ana.user_id in {one.member_id for one in stewards.waiting(operator)}
    stewards.confirm(operator, item, ana.user_id)
    assert stewards.may_edit(ana, item)
    assert not stewards.may_edit(bo, item)
    for forbidden in (stewards.of_item, stewards.check):
        with pytest.raises(Forbidden):
            forbidden(bo, item)
    with pytest.raises(Forbidden):
        stewards.invite(bo, item, "Bo")
    with pytest.raises(NotFound):
        stewards.invite(ana, item, "Nobody at all")
    with pytest.raises(NotFound):
        stewards.accept(bo, item)
    stewards.invite(ana, item, "Bo")
    assert not stewards.may_edit(bo, item)
    stewards.accept(bo, item)
    assert stewards.may_edit(bo, item)
    assert not stewards.is_last(item, bo.user_id)
    stewards.remove(bo, item, bo.user_id)
    assert stewards.is_last(item, ana.user_id)


def test_the_account_that_an_organization_names_confirms_itself_and_others(home: House) -> None:
    item = home.organization("Wikimedia Lemuria", username="WM Lemuria")
    stewards = home.services.stewardship.stewards
    ana, own = account(home, "Ana"), account(home, "WM Lemuria")
    stewards.propose(ana, item)
    assert not stewards.may_edit(own, item)
    stewards.confirm(own, item, ana.user_id)
    assert stewards.may_edit(ana, item)
    assert stewards.propose(own, item).confirmed


def test_only_what_changed_is_written_and_a_conflict_is_one_of_a_field(home: House) -> None:
    records, item = home.services.stewardship.records, home.organization("Field Group", newsTag="field")
    stale = change(
        home, item, "names", Line("label", "Field Group", language="en"), Line("label", "Grupo", language="pt")
    )
    records.save(item, change(home, item, "newsTag", Line("newsTag", "fields")), account="Ana")
    receipt = records.save(item, stale, account="Bo")
    assert receipt.changed
    assert home.labels(item) == {"en": "Field Group", "pt": "Grupo"}
    again = {"names": Change(Part(State.PUBLIC, (Line("label", "Other", language="en"),)), stale["names"].seen)}
    with pytest.raises(RecordConflict) as caught:
        records.save(item, again, account="Ana")
    assert set(caught.value.theirs) == {"names"}
    assert not records.save(item, change(home, item, "newsTag", Line("newsTag", "fields")), account="Ana").changed


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("website", Line("website", "javascript:alert(1)")),
        ("website", Line("website", "no address")),
        ("documents", Line("document", "no file")),
        ("territory", Line("basedIn", "Q1")),
        ("offers", Line("offers", "Q999999999")),
        ("offers", Line("offers", '"><script>')),
        ("territory", Line("basedIn", "")),
        ("type", Line("organizationType", "Q1")),
        ("names", Line("label", "x" * 251, language="en")),
        ("names", Line("label", "x", language="xx-nowhere")),
        ("wikidata", Line("wikidataId", "nonsense")),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(home: House, field: str, line: Line) -> None:
    item = home.organization("Strict Group")
    with pytest.raises(InvalidInput) as caught:
        home.services.stewardship.records.save(item, change(home, item, field, line), account="Ana")
    assert isinstance(caught.value, RecordProblems)
    assert set(caught.value.problems) == {field}


def test_managers_and_claims_come_along_when_a_record_is_joined_into_another(home: House) -> None:
    one, other = home.organization("Twin One"), home.organization("Twin Two")
    ana, bo = account(home, "Ana"), account(home, "Bo")
    stewards = home.services.stewardship.stewards
    stewards.confirm(None, one, ana.user_id)
    home.services.accounts.affiliations.claim(bo.user_id, [one])
    home.services.writer.merge(one, other, account="Olga")
    assert stewards.may_edit(ana, other)
    assert [said.organization for said in home.services.accounts.affiliations.of_member(bo.user_id)] == [other]
    assert home.services.stewardship.records.read(one).item == other


def test_a_claim_is_confirmed_by_the_organization_and_then_public(home: House) -> None:
    item = home.organization("Claimed Group")
    services = home.services
    ana, bo = account(home, "Ana"), account(home, "Bo")
    services.stewardship.stewards.confirm(None, item, ana.user_id)
    affiliates, member = services.stewardship.affiliates, services.accounts.members.of(bo)
    show_affiliation(home, "Bo", item)
    assert affiliates.waiting(ana) == {item: 1}
    assert affiliates.waiting(bo) == {}
    for refused in (affiliates.confirm, affiliates.end):
        with pytest.raises(Forbidden):
            refused(bo, item, bo.user_id)
    with pytest.raises(NotFound):
        affiliates.confirm(ana, item, ana.user_id)
    assert item not in text_of(home, member.id)
    affiliates.confirm(ana, item, bo.user_id)
    assert item in text_of(home, member.id)
    affiliates.end(ana, item, bo.user_id)
    assert item not in text_of(home, member.id)
    assert affiliates.waiting(ana) == {}


def test_an_invited_member_accepts_or_refuses(home: House) -> None:
    item = home.organization("Inviting Group")
    ana, cy = account(home, "Ana"), account(home, "Cy")
    services = home.services
    services.stewardship.stewards.confirm(None, item, ana.user_id)
    affiliates, member = services.stewardship.affiliates, services.accounts.members.of(cy)
    with pytest.raises(NotFound):
        affiliates.accept(member, item)
    affiliates.invite(ana, item, "Cy")
    assert affiliates.invitations(member) == [item]
    affiliates.refuse(member, item)
    assert affiliates.invitations(member) == []
    affiliates.invite(ana, item, "Cy")
    affiliates.accept(member, item)
    assert services.accounts.affiliations.of_member(cy.user_id)[0].confirmed
    assert services.membership.own.unconfirmed(member) == frozenset()


def show_affiliation(home: House, name: str, item: str) -> None:
    """A member shows to everybody that they belong to an organization, and what they offer."""
    own = home.services.membership.own
    found = home.services.accounts.account(name)
    assert found is not None
    member = home.services.accounts.members.of(found)
    profile = own.read(member)
    wanted = {
        part: Change(Part(State.PUBLIC, lines), profile.parts[part].mark)
        for part, lines in (
            ("affiliations", (Line("affiliatedWith", item),)),
            ("offers", (Line("offers", home.item("36")),)),
        )
    }
    fields = {part: change for part in profile.parts if (change := wanted.get(part.value)) is not None}
    own.save(member, fields, agreed=True, wording="t", language="en")


def text_of(home: House, member_id: int) -> str:
    member = home.services.accounts.members.by_id(member_id)
    assert member is not None
    assert member.item is not None
    page = home.services.repository.page(member.item)
    assert page is not None
    return str(page.entity)


def test_a_tick_ends_a_confirmation_that_was_cut_off(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        item, bo = home.organization("Interrupted Group"), account(home, "Bo")
        show_affiliation(home, "Bo", item)
        home.services.accounts.affiliations.confirm(bo.user_id, item)
        home.services.accounts.values.wait(bo.user_id)
        member, settings = home.services.accounts.members.of(bo), home.services.settings
        assert item not in text_of(home, member.id)
    tick(settings, dumps=False)
    with open_repository(settings) as repository:
        page = repository.page(member.item or "")
        assert page is not None
        assert item in str(page.entity)
