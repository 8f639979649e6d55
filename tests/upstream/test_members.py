"""Members of a service whose directory lives in a connected Wikibase: their items are here, what they name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.connected import open_sync
from capx_graph.importers.directory import import_directory
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.jobs.operations import export_tables
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.model import EntityKind, SearchRequest
from capx_graph.namespaces import OWN_IDS
from capx_graph.ontology import DirectoryEntry, load_directory
from capx_graph.opening import Graph
from capx_graph.services import open_services
from tests.houses.directory import PASSWORD, House
from tests.houses.upstream import BASE, Connected, Remote, parted, remote_differences, remote_wiki, settings_for
from webapp import create_app

pytestmark = pytest.mark.slow

Both = tuple[Remote, House, Connected]


@pytest.fixture(scope="module", params=["everything there", "directory alone there"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The wiki with a part of the starter directory, and a service connected to it, with all terms mapped or few."""
    folder = tmp_path_factory.mktemp("connected")
    with remote_wiki(folder / "remote") as remote:
        import_directory(remote.repository, Vocabulary(remote.instance), Keys(), entries=entries())
        more = {"CAPX_SPARQL_WORKERS": "1"}
        if request.param != "everything there":
            more["CAPX_INSTANCE"] = _few(remote, folder / "data" / "instances")
        settings = settings_for(remote, folder / "data", **more)
        with open_services(settings) as services, open_sync(services.repository, settings) as sync:
            sync.once()
            services.ingest.catch_up()
            services.index.load()
            graph = Graph(services.store, services.texts, services.ingest)
            house = House(services, create_app(services).test_client())
            yield remote, house, Connected(settings, services.repository, graph, sync)


def entries() -> list[DirectoryEntry]:
    """All capacities of the starter directory, the regions, a language: each item is compared with its original."""
    return [
        entry
        for entry in load_directory()
        if entry.kind is EntityKind.CAPACITY
        or "Region" in entry.classes
        or (entry.kind is EntityKind.LANGUAGE and "pt" in entry.keys)
    ]


def _few(remote: Remote, folder: Path) -> str:
    """A mapping of what is needed to read the directory; everything about people is to be kept here."""
    names = ("instanceOf", "wikidataId", "capxId", "code", "partOf", "Capacity", "Territory", "Region", "Language")
    lines = [
        f'capx:{name} capxi:property "{remote.instance.property_id(name)}" .' for name in names if name[0].islower()
    ]
    lines += [f'capx:{name} capxi:item "{remote.instance.item_id(name)}" .' for name in names if name[0].isupper()]
    folder.mkdir(parents=True)
    text = f"""@prefix capx: <https://w3id.org/capx/ontology/> .
@prefix capxi: <https://w3id.org/capx/instance/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/capx/instance/few> a capxi:Instance ;
    capxi:conceptBase "{BASE}/entity/" ; capxi:complete false .
skos:broader capxi:property "{remote.instance.property_id("broader")}" .
"""
    (folder / "few.ttl").write_text("\n".join([text, *lines, ""]), encoding="utf-8")
    return "few"


