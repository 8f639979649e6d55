"""MetaBase for tests, in the form that its data have: capacities whose Wikidata id lies on an index term, no hierarchy.

It is made up in that form; the ids are those of ``ontology/instances/metabase.ttl``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capx_graph.model import Draft
from tests.houses.elsewhere import WikiElsewhere, wiki_elsewhere

BASE = "https://metabase.wikibase.cloud"
PROPERTIES = {
    "P1": ("string", "same as"),
    "P4": ("wikibase-item", "subclass of"),
    "P5": ("wikibase-item", "instance of"),
    "P67": ("wikibase-item", "index term"),
    "P91": ("external-id", "CapX id"),
}


def statement(property_id: str, value: str) -> dict[str, Any]:
    datavalue: dict[str, Any] = {"type": "string", "value": value}
    if PROPERTIES[property_id][0] == "wikibase-item":
        datavalue = {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": value}}
    snak = {"snaktype": "value", "property": property_id, "datavalue": datavalue}
    return {"type": "statement", "rank": "normal", "mainsnak": snak}


def item(entity_id: str, labels: dict[str, str], **claims: str) -> Draft:
    terms = {code.replace("_", "-"): {"language": code.replace("_", "-"), "value": t} for code, t in labels.items()}
    said = {property_id: [statement(property_id, value)] for property_id, value in claims.items()}
    return Draft({"type": "item", "id": entity_id, "labels": terms, "claims": said})


@contextmanager
def metabase_wiki(folder: Path) -> Iterator[WikiElsewhere]:
    """The wiki, with some capacities, index terms and a person."""
    with wiki_elsewhere(folder, base=BASE) as wiki:
        properties = [
            Draft({"type": "property", "id": i, "datatype": t, "labels": {"en": {"language": "en", "value": label}}})
            for i, (t, label) in PROPERTIES.items()
        ]
        classes = [
            item("Q12", {"en": "index term"}),
            item("Q23", {"en": "human"}),
            item("Q34531", {"en": "CapX capacity"}),
        ]
        communication = {"en": "communication", "es": "comunicación", "sw": "mawasiliano", "zh_hant": "溝通"}
        everything = [
            item("Q40001", {"en": "Communication (term)"}, P5="Q12", P1="Q11024"),
            item("Q40002", communication, P5="Q34531", P67="Q40001", P91="36"),
            item("Q40003", {"en": "storytelling", "hi": "कहानी सुनाना"}, P5="Q34531", P91="37"),
            item("Q40004", {"en": "Fundraising (term)"}, P5="Q12", P1="Q22687"),
            item("Q40005", {"en": "fundraising", "de": "Mittelbeschaffung"}, P5="Q34531", P67="Q40004", P91="900"),
            item("Q40006", {"en": "a person of theirs"}, P5="Q23"),
        ]
        wiki.repository.bulk([*properties, *classes, *everything], actor="MetaBase")
        yield wiki
