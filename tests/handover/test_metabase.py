"""MetaBase, in the form that its data have: copied to a directory, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from capx_graph.cli.entry import capx
from capx_graph.errors import NotFound
from capx_graph.handover.state import Pairing
from capx_graph.ontology import load_instance
from tests.houses.elsewhere import WikiElsewhere
from tests.houses.handover import ENVIRONMENT, HERE, NAMES, make_here, opened
from tests.houses.metabase import BASE, metabase_wiki

METABASE = load_instance("metabase")


@pytest.fixture
def metabase(tmp_path: Path) -> Iterator[WikiElsewhere]:
    with metabase_wiki(tmp_path / "metabase") as wiki:
        yield wiki


def test_its_capacities_are_ours_by_wikidata_id_or_id_of_the_capacity_exchange(
    metabase: WikiElsewhere, tmp_path: Path
) -> None:
    data = tmp_path / "here"
    make_here(data)

    def run(*arguments: str) -> Result:
        command = ["--data", str(data), *arguments, "--wikibase", metabase.address, "--instance", "metabase"]
        return CliRunner(env=ENVIRONMENT).invoke(capx, command, standalone_mode=False, catch_exceptions=False)

    planned = json.loads(run("pull", "--json").stdout)
    assert planned["counts"] == {"create": 1, "change": 2, "conflict": 0, "untouched": 0}
    found = {step["there"]: step for step in planned["steps"]}
    assert found["Q40002"]["here"] == NAMES["root"], "by the Wikidata id of its index term"
    assert found["Q40003"]["here"] == NAMES["leaf"], "by the id of the Capacity Exchange"
    assert found["Q40005"]["kind"] == "create"

    done = run("pull", "--yes")
    assert done.return_value == 0
    assert "MetaBase has no broader, colour: the directory here keeps them" in done.stderr
    pairing = Pairing(data, f"{BASE}/entity/")
    fresh = {pair.there: pair.here for pair in pairing.all()}["Q40005"]
    pairing.close()
    with opened(data) as repository:
        pages = {name: repository.page(i) for name, i in {**NAMES, "fresh": fresh}.items()}
    entities = {name: dict(page.entity) for name, page in pages.items() if page is not None and page.entity is not None}
    root, leaf, made = entities["root"], entities["leaf"], entities["fresh"]
    assert {code: term["value"] for code, term in root["labels"].items()} == {
        "en": "communication",
        "ja": "コミュニケーション",
        "es": "comunicación",
        "sw": "mawasiliano",
        "zh-hant": "溝通",
    }
    assert leaf["labels"]["hi"]["value"] == "कहानी सुनाना"

    def values(name: str, entity: dict[str, Any]) -> tuple[str, ...]:
        return HERE.values(name, entity, lambda _: None)

    assert values("broader", leaf) == (NAMES["root"],), "its place in the tree is ours"
    assert values("capxId", root) == ("36",)
    assert values("wikidataId", made) == ("Q22687",), "from its index term to the item itself"
    assert values("instanceOf", made) == (HERE.item_id("Capacity"),)
    assert values("counterpart", made) == (f"{BASE}/entity/Q40005",)
    again = json.loads(run("pull", "--json").stdout)
    assert again["counts"] == {"create": 0, "change": 0, "conflict": 0, "untouched": 3}
    with pytest.raises(NotFound, match="capx provision makes them there"):
        run("push", "--yes")


def test_what_it_lacks_is_declared_in_its_mapping() -> None:
    assert {"broader", "colour"} == METABASE.kept_in_directory
    assert not METABASE.takes_people, "its policy: persons only when they are public and needed"