def test_a_profile_is_published_found_and_withdrawn(both: Both, tmp_path: Path) -> None:
    remote, home, here = both
    known = home.services.accounts.add("Ana", PASSWORD)
    who = home.services.accounts.members.of(known)
    directory = home.directory
    film, portuguese = directory.codes[EntityKind.CAPACITY, "10"], directory.codes[EntityKind.LANGUAGE, "pt"]
    assert int(film[1:]) < OWN_IDS
    offered = Line("offers", film, level="advanced", formats=("mentoring",), availability="limited")
    parts = {
        Field.ABOUT: Part(State.PUBLIC, (Line("displayName", "Ana Silva"),)),
        Field.OFFERS: Part(State.PUBLIC, (offered,)),
        Field.LANGUAGES: Part(State.PUBLIC, (Line("speaks", portuguese, level="n"),)),
    }
    own = home.services.membership.own
    now = own.read(who).parts
    changes = {field: Change(part, now[field].mark) for field, part in parts.items()}
    profile = own.save(who, changes, agreed=True, wording="1", language="pt")
    assert profile.item is not None
    assert int(profile.item[1:]) > OWN_IDS
    shown = home.services.profiles.person("Ana")
    assert [skill.capacity.id for skill in shown.offers] == [film]
    request = SearchRequest(capacities=(film,), languages=("pt",), classes=(EntityKind.PERSON,))
    assert [hit.name for hit in home.services.search.run(request).hits] == ["Ana"]
    told = home.client.get("/person/Ana").text
    assert f'"@id":"http://capx.example/entity/{profile.item}"' in told.replace('": "', '":"')
    assert f'"@id":"{BASE}/entity/{film}"' in told.replace('": "', '":"')
    assert home.client.get(f"/capacity/{film}").status_code == 200
    assert _feed_of(home, film) == ["http://capx.example/feeds/1", f"http://capx.example/entity/{profile.item}"]
    triples = {str(triple) for triple in here.graph.store.triples()}
    assert (
        f"<http://capx.example/entity/{profile.item}> <https://w3id.org/capx/ontology/offers> <{BASE}/entity/{film}>"
        in triples
    )
    assert remote_differences(here) == []
    assert remote.repository.owned_by("Ana") == []
    export_tables(here.settings, tmp_path)
    assert "Ana" in (tmp_path / "users.tab").read_text()
    home.services.erasures.erase("Ana")
    home.services.hide()
    assert home.client.get("/person/Ana").status_code == 404
    assert not any(profile.item in str(triple) for triple in here.graph.store.triples())
    assert remote_differences(here) == []
    assert parted(remote, here) == []


def _feed_of(home: House, capacity: str) -> list[str]:
    """What the feed of a search that was kept before anybody came names itself and its entries."""
    accounts = home.services.accounts
    accounts.searches.add(
        accounts.members.arrive("https://w.example", "9", "Cy").member.id, "x", f"capacity={capacity}", revision=0
    )
    (kept,) = accounts.searches.of(accounts.members.arrive("https://w.example", "9", "Cy").member.id)
    return re.findall(r"<id>([^<]*)</id>", home.client.get(f"/feeds/{kept.token}.atom").text)


def test_people_who_are_kept_there_are_found_here(both: Both) -> None:
    remote, home, here = both
    if home.services.instance.item_id("Person") != remote.instance.item_id("Person"):
        pytest.skip("that Wikibase has no people")
    film = home.directory.codes[EntityKind.CAPACITY, "10"]
    (item,) = remote.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(remote.instance), item, class_name="Person")
    draft.label("en", "Bo")
    draft.add("username", "Bo")
    draft.add("offers", film)
    remote.write(draft.entity())
    here.catch_up()
    assert "Bo" in home.found(film)
    assert home.client.get("/person/Bo").status_code == 200
    remote.delete(item)
    here.catch_up()
    assert "Bo" not in home.found(film)


def test_the_page_of_an_item_that_lives_there_is_there(both: Both) -> None:
    remote, home, _ = both
    capacity = remote.instance.item_id("Capacity")
    answer = home.client.get(f"/wiki/Item:{capacity}")
    assert answer.status_code == 302
    assert answer.location == f"{BASE}/entity/{capacity}"
    assert home.client.get("/wiki/Item:Q999999").status_code == 404


def test_a_capacity_that_moves_there_moves_here(both: Both) -> None:
    remote, home, here = both
    broader = remote.instance.property_id("broader")
    moved = next(p.entity_id for p in remote.repository.scan("item") if p.entity and broader in p.entity["claims"])
    other = remote.item("another branch", claims=[("instanceOf", remote.instance.item_id("Capacity"))])
    claims = remote.content(moved)["claims"]
    for statement in claims[broader]:
        statement["mainsnak"]["datavalue"]["value"] = {"entity-type": "item", "numeric-id": int(other[1:]), "id": other}
    remote.change(moved, claims=claims)
    assert here.catch_up() == 2
    assert home.client.get(f"/capacity/{other}").status_code == 200
    assert other in home.directory.tree.above(moved)
    assert remote_differences(here) == []


@pytest.mark.parametrize("address", ["/", "/directory", "/search", "/query", "/events", "/translate", "/analytics"])
def test_pages_answer_beside_a_wikibase_elsewhere(both: Both, address: str) -> None:
    _, home, _ = both
    assert home.client.get(address).status_code == 200
