"""An entity of one Wikibase, said with the ids of another, and cut into parts that can be compared one by one.

Only this package imports it. A part is a label, a description, the aliases in a language, or a statement; each has a
text that is equal where the part says the same, whatever the order of qualifiers and references, and whatever hashes
and datatypes the wiki adds. What names something that has no pair cannot be said on the other side.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from capx_graph.model import EntityJson

Json = dict[str, Any]

Part = tuple[str, str]
"""``labels``, ``descriptions`` or ``aliases`` with a language, or ``claims`` with the tail of a statement's id."""

TERMS = ("labels", "descriptions")


@dataclass(frozen=True, slots=True)
class Ids:
    """From the ids of one Wikibase to those of another; ``None`` for a mapping to itself."""

    pairs: Mapping[str, str] | None
    base_from: str = ""
    base_to: str = ""

    def of(self, entity_id: str) -> str | None:
        """The id on the other side."""
        return entity_id if self.pairs is None else self.pairs.get(entity_id)

    def iri(self, text: str) -> str | None:
        """An IRI that is a unit or a globe; one of another Wikibase stays."""
        if self.pairs is None or not self.base_from or not text.startswith(self.base_from):
            return text
        found = self.of(text.removeprefix(self.base_from))
        return self.base_to + found if found else None


@dataclass(slots=True)
class Parts:
    """The parts of an entity: what each says as a text, the statements as they would be sent, and what cannot be said.

    ``unsaid`` has the parts that name something without a pair, with its id; ``literal`` the statements' ids as the
    wiki has them, in whatever case.
    """

    texts: dict[Part, str] = field(default_factory=dict)
    statements: dict[str, Json] = field(default_factory=dict)
    unsaid: dict[Part, str] = field(default_factory=dict)
    literal: dict[str, str] = field(default_factory=dict)

    def fingerprint(self, part: Part) -> str | None:
        """What a part says, as it is remembered."""
        text = self.texts.get(part)
        return None if text is None else fingerprint(text)


def fingerprint(text: str) -> str:
    """A text as it is remembered."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def parts_of(entity: EntityJson, ids: Ids, *, without: Collection[str] = ()) -> Parts:
    """The parts of an entity in the other side's ids; statements of the properties ``without`` are left out."""
    parts = Parts()
    for kind in TERMS:
        for language, term in _map(entity, kind).items():
            parts.texts[kind, language] = term["value"]
    for language, aliases in _map(entity, "aliases").items():
        if aliases:
            parts.texts["aliases", language] = json.dumps([alias["value"] for alias in aliases], ensure_ascii=False)
    for property_id, statements in _map(entity, "claims").items():
        for statement in statements if property_id not in without else ():
            tail = tail_of(statement["id"])
            parts.literal[tail] = statement["id"]
            missing: list[str] = []
            said = _statement(statement, ids, missing)
            if said is None:
                parts.unsaid["claims", tail] = missing[0]
            else:
                parts.statements[tail] = said
                parts.texts["claims", tail] = _text(said)
    return parts


def tail_of(statement_id: str) -> str:
    """The part of a statement's id that does not name the entity."""
    return statement_id.partition("$")[2].upper()


def main_text(statement: Json) -> str:
    """What a statement says without qualifiers, references and rank."""
    return json.dumps(_comparable(statement["mainsnak"]), ensure_ascii=False, sort_keys=True)


def _statement(statement: Mapping[str, Any], ids: Ids, missing: list[str]) -> Json | None:
    main = _snak(statement["mainsnak"], ids, missing)
    qualifiers = _snaks(statement.get("qualifiers"), statement.get("qualifiers-order"), ids, missing)
    references = []
    for reference in statement.get("references", ()):
        snaks = _snaks(reference.get("snaks"), reference.get("snaks-order"), ids, missing)
        references.append({"snaks": snaks, "snaks-order": list(snaks)})
    if missing or main is None:
        return None
    said: Json = {"type": "statement", "rank": statement.get("rank", "normal"), "mainsnak": main}
    if qualifiers:
        said |= {"qualifiers": qualifiers, "qualifiers-order": list(qualifiers)}
    if references:
        said["references"] = references
    return said


def _snaks(groups: object, order: object, ids: Ids, missing: list[str]) -> Json:
    """Groups of snaks by property, in their order."""
    if not isinstance(groups, Mapping):
        return {}
    ordered = [p for p in order if p in groups] if isinstance(order, list) else []
    found: Json = {}
    for property_id in [*ordered, *(p for p in groups if p not in ordered)]:
        snaks = [snak for raw in groups[property_id] if (snak := _snak(raw, ids, missing))]
        if snaks:
            found.setdefault(snaks[0]["property"], []).extend(snaks)
    return found


def _snak(snak: Mapping[str, Any], ids: Ids, missing: list[str]) -> Json | None:
    property_id = ids.of(snak["property"])
    if property_id is None:
        missing.append(snak["property"])
        return None
    said: Json = {"snaktype": snak["snaktype"], "property": property_id}
    if snak["snaktype"] == "value":
        value = _value(snak["datavalue"], ids, missing)
        if value is None:
            return None
        said["datavalue"] = value
    return said


def _value(datavalue: Mapping[str, Any], ids: Ids, missing: list[str]) -> Json | None:
    kind, value = datavalue["type"], datavalue["value"]
    if kind == "wikibase-entityid":
        named = str(value.get("id") or f"{'P' if value.get('entity-type') == 'property' else 'Q'}{value['numeric-id']}")
        found = ids.of(named)
        if found is None or named[:1] not in "PQ":
            missing.append(named)
            return None
        entity_type = "property" if found.startswith("P") else "item"
        value = {"entity-type": entity_type, "numeric-id": int(found[1:]), "id": found}
    elif kind in ("quantity", "globecoordinate"):
        key = "unit" if kind == "quantity" else "globe"
        iri = ids.iri(value.get(key, "1"))
        if iri is None:
            missing.append(str(value[key]))
            return None
        value = {name: part for name, part in value.items() if part is not None} | {key: iri}
    return {"type": kind, "value": value}


def _text(statement: Json) -> str:
    comparable = {
        "main": _comparable(statement["mainsnak"]),
        "rank": statement["rank"],
        "qualifiers": _sorted_groups(statement.get("qualifiers", {})),
        "references": sorted(
            (_sorted_groups(reference["snaks"]) for reference in statement.get("references", ())),
            key=lambda groups: json.dumps(groups, sort_keys=True),
        ),
    }
    return json.dumps(comparable, ensure_ascii=False, sort_keys=True)


def _sorted_groups(groups: Mapping[str, Any]) -> list[Json]:
    return [_comparable(snak) for property_id in sorted(groups) for snak in groups[property_id]]


def _comparable(snak: Mapping[str, Any]) -> Json:
    """A snak without what differs between two writings of one value."""
    value = snak.get("datavalue")
    if value is None:
        return {"property": snak["property"], "type": snak["snaktype"]}
    inner = value["value"]
    if value["type"] == "wikibase-entityid":
        inner = inner["id"]
    elif value["type"] == "globecoordinate":
        inner = {key: float(part) if isinstance(part, int) else part for key, part in inner.items()}
    return {"property": snak["property"], "value": inner}


def _map(entity: EntityJson, name: str) -> Mapping[str, Any]:
    """A part of an entity; PHP writes an empty map as an empty list."""
    found = entity.get(name)
    return found if isinstance(found, Mapping) else {}
