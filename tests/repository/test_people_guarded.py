"""People are described by themselves alone, at the doors of the Wikibase's API too."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from capx_graph.connected import load_embedded
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.membership import Line, Part, State
from capx_graph.membership import kept as kept_lines
from capx_graph.model import Account, Decision, Draft, EntityKind
from capx_graph.stewardship import KINDS
from capx_graph.stewardship.making import _being_made
from tests.houses.directory import House, house
from tests.repository.edits import TO_ITEM, edit, says


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("people")) as home:
        yield home


def test_nobody_makes_a_person_of_somebody_else(home: House) -> None:
    label = {"labels": {"en": {"language": "en", "value": "Not asked"}}}
    person, name = says("instanceOf", "Person"), says("username", "Not asked")
    made = {"action": "wbeditentity", "new": "item"}
    assert edit(home, "Mallory", data=json.dumps(label | {"claims": [person, name]}), **made)[0] == "permissiondenied"
    hidden = [says("instanceOf", "Organization"), says("instanceOf", "Person", "preferred")]
    assert edit(home, "Mallory", data=json.dumps(label | {"claims": hidden}), **made)[0] == "permissiondenied"
    outcome, item = edit(home, "Mallory", data=json.dumps(label), **made)
    assert outcome == "saved"
    value = json.dumps({"entity-type": "item", "id": load_embedded().item_id("Person")})
    claim = {"action": "wbcreateclaim", "entity": item, "property": load_embedded().property_id("instanceOf")}
    assert edit(home, "Mallory", snaktype="value", value=value, **claim)[0] == "permissiondenied"
    assert edit(home, "Robot", "bot", snaktype="value", value=value, **claim)[0] == "saved"
    described = {"action": "wbsetlabel", "id": item, "language": "fr", "value": "autre"}
    assert edit(home, "Mallory", **described)[0] == "permissiondenied"


def test_one_s_own_item_bears_no_other_name(home: House) -> None:
    item = home.person("Ana")
    claim = {"action": "wbcreateclaim", "entity": item, "property": load_embedded().property_id("username")}
    assert edit(home, "Ana", snaktype="value", value='"Somebody Famous"', **claim)[0] == "permissiondenied"
    assert edit(home, "Ana", action="wbsetlabel", id=item, language="fr", value="Anne")[0] == "saved"
    assert edit(home, "Bo", action="wbsetlabel", id=item, language="fr", value="Bo")[0] == "permissiondenied"


def account(home: House, name: str) -> Account:
    home.session(name)
    found = home.services.accounts.account(name)
    assert found is not None
    home.services.accounts.members.of(found)
    return found


def event(home: House, name: str, *, organizer: str) -> str:
    """An event as an import makes it, without managers of its own."""
    (item,) = home.services.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Event")
    draft.label("en", name)
    draft.add("organizer", organizer)
    home.services.repository.bulk([Draft(draft.entity())], actor="system>Import")
    return item


def test_what_a_managed_organization_answers_for_is_its_managers_to_edit(home: House) -> None:
    stewards = home.services.stewardship.stewards
    kept, free = home.organization("Kept Organizer"), home.organization("Free Organizer")
    theirs, open_one = event(home, "Kept meeting", organizer=kept), event(home, "Open meeting", organizer=free)
    manager = account(home, "Olive")
    stewards.confirm(None, kept, manager.user_id)
    rename = {"action": "wbsetlabel", "language": "en", "value": "Another name"}
    assert edit(home, "Mallory", id=theirs, **rename)[0] == "permissiondenied"
    assert edit(home, "Mallory", action="wbeditentity", id=theirs, clear="1", data="{}")[0] == "permissiondenied"
    assert edit(home, "Olive", id=theirs, **rename)[0] == "saved"
    assert edit(home, "Mallory", id=open_one, **rename | {"value": "Mended name"})[0] == "saved"


def test_nobody_else_puts_an_event_down_to_a_managed_organization(home: House) -> None:
    stewards, organizer = home.services.stewardship.stewards, load_embedded().property_id("organizer")
    kept, free = home.organization("Named Organizer"), home.organization("Nobody's Organizer")
    joined = home.organization("Joined Organizer")
    stewards.confirm(None, kept, account(home, "Olive").user_id)
    open_one = event(home, "Borrowed meeting", organizer=free)
    value = json.dumps({"entity-type": "item", "id": kept})
    claim = {"action": "wbcreateclaim", "entity": open_one, "property": organizer, "snaktype": "value", "value": value}
    assert edit(home, "Mallory", **claim)[0] == "permissiondenied"
    data = json.dumps({"claims": [says("instanceOf", "Event"), link("organizer", kept)]})
    new = {"action": "wbeditentity", "new": "item", "data": data}
    assert edit(home, "Mallory", **new)[0] == "permissiondenied"
    assert edit(home, "Olive", **new)[0] == "saved"
    old = event(home, "Meeting of the joined", organizer=joined)
    empty = {"action": "wbeditentity", "id": joined, "clear": "1", "data": "{}"}
    assert edit(home, "Robot", "bot", **empty)[0] == "saved"
    redirect = {"action": "wbcreateredirect", "from": joined, "to": kept}
    assert edit(home, "Robot", "bot", **redirect)[0] == "saved"
    assert edit(home, "Mallory", action="wbsetlabel", id=old, language="en", value="Taken")[0] == "permissiondenied"


def test_a_proposal_that_its_organization_accepts_is_made_under_its_proposers_account(home: House) -> None:
    from_here = home.services.stewardship.proposing
    kept = home.organization("Accepting Organizer")
    olive, ana = account(home, "Olive"), account(home, "Petra")
    home.services.stewardship.stewards.confirm(None, kept, olive.user_id)
    parts = {
        "names": Part(State.PUBLIC, (Line("label", "Proposed project", language="en"),)),
        "partner": Part(State.PUBLIC, (Line("partner", kept),)),
    }
    assert from_here.propose(ana, KINDS[EntityKind.PROJECT], parts) is None
    (waiting,) = from_here.of_member(ana)
    item = from_here.accept(olive, waiting.proposal.number)
    assert home.labels(item) == {"en": "Proposed project"}


def test_an_accepted_proposal_lets_nothing_else_pass(home: House) -> None:
    """Nor does one of which nothing was made, which waits again after a while."""
    kept, wider = home.organization("Proposed Organizer"), home.organization("Another Organizer")
    stewards, proposals = home.services.stewardship.stewards, home.services.accounts.proposals
    for one in (kept, wider):
        stewards.confirm(None, one, account(home, "Olive").user_id)
    pia = account(home, "Pia")
    content = json.dumps({"names": kept_lines([]), "organizer": kept_lines([Line("organizer", kept)])})
    number = proposals.add(pia.user_id, EntityKind.EVENT, content)
    proposals.decide(number, Decision.ACCEPTED, decider=None)
    meeting, named = says("instanceOf", "Event"), link("organizer", kept)
    assert made(home, "Pia", meeting, named)[0] == "permissiondenied"
    waiting = home.services.stewardship.proposing._making.read(proposals.get(number))
    with _being_made(waiting):
        assert made(home, "Pia", meeting, named, link("organizer", wider))[0] == "permissiondenied"
        assert made(home, "Mallory", meeting, named)[0] == "permissiondenied"
        assert made(home, "Pia", meeting, named)[0] == "saved"
    assert proposals.reopen_unmade() == 0, "it may be being made"
    with home.services.accounts.database.writing() as connection:
        connection.execute("UPDATE proposal SET decided = decided - 7200 WHERE number = ?", (number,))
    assert proposals.reopen_unmade() == 1
    assert proposals.get(number).outcome is Decision.OPEN


def link(name: str, item: str) -> dict[str, object]:
    """A statement with an item."""
    named = {"type": TO_ITEM, "value": {"entity-type": "item", "id": item}}
    snak = {"snaktype": "value", "property": load_embedded().property_id(name), "datavalue": named}
    return {"mainsnak": snak, "type": "statement", "rank": "normal"}


def made(home: House, name: str, *claims: dict[str, object]) -> tuple[str, str]:
    """A new item that somebody makes through the API."""
    return edit(home, name, action="wbeditentity", new="item", data=json.dumps({"claims": claims}))


def test_one_s_own_organization_is_no_way_to_name_another_s(home: House) -> None:
    stewards, organizer = home.services.stewardship.stewards, load_embedded().property_id("organizer")
    own, other, free = (home.organization(f"{name} Co-organizer") for name in ("Own", "Other", "Free"))
    stewards.confirm(None, own, account(home, "Mallory").user_id)
    stewards.confirm(None, other, account(home, "Olive").user_id)
    meeting = says("instanceOf", "Event")
    assert made(home, "Mallory", meeting, link("organizer", own), link("organizer", other))[0] == "permissiondenied"
    outcome, item = made(home, "Mallory", meeting, link("organizer", own), link("organizer", free))
    assert outcome == "saved"
    value = json.dumps({"entity-type": "item", "id": other})
    claim = {"action": "wbcreateclaim", "entity": item, "property": organizer, "snaktype": "value", "value": value}
    assert edit(home, "Mallory", **claim)[0] == "permissiondenied"
    stewards.confirm(None, own, account(home, "Olive").user_id)
    assert edit(home, "Olive", **claim)[0] == "saved"
    rename = {"action": "wbsetlabel", "id": item, "language": "en", "value": "A meeting of both"}
    assert edit(home, "Mallory", **rename)[0] == "saved"


def test_a_second_class_is_no_way_around(home: House) -> None:
    kept = home.organization("Organizer behind a class")
    home.services.stewardship.stewards.confirm(None, kept, account(home, "Olive").user_id)
    meeting, named = says("instanceOf", "Event", "preferred"), link("organizer", kept)
    for first in ("Organization", "Project"):
        assert made(home, "Mallory", says("instanceOf", first), meeting, named)[0] == "permissiondenied", first
    group = says("instanceOf", "Organization", "preferred")
    listed = made(home, "Mallory", says("instanceOf", "Event"), group, says("username", "Mallory"))
    assert listed[0] == "permissiondenied"
