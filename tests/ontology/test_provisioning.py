"""A new repository gets the ontology under its exact ids; a used one is completed and never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.errors import DataError
from capx_graph.model import Draft, EntityJson
from capx_graph.ontology import Instance, load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.dumps.importing import DumpImport
from capx_graph.repository.store import Repository


@pytest.fixture(scope="module")
def embedded() -> Instance:
    return load_instance("embedded")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    repository = Repository.open(tmp_path)
    yield repository
    repository.close()


def entity(repository: Repository, entity_id: str) -> EntityJson:
    page = repository.page(entity_id)
    assert page is not None
    assert page.entity is not None
    return page.entity


def test_a_new_repository_gets_every_term_under_its_id(repository: Repository, embedded: Instance) -> None:
    done = provision(repository, embedded)
    assert set(done.made) == {*embedded.property_ids.values(), *embedded.item_ids.values()}
    for name, property_id in embedded.property_ids.items():
        assert repository.datatype(property_id) == embedded.datatype(name)
    labels = entity(repository, embedded.item_id("Level3"))["labels"]
    assert (labels["en"]["value"], labels["ja"]["value"]) == ("advanced", "上級")


def test_individuals_say_their_class_and_code(repository: Repository, embedded: Instance) -> None:
    provision(repository, embedded)
    native = entity(repository, embedded.item_id("LevelN"))
    assert embedded.values("instanceOf", native, lambda _: None) == (embedded.item_id("LanguageLevel"),)
    assert embedded.values("code", native, lambda _: None) == ("n",)


def test_the_wikidata_id_has_its_formatters(repository: Repository, embedded: Instance) -> None:
    provision(repository, embedded)
    wikidata_id = entity(repository, embedded.property_id("wikidataId"))
    assert embedded.values("formatterUrl", wikidata_id, lambda _: None) == ("https://www.wikidata.org/wiki/$1",)
    assert embedded.values("formatterUri", wikidata_id, lambda _: None) == ("http://www.wikidata.org/entity/$1",)


def test_ids_given_out_afterwards_begin_above_the_reserved_ones(repository: Repository, embedded: Instance) -> None:
    provision(repository, embedded)
    assert repository.allocate("item", 1) == ["Q200"]
    assert repository.allocate("property", 1) == ["P200"]


def test_provisioning_again_changes_nothing(repository: Repository, embedded: Instance) -> None:
    provision(repository, embedded)
    head = repository.head()
    repository.allocate("item", 5)
    again = provision(repository, embedded)
    assert (again.made, again.completed, repository.head()) == ((), (), head)
    assert repository.allocate("item", 1) == ["Q205"], "the counter never goes back"


def test_what_a_community_wrote_stays_and_what_is_missing_comes_back(
    repository: Repository, embedded: Instance
) -> None:
    provision(repository, embedded)
    item_id = embedded.item_id("Capacity")
    changed = dict(entity(repository, item_id))
    japanese = changed["labels"]["ja"]
    changed["labels"] = {
        "en": {"language": "en", "value": "skill"},
        "it": {"language": "it", "value": "competenza"},
    }
    repository.bulk([Draft(changed)], actor="Someone")
    repository.delete([embedded.item_id("Hybrid")], actor="Someone")
    done = provision(repository, embedded)
    assert (done.made, done.completed) == ((embedded.item_id("Hybrid"),), (item_id,))
    labels = entity(repository, item_id)["labels"]
    assert (labels["en"]["value"], labels["it"]["value"], labels["ja"]) == ("skill", "competenza", japanese)


def test_a_property_of_another_datatype_is_a_contradiction(repository: Repository, embedded: Instance) -> None:
    property_id = embedded.property_id("username")
    other = {"type": "property", "id": property_id, "datatype": "url", "labels": {}}
    repository.bulk([Draft(other)], actor="Someone")
    with pytest.raises(DataError, match=f"{property_id} has the datatype url, the ontology needs string"):
        provision(repository, embedded)


def test_words_in_a_language_that_only_a_dump_knows_stay_and_stop_no_start(
    repository: Repository, embedded: Instance, tmp_path: Path
) -> None:
    property_id = embedded.property_id("offers")
    made = {"id": property_id, "type": "property", "datatype": embedded.datatype("offers")}
    words = {"labels": {"newest": {"language": "newest", "value": "words"}}}
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps(made | words), encoding="utf-8")
    assert DumpImport(repository).run(dump).written == 1
    assert property_id in provision(repository, embedded).completed
    labels = entity(repository, property_id)["labels"]
    assert labels["newest"]["value"] == "words"
    assert labels["en"]["value"] == "offers"
    assert provision(repository, embedded).completed == ()
