"""Searches while the graph is built anew and swapped, in a service of its own and in a connected one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event, Thread

import pytest

from capx_graph import settings as setting_list
from capx_graph.check import Check
from capx_graph.connected import instance_of, open_sync
from capx_graph.importers.directory import import_directory
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.model import Draft, EntityKind, SearchPage, SearchRequest
from capx_graph.ontology import Instance, load_directory
from capx_graph.opening import open_repository
from capx_graph.repository.store import Repository
from capx_graph.services import Services, open_services
from tests.houses.upstream import remote_wiki, settings_for

pytestmark = pytest.mark.slow

PEOPLE = 40
FILM = "10"
"""A capacity of the starter directory, by its CapX id."""


def fill(repository: Repository, ids: Instance) -> None:
    """Capacities, and people who all offer one of them."""
    vocabulary = Vocabulary(ids)
    capacities = [entry for entry in load_directory() if entry.kind is EntityKind.CAPACITY]
    keys = Keys()
    import_directory(repository, vocabulary, keys, entries=capacities)
    film = keys.find(EntityKind.CAPACITY, FILM)
    assert film is not None
    drafts = []
    for number, item in enumerate(repository.allocate("item", PEOPLE)):
        draft = ItemDraft(vocabulary, item, class_name="Person")
        draft.label("en", f"Person {number}")
        draft.add("username", f"Person {number}")
        draft.add("offers", film)
        drafts.append(Draft(draft.entity()))
    repository.bulk(drafts, actor="Test")


@pytest.fixture(scope="module", params=["alone", "connected"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("rebuild")
    with ExitStack() as stack:
        if request.param == "alone":
            settings = setting_list.load({"CAPX_SPARQL_WORKERS": "1"}, data=str(folder / "data"))
            with open_repository(settings) as repository:
                fill(repository, instance_of(settings))
        else:
            remote = stack.enter_context(remote_wiki(folder / "remote"))
            fill(remote.repository, remote.instance)
            settings = settings_for(remote, folder / "data", CAPX_SPARQL_WORKERS="1")
        found = stack.enter_context(open_services(settings))
        if request.param == "connected":
            stack.enter_context(open_sync(found.repository, settings)).once()
        found.ingest.catch_up()
        found.index.load()
        yield found


def told(page: SearchPage) -> tuple[object, ...]:
    """What may not change while nobody edits: who is found, by which name, why, and all counts."""
    hits = tuple((hit.name, hit.ref.label, hit.reasons) for hit in page.hits)
    counts = tuple((name, tuple((value.ref.id, value.count) for value in page.facets[name])) for name in page.facets)
    return page.total, page.whole, hits, counts


def test_searches_neither_fail_nor_mix_while_the_graph_is_replaced(services: Services) -> None:
    request = SearchRequest(capacities=(FILM,), classes=(EntityKind.PERSON,))
    wanted = services.search.run(request)
    assert wanted.total == PEOPLE
    assert all(hit.reasons for hit in wanted.hits)
    met, failures, ended = set(), list[BaseException](), Event()

    def search() -> None:
        while not ended.is_set():
            try:
                met.add(told(services.search.run(request)))
            except Exception as error:  # whatever it is, a searcher met it
                failures.append(error)

    threads = [Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            services.ingest.rebuild()
            assert services.index.ready, "the index was read aside and swapped with the graph"
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert met == {told(wanted)}
    assert list(Check(services.ingest).differences()) == []


def test_an_edit_made_while_the_graph_is_built_is_in_what_is_swapped_in(services: Services) -> None:
    before = services.search.run(SearchRequest(classes=(EntityKind.PERSON,))).total
    vocabulary, (item,) = Vocabulary(services.instance), services.repository.allocate("item", 1)
    draft = ItemDraft(vocabulary, item, class_name="Person")
    draft.label("en", "Latecomer")
    draft.add("username", "Latecomer")
    written = []

    def write(done: int) -> None:
        if not written:
            written.append(services.repository.bulk([Draft(draft.entity())], actor="Test"))

    services.ingest.rebuild(progress=write)
    assert services.search.run(SearchRequest(classes=(EntityKind.PERSON,))).total == before + 1
    assert services.search.run(SearchRequest(text="Latecomer")).hits[0].ref.id == item
    services.repository.erase([], [item])
    services.ingest.catch_up()


def test_nobody_takes_a_graph_that_is_being_replaced_for_one(services: Services) -> None:
    index = services.index
    before = index.replacements
    assert index.is_same_since(before)
    with index.replacing(index.aside(services.store)):
        assert not index.is_same_since(before)
        assert not index.is_same_since(index.replacements)
    assert not index.is_same_since(before)
    assert index.is_same_since(index.replacements)
    assert index.ready
