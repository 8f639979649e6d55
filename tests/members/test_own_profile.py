"""A member's own profile: where each field is kept, who sees it, and what happens when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capx_graph.accounts import Kept, Member, Saved
from capx_graph.connected import load_embedded
from capx_graph.errors import EditRefused, Unavailable
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.membership import (
    Change,
    ConsentMissing,
    Field,
    Line,
    Part,
    Problematic,
    Profile,
    ProfileConflict,
    State,
    asker_of,
    holder_of,
)
from capx_graph.membership.fields import kept
from capx_graph.model import Draft, EntityKind, Role, SearchRequest
from tests.houses.directory import House, house, project

pytestmark = pytest.mark.slow

PUBLIC, MEMBERS, PRIVATE = State.PUBLIC, State.MEMBERS, State.PRIVATE


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


def member(home: House, name: str = "Ana") -> Member:
    accounts = home.services.accounts
    account = accounts.account(name) or accounts.add(name, "correct horse")
    return accounts.members.of(account)


def save(home: House, who: Member, wanted: Mapping[Field, Part], *, agreed: bool = True) -> Profile:
    """Saves what somebody wrote who saw the profile as it is now."""
    now = home.services.membership.own.read(who).parts
    changes = {field: Change(part, now[field].mark) for field, part in wanted.items()}
    return home.services.membership.own.save(who, changes, agreed=agreed, wording="1", language="pt")


def entity(home: House, profile: Profile) -> Mapping[str, Any]:
    page = home.services.repository.page(profile.item or "")
    assert page is not None
    assert page.entity is not None
    return page.entity


def test_a_profile_begins_empty_and_private(home: House) -> None:
    profile = home.services.membership.own.read(member(home))
    assert profile.item is None
    assert all(part == Part() for part in profile.parts.values())


def test_what_is_private_makes_no_item(home: House) -> None:
    item = home.item("10")
    profile = save(home, member(home), {Field.WANTS: Part(PRIVATE, (Line("wants", item),))}, agreed=False)
    assert profile.item is None
    assert profile.values(Field.WANTS) == {item}
    assert not home.services.repository.owned_by("Ana")


def test_publishing_makes_the_item_of_its_owner(home: House) -> None:
    item, spoken = home.item("10"), language(home, "pt")
    offered = Line("offers", item, level="advanced", formats=("mentoring", "workshop"), availability="limited",
                   evidence="https://example.org/film", page="User:Ana/Films")  # fmt: skip
    wanted = {
        Field.ABOUT: Part(PUBLIC, (Line("displayName", "Ana Silva"), Line("about", "Faço filmes", language="pt-br"))),
        Field.OFFERS: Part(PUBLIC, (offered,)),
        Field.LANGUAGES: Part(PUBLIC, (Line("speaks", spoken, level="n"),)),
        Field.WANTS: Part(PRIVATE, (Line("wants", home.item("11")),)),
    }
    profile = save(home, member(home), wanted)
    assert profile.parts[Field.OFFERS] == wanted[Field.OFFERS]
    page = home.services.repository.page(profile.item or "")
    assert page is not None
    assert page.owner == "Ana"
    shown = home.services.profiles.person("Ana")
    assert shown.display_name == "Ana Silva"
    assert [s.capacity.id for s in shown.offers] == [item]
    assert shown.offers[0].evidence[0].url == "https://example.org/film"
    assert [s.capacity.id for s in shown.knows] == [item]
    assert not shown.wants
    assert home.item("11") not in str(page.entity)


def test_consent_is_asked_for_once_and_kept(home: House) -> None:
    who, part = member(home), Part(PUBLIC, (Line("wants", home.item("10")),))
    with pytest.raises(ConsentMissing):
        save(home, who, {Field.WANTS: part}, agreed=False)
    assert home.services.membership.own.read(who).item is None
    save(home, who, {Field.WANTS: part})
    more = Part(PUBLIC, (*part.lines, Line("wants", home.item("11"))))
    save(home, who, {Field.WANTS: more}, agreed=False)
    save(home, who, {Field.WANTS: Part(PRIVATE, more.lines)}, agreed=False)
    consents = home.services.accounts.consents.of(who.id)
    assert [(one.field, one.state, one.wording, one.language) for one in consents] == [
        ("wants", "public", "1", "pt"),
        ("wants", "private", "1", "pt"),
    ]


def test_only_what_changed_is_written(home: House) -> None:
    who = member(home)
    lines = tuple(Line("wants", home.item(code)) for code in ("10", "11"))
    first = save(home, who, {Field.WANTS: Part(PUBLIC, lines)})
    ids = {s["id"] for held in entity(home, first)["claims"].values() for s in held}
    again = save(home, who, {Field.WANTS: Part(PUBLIC, lines)})
    assert again.revision == first.revision
    level = save(home, who, {Field.WANTS: Part(PUBLIC, (Line("wants", lines[0].value, level="basic"), lines[1]))})
    assert {s["id"] for held in entity(home, level)["claims"].values() for s in held} == ids


def test_taking_a_field_back_keeps_it_for_its_owner_alone(home: House) -> None:
    who, item = member(home), home.item("10")
    both = {
        Field.WANTS: Part(PUBLIC, (Line("wants", item),)),
        Field.OFFERS: Part(PUBLIC, (Line("offers", home.item("11")),)),
    }
    save(home, who, both)
    asked = SearchRequest(classes=(EntityKind.PERSON,), roles=(Role.WANTS,), capacities=(item,))
    assert home.services.search.run(asked).total == 1
    profile = save(home, who, {Field.WANTS: Part(PRIVATE, (Line("wants", item),))})
    assert profile.values(Field.WANTS) == {item}
    assert home.services.search.run(asked).total == 0
    assert item not in str(entity(home, profile)["claims"])
    assert item in asker_of(profile).wants


def test_who_takes_back_everything_leaves_the_graph(home: House) -> None:
    who = member(home)
    part = Part(PUBLIC, (Line("wants", home.item("10")),))
    item = save(home, who, {Field.WANTS: part}).item
    profile = save(home, who, {Field.WANTS: Part(PRIVATE, part.lines)})
    assert profile.item is None
    assert not home.services.repository.exists(item or "")
    assert save(home, who, {Field.WANTS: part}).item not in (None, item)


def test_what_members_see_is_not_in_the_item(home: House) -> None:
    who, part = member(home), Part(MEMBERS, (Line("wants", home.item("10")),))
    profile = save(home, who, {Field.WANTS: part})
    assert profile.item is None
    assert home.services.membership.own.for_members(who) == {Field.WANTS: part.lines}


def test_an_affiliation_is_public_once_both_sides_say_so(home: House) -> None:
    who, group = member(home), organization(home)
    profile = save(home, who, {Field.AFFILIATIONS: Part(PUBLIC, (Line("affiliatedWith", group),))})
    assert profile.item is None
    assert home.services.membership.own.unconfirmed(who) == {group}
    home.services.accounts.affiliations.confirm(who.id, group)
    home.services.membership.own.settle(who)
    assert [ref.id for ref in home.services.profiles.person("Ana").affiliations] == [group]
    home.services.accounts.affiliations.confirm(who.id, group, belongs=False)
    home.services.membership.own.settle(who)
    assert home.services.membership.own.read(who).item is None


def test_taking_part_in_a_project_is_said_by_oneself_and_taken_back(home: House) -> None:
    who, meetup = member(home), project(home)
    part = Part(PUBLIC, (Line("takesPartIn", meetup),))
    before = home.services.repository.page(meetup)
    item = save(home, who, {Field.TAKING_PART: part}).item or ""
    assert [ref.id for ref in home.services.profiles.person("Ana").takes_part] == [meetup]
    assert [line.person.code for line in home.services.profiles.project(meetup).people.people] == ["Ana"]
    assert home.services.repository.page(meetup) == before
    save(
        home,
        who,
        {Field.TAKING_PART: Part(MEMBERS, part.lines), Field.WIKIDATA: Part(PUBLIC, (Line("wikidataId", "Q42"),))},
    )
    assert home.services.membership.own.for_members(who) == {Field.TAKING_PART: part.lines}
    assert not home.services.profiles.project(meetup).people.total
    assert meetup not in str(home.services.repository.page(item))


@pytest.mark.parametrize("other", ["organization", "person", "deleted", "own", "nothing", "hostile", "many"])
def test_nobody_takes_part_in_what_is_no_project(home: House, other: str) -> None:
    who, gone, posing = member(home), project(home), project(home, owner="Bo")
    home.services.repository.delete([gone], actor="system>Import")
    items = {
        "organization": organization(home),
        "person": home.person("Cleo"),
        "deleted": gone,
        "own": posing,
        "nothing": "Q999999999",
        "hostile": "Q1> ; DROP",
    }
    values = [items[other]] if other in items else [f"Q{number}" for number in range(1, 501)]
    with pytest.raises(Problematic) as caught:
        save(home, who, {Field.TAKING_PART: Part(PUBLIC, tuple(Line("takesPartIn", value) for value in values))})
    assert set(caught.value.problems) == {Field.TAKING_PART}
    assert home.services.membership.own.read(who).item is None


def test_what_was_merged_into_another_is_said_of_that_one(home: House) -> None:
    who, old, new = member(home), project(home), project(home)
    film, other = home.item("10"), home.item("11")
    wanted = {
        Field.TAKING_PART: Part(PUBLIC, (Line("takesPartIn", old),)),
        Field.WANTS: Part(PUBLIC, (Line("wants", film, level="basic"), Line("wants", other))),
    }
    save(home, who, wanted)
    home.session("Op", "sysop")
    for source, target in ((old, new), (film, other)):
        page = home.services.repository.page(source)
        assert page is not None
        home.services.writer.empty(source, account="Op", base_revision=page.revision_id)
        home.services.writer.redirect(source, target, account="Op")
    assert [line.person.code for line in home.services.profiles.project(new).people.people] == ["Ana"]
    profile = save(home, who, {Field.WIKIDATA: Part(PUBLIC, (Line("wikidataId", "Q42"),))})
    assert profile.parts[Field.TAKING_PART].lines == (Line("takesPartIn", new),)
    assert profile.parts[Field.WANTS].lines == (Line("wants", other, level="basic"),)
    save(home, who, {Field.TAKING_PART: Part(PRIVATE, profile.parts[Field.TAKING_PART].lines)})
    assert old not in str(entity(home, profile)["claims"])


def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(home: House) -> None:
    own, who = home.services.membership.own, member(home)
    seen = own.read(who).parts
    save(home, who, {Field.WANTS: Part(PRIVATE, (Line("wants", home.item("10")),))})
    mine = Part(PRIVATE, (Line("wants", home.item("11")),))
    late = {Field.WANTS: Change(mine, seen[Field.WANTS].mark), Field.ABOUT: Change(seen[Field.ABOUT], "")}
    with pytest.raises(ProfileConflict) as caught:
        own.save(who, late, agreed=True, wording="1", language="en")
    assert caught.value.theirs[Field.WANTS].lines == (Line("wants", home.item("10")),)
    assert own.read(who).values(Field.WANTS) == {home.item("10")}


@pytest.mark.parametrize(
    ("field", "line"),
    [
        (Field.WANTS, Line("wants", "Q999999")),
        (Field.WANTS, Line("wants", "javascript:alert(1)")),
        (Field.ABOUT, Line("pronoun", "<b>")),
        (Field.ABOUT, Line("about", "x" * 401, language="en")),
        (Field.ABOUT, Line("about", "x", language="xx-none")),
        (Field.ACTIVITY, Line("joined", "yesterday")),
        (Field.ABOUT, Line("image", "a:b.jpg")),
        (Field.ABOUT, Line("image", "no extension")),
        (Field.ABOUT, Line("displayName", "x" * 300)),
    ],
)
def test_a_rule_is_told_at_its_field_and_nothing_is_kept(home: House, field: Field, line: Line) -> None:
    who = member(home)
    with pytest.raises(Problematic) as caught:
        save(home, who, {field: Part(PRIVATE, (line,))})
    assert list(caught.value.problems) == [field]
    assert home.services.membership.own.read(who).parts[field] == Part()


def test_what_was_kept_before_a_rule_of_characters_keeps_nobody_from_saving_the_rest(home: House) -> None:
    services, who, group = home.services, member(home), organization(home)
    old = (Line("displayName", "A\u00adna"), Line("about", "I\u200b write.\ufeff", language="en"))
    services.accounts.values.save(
        who.id, {Field.ABOUT: Kept(PUBLIC, kept(old))}, consented=(), wording="", language="en"
    )
    with pytest.raises(Problematic):
        save(home, who, {Field.ABOUT: Part(PRIVATE, old)})
    services.accounts.affiliations.confirm(who.id, group)
    services.stewardship.affiliates.accept(who, group)
    assert not services.membership.own.unconfirmed(who)
    profile = save(home, who, {Field.WANTS: Part(PUBLIC, (Line("wants", home.item("10")),))})
    assert profile.parts[Field.ABOUT] == Part(PUBLIC, (Line("displayName", "Ana"), replace(old[1], value="I write.")))
    assert home.services.profiles.person("Ana").display_name == "Ana"


def test_evidence_that_is_no_address_is_told_at_what_it_is_to_show(home: House) -> None:
    line = Line("wants", home.item("10"), evidence="javascript:alert(1)")
    with pytest.raises(Problematic) as caught:
        save(home, member(home), {Field.WANTS: Part(PUBLIC, (line,))})
    assert list(caught.value.problems) == [Field.WANTS]


@pytest.mark.parametrize("state", [PUBLIC, PRIVATE])
def test_a_service_that_is_killed_ends_at_its_next_start_what_it_began(
    home: House, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    own, who = home.services.membership.own, member(home)
    lines = (Line("wants", home.item("10")),)
    if state is PRIVATE:
        save(home, who, {Field.WANTS: Part(PUBLIC, lines)})
    with monkeypatch.context() as broken:
        broken.setattr(type(own), "_write", killed)
        with pytest.raises(Unavailable):
            save(home, who, {Field.WANTS: Part(state, lines)})
    assert own.read(who).parts[Field.WANTS] == Part(state, lines)
    assert own.settle_all() == 1
    assert own.settle_all() == 0
    assert own.read(who).parts[Field.WANTS] == Part(state, lines)
    assert (own.read(who).item is not None) == (state is PUBLIC)


def test_what_the_wiki_refuses_of_one_keeps_nobody_else_waiting(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    own = home.services.membership.own
    people = [member(home), member(home, "Beatriz")]
    write = type(own)._write

    def refusing(self: object, who: Member, wanted: object) -> None:
        if who.name == people[0].name:
            raise EditRefused("modification-failed", "no")
        write(own, who, wanted)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(type(own), "_write", killed)
        for who in people:
            with pytest.raises(Unavailable):
                save(home, who, {Field.WANTS: Part(PUBLIC, (Line("wants", home.item("10")),))})
    with monkeypatch.context() as broken:
        broken.setattr(type(own), "_write", refusing)
        assert own.settle_all() == 1
    assert [own.read(who).item is not None for who in people] == [False, True]
    assert own.settle_all() == 1


def killed(*_: object) -> None:
    raise Unavailable("killed")


def test_nobody_poses_as_a_person_who_is_there(home: House) -> None:

    draft = ItemDraft(Vocabulary(load_embedded()), home.services.repository.allocate("item", 1)[0], class_name="Person")
    draft.label("en", "Ana")
    draft.add("username", "Ana")
    home.services.repository.bulk([Draft(draft.entity(), "system>Import")], actor="Import")
    home.services.ingest.catch_up()
    with pytest.raises(Exception, match="Another record"):
        save(home, member(home), {Field.WANTS: Part(PUBLIC, (Line("wants", home.item("10")),))})


def language(home: House, code: str) -> str:
    return home.directory.codes[EntityKind.LANGUAGE, code]


def organization(home: House) -> str:

    item = home.services.repository.allocate("item", 1)[0]
    draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Organization")
    draft.label("en", "Wiki Movimento Brasil")
    draft.add("code", "ORG001")
    home.services.repository.bulk([Draft(draft.entity())], actor="Import")
    home.services.ingest.catch_up()
    return item


def test_what_somebody_saved_follows_them_into_the_graph_and_out_of_it(home: House) -> None:
    who, part = member(home), Part(PUBLIC, (Line("wants", home.item("10")),))
    saved = home.services.accounts.saved
    saved.add(holder_of(who), Saved("Q1"))
    item = save(home, who, {Field.WANTS: part}).item or ""
    assert saved.items(item) == {"Q1"}
    save(home, who, {Field.WANTS: Part(PRIVATE, part.lines)})
    assert saved.items(holder_of(who)) == {"Q1"}
    assert not saved.items(item)
