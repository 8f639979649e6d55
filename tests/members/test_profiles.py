"""What pages show equals a plain reading of the records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import NotFound
from capx_graph.model import EntityKind, Role, SearchPage, SearchRequest
from capx_graph.namespaces import SKOS
from capx_graph.ontology import load_instance
from capx_graph.profiles import CapacityNode, CapacityProfile, CapacityStatement, Evidence, Profiles, Tally, Text
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import RDF_TYPE, Term, Triple, date_time, iri, literal
from tests.bench_data.graph import LABEL, SPACES, capx
from tests.bench_data.search import SearchBench
from tests.plain.search import Asked, Thing


def people(bench: SearchBench, **asked: tuple[str, ...] | bool) -> list[Thing]:
    found = Asked(classes=("person",), **asked)  # type: ignore[arg-type]
    return bench.plain.ordered(bench.plain.find(found), found, "active")


def test_a_capacity_shows_its_place_its_parts_and_who_holds_it(bench: SearchBench) -> None:
    records = bench.data.records["capacity"]
    middle = next(record for record in records if record["level"] == 2)
    page = bench.profiles.capacity(f"wikidata:{middle['qid']}", reader=("pt", "en"), limit=5)
    assert page.ref.label == middle["labels"].get("pt", middle["labels"]["en"])
    assert [ref.wikidata for ref in page.path] == [middle["parent"]]
    assert {node.capacity.wikidata for node in page.children} == {
        record["qid"] for record in records if record["parent"] == middle["qid"]
    }
    assert {text.language: text.text for text in page.labels} == middle["labels"]
    assert page.description == Text(middle["description"]["en"], "en")
    for role, shown, tally in (
        ("offers", page.offering, page.counts.offers),
        ("wants", page.wanting, page.counts.wants),
        ("knows", page.knowing, page.counts.knows),
    ):
        within = people(bench, capacities=(middle["qid"],), roles=(role,))
        exact = people(bench, capacities=(middle["qid"],), roles=(role,), descendants=False)
        assert tally == Tally(len(exact), len(within))
        assert shown.total == len(within)
        assert [line.person.code for line in shown.people] == [thing.key for thing in within[:5]]
        for line, thing in zip(shown.people, within, strict=False):
            held = {key for key in thing.held[role] if middle["qid"] in bench.data.above["capacity", key]}
            assert {ref.wikidata for ref in line.via} == held
    territories = bench.plain.counts("territory", Asked(classes=("person",), capacities=(middle["qid"],)))
    assert {bench.keys[count.ref.id][1]: count.count for count in page.territories} == territories
    groups = bench.plain.find(Asked(classes=("organization",), capacities=(middle["qid"],), roles=("offers",)))
    assert {line.organization.code for line in page.organizations_offering} == {thing.key for thing in groups}
    assert all(line.type for line in page.organizations_offering)
    events = bench.plain.find(Asked(classes=("event",), capacities=(middle["qid"],)))
    assert {line.event.code for line in page.events} == {thing.key for thing in events}


def test_the_second_page_of_a_list_follows_the_first(bench: SearchBench) -> None:
    root = bench.data.records["capacity"][0]
    item = bench.data.ids["capacity", root["qid"]]
    first = bench.profiles.capacity(item, limit=7)
    second = bench.profiles.capacity(item, limit=7, offset=first.offering.next_offset or 0)
    shown = [line.person.code for line in (*first.offering.people, *second.offering.people)]
    assert shown == [thing.key for thing in people(bench, capacities=(root["qid"],), roles=("offers",))[:14]]


def walk(nodes: tuple[CapacityNode, ...]) -> Iterator[CapacityNode]:
    for node in nodes:
        yield node
        yield from walk(node.children)


def test_the_directory_is_the_whole_tree_with_counts(bench: SearchBench) -> None:
    roots = bench.profiles.directory(reader=("en",))
    assert [node.capacity.label for node in roots] == sorted(
        record["labels"]["en"] for record in bench.data.records["capacity"] if record["level"] == 1
    )
    nodes = list(walk(roots))
    assert {node.capacity.wikidata for node in nodes} == {record["qid"] for record in bench.data.records["capacity"]}
    for node in nodes[::40]:
        asked = {"capacities": (node.capacity.wikidata or "",), "roles": ("wants",)}
        within, exact = people(bench, **asked), people(bench, **asked, descendants=False)
        assert node.counts.wants == Tally(len(exact), len(within))


def test_a_person_shows_everything_public(bench: SearchBench) -> None:
    for record in bench.data.records["person"][:60]:
        page = bench.profiles.person(record["username"], reader=("en",))
        assert page.username == record["username"]
        assert page.pronoun == (record["pronoun"] or None)
        assert page.about == ((Text(record["about"], record["about_language"]),) if record["about"] else ())
        assert page.joined == record["joined"]
        assert datetime.fromisoformat(page.last_active or "") == datetime.fromisoformat(record["last_update"])
        assert page.ref.wikidata == (record["wikidata_qid"] or None)
        for shown, field in ((page.offers, "available"), (page.wants, "wanted"), (page.knows, "known")):
            assert {statement.capacity.wikidata for statement in shown} == set(record[field])
            assert all(statement.path or statement.capacity.id for statement in shown)
        assert {(skill.language.code, skill.level) for skill in page.languages} == {
            (skill["code"], skill["proficiency"]) for skill in record["languages"]
        }
        assert {ref.code for ref in page.territories} == set(record["territories"])
        assert {ref.code for ref in page.affiliations} == set(record["affiliations"])
        assert {ref.code for ref in page.projects} == set(record["projects"])


def test_a_username_may_be_written_as_in_an_address(bench: SearchBench) -> None:
    username = next(r["username"] for r in bench.data.records["person"] if " " in r["username"])
    assert bench.profiles.person(username.replace(" ", "_")).username == username
    assert bench.profiles.person(bench.data.ids["person", username]).username == username


def test_an_organization_shows_its_people_events_and_managers(bench: SearchBench) -> None:
    for record in bench.data.records["organization"][:20]:
        page = bench.profiles.organization(record["code"].lower(), limit=3)
        assert {text.language: text.text for text in page.labels} == record["names"]
        assert page.type is not None
        assert page.type.code == record["type"]
        assert page.websites == (record["website"],)
        assert {statement.capacity.wikidata for statement in page.offers} == set(record["available"])
        members = people(bench, organizations=(record["code"],))
        assert page.people.total == len(members)
        assert [line.person.code for line in page.people.people] == [thing.key for thing in members[:3]]
        active = {thing.key for thing in bench.plain.things if thing.kind == "person"}
        assert {(manager.person.code, manager.since) for manager in page.managers} == {
            (manager["username"], manager["since"]) for manager in record["managers"] if manager["username"] in active
        }
        organized = bench.plain.find(Asked(classes=("event",), organizations=(record["code"],)))
        assert {line.event.code for line in page.events} == {thing.key for thing in organized}


def test_a_territory_shows_what_lies_in_it_and_who_lives_there(bench: SearchBench) -> None:
    page = bench.profiles.territory("r-lac", limit=4)
    residents = people(bench, territories=("R-LAC",))
    assert page.counts == Tally(len(people(bench, territories=("R-LAC",), descendants=False)), len(residents))
    assert [line.person.code for line in page.people.people] == [thing.key for thing in residents[:4]]
    for node in page.children:
        assert node.people == len(people(bench, territories=(node.territory.code or "",)))
    spoken = bench.plain.counts("language", Asked(classes=("person",), territories=("R-LAC",)))
    assert {count.ref.code: count.count for count in page.languages} == spoken
    offered: dict[str, int] = {}
    for thing in residents:
        for key in thing.held["offers"]:
            offered[key] = offered.get(key, 0) + 1
    assert [count.count for count in page.offered] == sorted(offered.values(), reverse=True)[:10]
    assert all(offered[count.ref.wikidata or ""] == count.count for count in page.offered)
    assert {ref.code for ref in bench.profiles.territory("TR").parents} == {"R-CEECA", "R-MENA"}


def test_an_event_and_a_project_show_their_facts(bench: SearchBench) -> None:
    record = bench.data.records["event"][0]
    event = bench.profiles.event(record["id"])
    assert (event.ref.label, event.begin, event.end) == (record["name"], record["begin"], record["end"])
    assert {ref.wikidata for ref in event.capacities} == set(record["capacities"])
    assert [ref.code for ref in event.organizers] == [record["organization"]]
    record = bench.data.records["project"][0]
    assert {ref.code for ref in bench.profiles.project(record["id"]).partners} == {m["code"] for m in record["members"]}


@pytest.mark.parametrize(
    ("page", "value"),
    [
        ("capacity", "Q1"),
        ("capacity", "nothing"),
        ("person", "Nobody"),
        ("person", "Q1000"),
        ("organization", "Q1000"),
        ("territory", ""),
        ("event", 'EV" } #'),
        ("project", "EV0001"),
    ],
)
def test_what_is_not_there_is_not_found(bench: SearchBench, page: str, value: str) -> None:
    with pytest.raises(NotFound):
        getattr(bench.profiles, page)(value)


class NoSearch:
    """For pages without lists."""

    def run(self, request: SearchRequest) -> SearchPage:
        return SearchPage(0, (), dict.fromkeys(request.facets or (), ()))


def node_of(name: str) -> Term:
    return iri(SPACES.entity + name)


def small(*facts: tuple[Term, Term, Term]) -> Profiles:
    store = EmbeddedStore()
    with store.rebuild("small") as build:
        build.add(Triple(*fact) for fact in facts)  # type: ignore[arg-type]
        build.finish(1)
        build.publish()
    directory = DirectoryCache(store, SPACES)
    naming = Naming(store, SPACES, directory)
    ids = load_instance("embedded")
    return Profiles(store, SPACES, directory=directory, naming=naming, search=NoSearch(), instance=ids)


def test_a_statement_shows_its_level_formats_and_evidence() -> None:
    node = iri(SPACES.statement + "Q300-1")
    profiles = small(
        (node_of("Q300"), RDF_TYPE, capx("Person")),
        (node_of("Q300"), capx("username"), literal("Ana")),
        (node_of("Q300"), capx("source"), capx("DemonstrationData")),
        (node_of("Q200"), RDF_TYPE, capx("Capacity")),
        (node_of("Q200"), LABEL, literal("Filmschnitt", "de")),
        (node_of("Q300"), capx("offer"), node),
        (node, capx("capacity"), node_of("Q200")),
        (node, capx("level"), capx("Expert")),
        (node, capx("format"), capx("Workshop")),
        (node, capx("format"), capx("Mentoring")),
        (node, capx("availability"), capx("Limited")),
        (node, capx("evidence"), iri("https://example.org/film")),
        (node, capx("evidencePage"), literal("User:Ana/Films")),
        (
            node_of("Q300"),
            capx("image"),
            iri("http://commons.wikimedia.org/wiki/Special:FilePath/Ana%20%26%20caf%C3%A9.jpg"),
        ),
    )
    page = profiles.person("ana", reader=("pt", "en"))
    (offer,) = page.offers
    assert isinstance(offer, CapacityStatement)
    assert (offer.role, offer.capacity.label, offer.capacity.language) == (Role.OFFERS, "Filmschnitt", "de")
    assert offer.level is not None
    assert (offer.level.code, offer.level.language) == ("expert", "pt")
    assert {ref.code for ref in offer.formats} == {"workshop", "mentoring"}
    assert offer.availability is not None
    assert offer.availability.code == "limited"
    assert offer.evidence == (Evidence("https://example.org/film", "User:Ana/Films"),)
    assert offer.statement == node.value
    assert page.image == "Ana & café.jpg"
    assert page.source is not None
    assert page.source.code == "demonstration"


def test_a_circle_of_capacities_is_shown_once_and_ends() -> None:
    broader = iri(SKOS + "broader")
    profiles = small(
        *((node_of(name), RDF_TYPE, capx("Capacity")) for name in ("Q200", "Q201", "Q202")),
        (node_of("Q200"), broader, node_of("Q201")),
        (node_of("Q201"), broader, node_of("Q202")),
        (node_of("Q202"), broader, node_of("Q200")),
    )
    nodes = list(walk(profiles.directory()))
    assert [node.capacity.id for node in nodes] == ["Q200", "Q202", "Q201"]
    page = profiles.capacity("Q201")
    assert isinstance(page, CapacityProfile)
    assert [ref.id for ref in page.path] == ["Q200", "Q202"]


def test_an_event_that_began_is_told_by_its_instants() -> None:
    profiles = small(
        (node_of("Q400"), RDF_TYPE, capx("Event")),
        (node_of("Q400"), capx("begin"), date_time("2026-06-01T00:00:00Z")),
        (node_of("Q400"), capx("locationType"), capx("Virtual")),
    )
    event = profiles.event("q400")
    assert event.ref == replace(event.ref, id="Q400", label="Q400", kind=EntityKind.EVENT)
    assert event.begin == "2026-06-01T00:00:00Z"
    assert event.location_type is not None
    assert event.location_type.code == "virtual"
