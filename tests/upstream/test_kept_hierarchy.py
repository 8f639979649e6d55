"""A connected Wikibase without a hierarchy of capacities: that of our directory stands in, declared and followed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.check import Check
from capx_graph.connected import RemoteCheck, open_sync, sync_over
from capx_graph.errors import InvalidParameter, InvalidSetting
from capx_graph.namespaces import CAPX, CAPX_DIRECTORY, SKOS, WIKIDATA
from capx_graph.ontology import load_instance
from capx_graph.opening import Graph, open_graph, open_repository
from capx_graph.repository.storage.transaction import Author
from capx_graph.services import open_services
from capx_graph.settings import Settings
from capx_graph.status import kept_here
from capx_graph.terms import NamedNode, iri
from capx_graph.upstream import Sync
from tests.doubles.services import FakeProfiles, FakeServices
from tests.houses.elsewhere import WikiElsewhere
from tests.houses.metabase import BASE, item, metabase_wiki
from webapp.factory import create_app

pytestmark = pytest.mark.slow

ROOT, LEAF, TERM = "Q40002", "Q40003", "Q40001"


@dataclass
class Here:
    graph: Graph
    sync: Sync

    def catch_up(self) -> None:
        self.sync.once()
        self.graph.ingest.catch_up()

    def values(self, entity_id: str, predicate: str) -> list[str]:
        found = self.graph.store.subject_triples([_node(entity_id)], [iri(predicate)])
        return sorted(getattr(triple.object, "value", "").removeprefix(f"{BASE}/entity/") for triple in found)

    def above(self, entity_id: str) -> list[str]:
        assert [str(one) for one in Check(self.graph.ingest).differences()] == []
        return self.values(entity_id, SKOS + "broader")


def _node(entity_id: str) -> NamedNode:
    return iri(f"{BASE}/entity/{entity_id}")


@pytest.fixture(scope="module")
def metabase(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WikiElsewhere]:
    with metabase_wiki(tmp_path_factory.mktemp("metabase")) as wiki:
        yield wiki


def _settings(metabase: WikiElsewhere, data: Path, **more: str) -> Settings:
    given = {"CAPX_WIKIBASE_URL": metabase.api, "CAPX_BASE": "http://capx.example", **more}
    return setting_list.load(given, data=str(data))


@contextmanager
def _opened(settings: Settings) -> Iterator[Here]:
    with ExitStack() as stack:
        repository = stack.enter_context(open_repository(settings))
        graph = stack.enter_context(open_graph(repository, settings))
        sync = sync_over(repository, settings)
        stack.callback(sync.source.close)
        yield Here(graph, sync)


@pytest.fixture(scope="module")
def settings(metabase: WikiElsewhere, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return _settings(metabase, tmp_path_factory.mktemp("data"))


@pytest.fixture
def here(settings: Settings) -> Iterator[Here]:
    """Opened anew for each test, so that what is known of the tree is read from the graph."""
    with _opened(settings) as found:
        found.catch_up()
        yield found
        assert [str(one) for one in RemoteCheck(found.graph.ingest, found.sync).differences()] == []


def test_a_capacity_has_the_place_and_colour_of_its_entry_in_the_directory(here: Here) -> None:
    assert here.above(LEAF) == [ROOT]
    assert here.values(LEAF, SKOS + "broaderTransitive") == [ROOT]
    assert here.values(LEAF, CAPX + "root") == [ROOT]
    assert here.values(ROOT, CAPX + "depth") == ["1"]
    assert here.values(LEAF, CAPX + "depth") == ["2"]
    colours = here.values(ROOT, CAPX + "colour")
    assert len(colours) == 1
    assert here.values(LEAF, CAPX + "rootColour") == colours


def test_which_entry_says_so_is_in_the_graph(here: Here) -> None:
    assert here.values(LEAF, CAPX + "placedBy") == [f"{CAPX_DIRECTORY}capacity/37"]
    assert here.values("Q40005", CAPX + "placedBy") == []
    assert here.values("Q40006", CAPX + "placedBy") == []
    assert kept_here(here.graph.ingest) == ("broader", "colour")


def test_the_wikidata_id_of_an_index_term_is_the_capacity_s(here: Here) -> None:
    assert here.values(ROOT, CAPX + "wikidataId") == ["Q11024"]
    assert f"{WIKIDATA}Q11024" in here.values(ROOT, SKOS + "exactMatch")


def test_a_capacity_of_theirs_that_goes_and_comes_back_takes_its_parts_along(
    here: Here, metabase: WikiElsewhere
) -> None:
    metabase.repository.delete([ROOT], actor="Admin")
    here.catch_up()
    assert here.above(LEAF) == []
    assert here.values(LEAF, CAPX + "depth") == ["1"]
    with metabase.repository.transaction() as transaction:
        page = transaction.page(ROOT)
        assert page is not None
        transaction.undelete(page, Author("Admin"))
    here.catch_up()
    assert here.above(LEAF) == [ROOT]


def test_what_identifies_a_capacity_may_change_there(here: Here, metabase: WikiElsewhere) -> None:
    def without_number(entity: dict[str, object]) -> None:
        claims = entity["claims"]
        assert isinstance(claims, dict)
        del claims["P91"]

    metabase.edit(ROOT, without_number)
    here.catch_up()
    assert here.values(ROOT, CAPX + "placedBy") == [f"{CAPX_DIRECTORY}capacity/36"], "by the Wikidata id of its term"
    metabase.repository.bulk([item(TERM, {"en": "Communication (term)"}, P5="Q12", P1="Q1")], actor="Somebody")
    here.catch_up()
    assert here.values(ROOT, CAPX + "placedBy") == []
    assert here.above(LEAF) == []
    metabase.repository.bulk([item(TERM, {"en": "Communication (term)"}, P5="Q12", P1="Q11024")], actor="Somebody")
    here.catch_up()
    assert here.above(LEAF) == [ROOT]


def test_members_are_not_to_be_written_there_whatever_the_settings_say(metabase: WikiElsewhere, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="MetaBase takes no people"):
        open_repository(_settings(metabase, tmp_path / "data", CAPX_PEOPLE="upstream")).__enter__()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The hierarchy of capacities is kept here; <bdi>MetaBase</bdi> has none."),
        ("ar", "<bdi>MetaBase</bdi>"),
    ],
)
@pytest.mark.parametrize("page", ["/directory", "/capacity/Q202"])
def test_its_pages_say_where_the_hierarchy_is_kept(page: str, language: str, said: str) -> None:
    for name, expected in (("metabase", True), ("embedded", False)):
        services = FakeServices(profiles=FakeProfiles(), instance=load_instance(name))
        client = create_app(services).test_client()
        text = client.get(f"{page}?uselang={language}").get_data(as_text=True)
        assert (said in text) is expected


def test_a_service_shows_the_kept_tree_and_edits_what_is_theirs(metabase: WikiElsewhere, tmp_path: Path) -> None:
    robot = metabase.accounts.account("Robot")
    assert robot is not None
    consumer = metabase.accounts.consumers.add(robot, "a tool", protocol=2)
    issued = metabase.accounts.consumers.issue_token(consumer.key, consumer.secret)
    assert issued is not None
    more = {"CAPX_WIKIBASE_TOKEN": issued[0], "CAPX_WIKIBASE_PAUSE": "0", "CAPX_SPARQL_WORKERS": "1"}
    settings = _settings(metabase, tmp_path / "data", **more)
    with open_services(settings) as services, open_sync(services.repository, settings) as sync:
        sync.once()
        services.ingest.catch_up()
        services.index.load()
        client = create_app(services).test_client()
        tree = client.get("/directory").get_data(as_text=True)
        assert tree.index(f'id="{ROOT}"') < tree.index("storytelling")
        assert "kept here; <bdi>MetaBase</bdi> has none" in tree
        assert "kept here; <bdi>MetaBase</bdi> has none" in client.get("/status").get_data(as_text=True)
        assert client.get("/status.json").get_json()["kept_here"] == ["broader", "colour"]
        taxonomy = services.directory_work.taxonomy
        facts = taxonomy.facts(LEAF)
        told = replace(facts.details, label="telling stories")
        taxonomy.change(LEAF, told, base=facts.revision, account="Ana")
        assert metabase.items()[LEAF]["labels"]["en"]["value"] == "telling stories"
        with pytest.raises(InvalidParameter, match="parent='Q40005': is kept by the directory here"):
            taxonomy.change(LEAF, replace(told, parent="Q40005"), base=taxonomy.facts(LEAF).revision, account="Ana")
