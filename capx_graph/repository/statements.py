"""Statements, snaks and references: JSON as a client sends it, to the normal form that is stored and answered.

Any room of the repository may import it. Normal forms are complete (hash, datatype, orders of keys) and never
changed in place, so they may be shared between entities. What a client says about hashes, datatypes and orders of
keys is not believed, except for the order of qualifiers and of the snaks of a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from capx_graph.repository import datavalues
from capx_graph.repository.hashes import reference_hash, snak_hash
from capx_graph.repository.ids import PROPERTY, link_to, new_guid, parse_of_kind, split_guid
from capx_graph.repository.refusals import Malformed, Message, Refused, refused_value
from capx_graph.repository.validators import Validators

Json = dict[str, Any]
SNAK_TYPES = ("value", "somevalue", "novalue")
RANKS = ("deprecated", "normal", "preferred")


class StatementReader:
    """Makes normal forms; ``datatype_of`` answers None for a property that does not exist."""

    def __init__(self, datatype_of: Callable[[str], str | None], validators: Validators) -> None:
        self._datatype_of = datatype_of
        self._validators = validators

    def statement(self, raw: object, entity_id: str, *, needs_guid: bool = False) -> Json:
        """A statement of the entity; one without an id gets a new one unless ``needs_guid``."""
        if not isinstance(raw, dict) or "mainsnak" not in raw or raw.get("type") not in ("statement", "claim"):
            raise Malformed("a statement is an object with mainsnak and type", code="invalid-claim")
        rank = raw.get("rank", "normal")
        if rank not in RANKS:
            raise Malformed("a rank is deprecated, normal or preferred", code="invalid-claim")
        mainsnak = self.snak(raw["mainsnak"])
        result: Json = {"mainsnak": mainsnak, "type": "statement"}
        qualifiers = self.snaks(raw.get("qualifiers"), order=raw.get("qualifiers-order"), distinct=True)
        if qualifiers:
            result["qualifiers"] = grouped(qualifiers)
            result["qualifiers-order"] = list(result["qualifiers"])
        result["id"] = self._guid(raw.get("id"), entity_id, needs_guid=needs_guid)
        result["rank"] = rank
        references = [r for r in (self.reference(r) for r in _list(raw.get("references"), "references")) if r]
        if references:
            result["references"] = references
        return result

    def reference(self, raw: object) -> Json | None:
        """A reference, or None for one without snaks."""
        if not isinstance(raw, dict) or "snaks" not in raw:
            raise Malformed("a reference is an object with snaks", code="invalid-claim")
        return make_reference(self.snaks(raw["snaks"], order=raw.get("snaks-order"), distinct=True))

    def snaks(self, raw: object, *, order: object = None, distinct: bool = False) -> list[Json]:
        """Snaks from a list of them or a map of lists, grouped as ``order`` says."""
        found = [self.snak(part) for part in _flat(raw)]
        if distinct:
            found = list({snak["hash"]: snak for snak in found}.values())
        if isinstance(order, list) and order:
            ranks = {key: place for place, key in reversed(list(enumerate(order))) if isinstance(key, str)}
            found.sort(key=lambda snak: ranks.get(snak["property"], len(ranks)))
        return found

    def snak(self, raw: object) -> Json:
        """A snak whose value its property takes."""
        snak = self.unchecked_snak(raw)
        if "datavalue" in snak:
            self._validators.check(snak["datavalue"], snak["datatype"])
        return snak

    def unchecked_snak(self, raw: object) -> Json:
        """A snak of an existing property, its value judged by form only."""
        if not isinstance(raw, dict):
            raise Malformed("a snak is an object", code="invalid-claim")
        snaktype, property_text = raw.get("snaktype"), raw.get("property")
        if snaktype not in SNAK_TYPES or not isinstance(property_text, str):
            raise Malformed("a snak has snaktype and property", code="invalid-claim")
        property_id = parse_of_kind(property_text, PROPERTY)
        if property_id is None:
            raise Malformed(f"{property_text!r} is not the id of a property", code="invalid-claim")
        if snaktype == "value":
            if "datavalue" not in raw:
                raise Malformed("a snak of snaktype value has a datavalue", code="invalid-claim")
            return self.make_snak(property_id, snaktype, datavalues.read(raw["datavalue"]))
        return self.make_snak(property_id, snaktype, None)

    def make_snak(self, property_id: str, snaktype: str, datavalue: Json | None) -> Json:
        """The normal form of a snak of an existing property."""
        datatype = self._datatype_of(property_id)
        if datatype is None:
            raise refused_value(f"there is no property {property_id}", "no-such-property", link_to(property_id))
        snak: Json = {
            "snaktype": snaktype,
            "property": property_id,
            "hash": snak_hash(snaktype, property_id, datavalue),
        }
        if datavalue is not None:
            snak["datavalue"] = datavalue
        snak["datatype"] = datatype
        return snak

    def _guid(self, raw: object, entity_id: str, *, needs_guid: bool) -> str:
        if raw is None and not needs_guid:
            return new_guid(entity_id)
        parts = split_guid(raw) if isinstance(raw, str) else None
        if parts is None or parts[0] != entity_id:
            message = Message("wikibase-api-modification-failed", ("Statement GUID invalid for given entity",))
            raise Refused(f"{raw!r} is not a statement id of {entity_id}", messages=(message,))
        return str(raw)


def make_reference(snaks: list[Json]) -> Json | None:
    """The normal form of a reference, or None when it would be empty."""
    if not snaks:
        return None
    by_property = grouped(snaks)
    return {
        "hash": reference_hash(snak["hash"] for snak in snaks),
        "snaks": by_property,
        "snaks-order": list(by_property),
    }


def grouped(snaks: Iterable[Json]) -> dict[str, list[Json]]:
    """Snaks by property, in the order of first appearance."""
    groups: dict[str, list[Json]] = {}
    for snak in snaks:
        groups.setdefault(snak["property"], []).append(snak)
    return groups


def claims_of(statements: Iterable[Json]) -> dict[str, list[Json]]:
    """The ``claims`` of an entity from its statements in order."""
    groups: dict[str, list[Json]] = {}
    for statement in statements:
        groups.setdefault(statement["mainsnak"]["property"], []).append(statement)
    return groups


def statements_of(entity: Mapping[str, Any]) -> list[Json]:
    """The statements of an entity in order."""
    return [statement for group in entity["claims"].values() for statement in group]


def all_snaks(statement: Json) -> Iterator[Json]:
    """Main snak, qualifiers and the snaks of references."""
    yield statement["mainsnak"]
    for group in statement.get("qualifiers", {}).values():
        yield from group
    for reference in statement.get("references", ()):
        for group in reference["snaks"].values():
            yield from group


def mentioned_entities(entity: Mapping[str, Any]) -> set[str]:
    """The entities that an entity links to: its properties and the items of its values."""
    found: set[str] = set()
    for statement in statements_of(entity):
        for snak in all_snaks(statement):
            found.add(snak["property"])
            value = snak.get("datavalue")
            if value is not None and value["type"] == "wikibase-entityid":
                found.add(value["value"]["id"])
    return found


def _flat(raw: object) -> list[object]:
    if raw is None:
        return []
    if isinstance(raw, list):
        return raw
    if not isinstance(raw, dict) or not all(isinstance(group, list) for group in raw.values()):
        raise Malformed("snaks are a list, or lists by property", code="invalid-claim")
    return [snak for group in raw.values() for snak in group]


def _list(raw: object, noun: str) -> list[object]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise Malformed(f"{noun} are a list", code="invalid-claim")
    return raw
