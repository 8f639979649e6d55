"""``capx provision``: an empty and a shared Wikibase elsewhere made ready, again and again, and after being cut off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capx_graph.cli.entry import capx
from capx_graph.ontology import Instance, load_ontology, read_instance
from capx_graph.wikibase.writer import Writer
from tests.houses.elsewhere import BASE, PASSWORD, USER, WikiElsewhere, wiki_elsewhere

pytestmark = pytest.mark.slow

ONTOLOGY = load_ontology()
STORED = {term.name for term in ONTOLOGY.properties.values() if term.is_stored}
ITEMS = {term.name for term in ONTOLOGY.classes.values() if term.code} | set(ONTOLOGY.individuals)


class Cut(Exception):
    """The process dies here."""


Provision = Callable[..., Result]


def provisioning(wiki: WikiElsewhere, file: Path) -> Provision:
    def run(*arguments: str) -> Result:
        environment = {
            "CAPX_CONTACT": "test@example.org",
            "CAPX_WIKIBASE_USER": USER,
            "CAPX_WIKIBASE_PASSWORD": PASSWORD,
            "CAPX_WIKIBASE_PAUSE": "0",
            "CAPX_DATA": str(file.parent / "data"),
        }
        command = ["provision", "--wikibase", wiki.address, "--instance", str(file), *arguments]
        return CliRunner(env=environment).invoke(capx, command, standalone_mode=False, catch_exceptions=False)

    return run


def labels(wiki: WikiElsewhere) -> list[str]:
    found = [page.entity for page in wiki.repository.scan() if page.entity is not None]
    return [entity["labels"]["en"]["value"] for entity in found]


def check_whole(wiki: WikiElsewhere, instance: Instance) -> None:
    """Every term is there once, under its id, and says what it is."""
    assert instance.is_complete
    assert instance.concept_base == f"{BASE}/entity/"
    assert set(instance.property_ids) == STORED
    assert set(instance.item_ids) == ITEMS
    for name, entity_id in {**instance.property_ids, **instance.item_ids}.items():
        page = wiki.repository.page(entity_id)
        assert page is not None, name
        assert page.entity is not None
        assert page.entity.get("datatype") == (instance.datatype(name) if name in STORED else None)


def test_an_empty_wiki_gets_the_whole_ontology_once(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.ttl"
    with wiki_elsewhere(tmp_path / "wiki") as wiki:
        run = provisioning(wiki, file)
        planned = run("--dry-run", "--json")
        assert planned.return_value == 0
        assert json.loads(planned.stdout)["counts"]["to be made"] == len(STORED | ITEMS)
        assert (wiki.edits, file.exists()) == ([], False)
        assert run().return_value == 0, "without a terminal and without --yes: the plan alone"
        assert wiki.edits == []
        assert run("--yes").return_value == 0
        instance = read_instance(file)
        check_whole(wiki, instance)
        assert len(wiki.edits) == len(STORED | ITEMS)
        external = wiki.repository.page(instance.property_id("wikidataId"))
        assert external is not None
        assert external.entity is not None
        assert instance.property_id("formatterUrl") in external.entity["claims"]
        level = wiki.items()[instance.item_id("Level3")]
        assert instance.values("instanceOf", level, lambda _: None) == (instance.item_id("LanguageLevel"),)

        text = file.read_text(encoding="utf-8")
        assert run("--yes").return_value == 0
        assert len(wiki.edits) == len(STORED | ITEMS), "again: nothing to do"
        assert file.read_text(encoding="utf-8") == text
        file.unlink()
        assert run("--yes").return_value == 0
        assert read_instance(file).property_ids == instance.property_ids, "found again without the file"
        assert read_instance(file).item_ids == instance.item_ids
        assert len(wiki.edits) == len(STORED | ITEMS)


def test_a_shared_wiki_is_asked_about_before_anything_is_guessed(tmp_path: Path) -> None:
    file = tmp_path / "shared.ttl"
    with wiki_elsewhere(tmp_path / "wiki", shared=True) as wiki:
        before = {page.entity_id: page.entity for page in wiki.repository.scan()}
        run = provisioning(wiki, file)
        refused = run("--yes", "--json")
        assert refused.return_value == 3
        found = {row["term"]: row for row in json.loads(refused.stdout)["terms"]}
        assert found["instanceOf"]["how"] == "same name"
        assert found["instanceOf"]["candidates"] == ["P2"]
        assert found["Person"]["candidates"] == ["Q1"]
        assert found["level"]["how"] == "to be made", "a string named level is no level of ours"
        assert (wiki.edits, file.exists()) == ([], False)

        guesses = [row for row in found.values() if row["how"] == "same name"]
        assert {row["term"] for row in guesses} == {"instanceOf", "website", "Person", "Organization"}
        answers = ["--take", "P2", "--take", "P4", "--take", "Q1", "--make", "Organization"]
        assert run("--yes", *answers).return_value == 0
        instance = read_instance(file)
        check_whole(wiki, instance)
        assert instance.property_id("instanceOf") == "P2"
        assert instance.property_id("website") == "P4"
        assert instance.item_id("Person") == "Q1"
        assert instance.item_id("Organization") not in before
        level = wiki.repository.page(instance.property_id("level"))
        assert level is not None
        assert level.entity is not None
        assert level.entity["labels"]["en"]["value"] == "level (CapX)", "no two properties of one name"
        after = {page.entity_id: page.entity for page in wiki.repository.scan()}
        assert {entity_id: after[entity_id] for entity_id in before} == before, "what others made is untouched"


def test_what_says_that_it_is_a_term_is_taken_without_asking(tmp_path: Path) -> None:
    file = tmp_path / "shared.ttl"
    with wiki_elsewhere(tmp_path / "wiki", shared=True) as wiki:
        claim = {
            "mainsnak": {
                "snaktype": "value",
                "property": "P5",
                "datavalue": {"type": "string", "value": "P31"},
            },
            "type": "statement",
            "rank": "normal",
        }
        wiki.edit("P2", lambda entity: entity.update(claims={"P5": [claim]}))
        found = json.loads(provisioning(wiki, file)("--dry-run", "--json").stdout)["terms"]
        row = next(row for row in found if row["term"] == "instanceOf")
        assert (row["how"], row["id"]) == ("exact match", "P2")


def test_a_mapping_that_is_wrong_stops_everything(tmp_path: Path) -> None:
    file = tmp_path / "wrong.ttl"
    with wiki_elsewhere(tmp_path / "wiki", shared=True) as wiki:
        file.write_text(
            "@prefix capx: <https://w3id.org/capx/ontology/> .\n@prefix capxi: <https://w3id.org/capx/instance/> .\n"
            f'<https://w3id.org/capx/instance/wrong> a capxi:Instance ; capxi:conceptBase "{BASE}/entity/" .\n'
            'capx:username capxi:property "P2" .\ncapx:Person capxi:item "Q77" .\n# a word of a person\n',
            encoding="utf-8",
        )
        done = provisioning(wiki, file)("--yes", "--json")
        wrong = {row["term"]: row["why"] for row in json.loads(done.stdout)["terms"] if row["how"] == "contradiction"}
        assert done.return_value == 3
        assert wrong["username"] == "P2 has the datatype wikibase-item, username needs string"
        assert wrong["Person"] == "the mapping names Q77, which is not there"
        assert wiki.edits == []


@pytest.mark.parametrize("survived", [0, 7])
def test_a_run_that_is_cut_off_is_finished_by_the_next(tmp_path: Path, survived: int) -> None:
    """The wiki saves an edit, and the answer never arrives: the worst moment."""
    file = tmp_path / "elsewhere.ttl"

    with wiki_elsewhere(tmp_path / "wiki") as wiki:
        run = provisioning(wiki, file)
        before = len(labels(wiki))
        create = Writer.create
        count = 0

        def cut(self: Writer, *arguments: object, **more: object) -> object:
            nonlocal count
            receipt = create(self, *arguments, **more)  # type: ignore[arg-type]
            count += 1
            if count > survived:
                raise Cut
            return receipt

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "create", cut)
            with pytest.raises(Cut):
                run("--yes")
        assert len(labels(wiki)) == before + survived + 1
        assert run("--yes").return_value == 0
        check_whole(wiki, read_instance(file))
        assert len(labels(wiki)) == len(set(labels(wiki))) == len(STORED | ITEMS)
