"""Statements, snaks and references: JSON as a client sends it, to the normal form that is stored and answered.

Any room of the repository may import it. Normal forms are complete (hash, datatype, orders of keys) and never
changed in place, so they may be shared between entities. What a client says about hashes, datatypes and orders of
keys is not believed, except for the order of qualifiers and of the snaks of a reference. As in Wikibase, JSON of a
wrong shape is refused before any value is judged: reading answers the first problem of a value instead of raising.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from capx_graph.repository.ids import PROPERTY, link_to, parse_id, parse_of_kind
from capx_graph.repository.refusals import Malformed, Refused, refused_value
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.hashes import reference_hash, snak_hash
from capx_graph.repository.values.validators import Validators

Json = dict[str, Any]
SNAK_TYPES = ("value", "somevalue", "novalue")
RANKS = ("deprecated", "normal", "preferred")


class StatementReader:
    """Makes normal forms; ``datatype_of`` answers None for a property that does not exist.

    JSON of a wrong shape raises Malformed.
    """

    def __init__(self, datatype_of: Callable[[str], str | None], validators: Validators) -> None:
        self._datatype_of = datatype_of
        self._validators = validators

    def statement(self, raw: object) -> tuple[Json, Refused | None]:
        """A statement (its ``id`` None where none was given) with the first problem of its values."""
        if not isinstance(raw, dict) or "type" not in raw:
            raise Malformed("Type is missing")
        if raw["type"] not in ("statement", "claim"):
            raise Malformed(f'Type "{raw["type"]}" is unsupported')
        if "mainsnak" not in raw:
            raise Malformed('Attribute "mainsnak" is missing')
        mainsnak, problem = self.snak(raw["mainsnak"])
        guid = raw.get("id")
        if guid is not None and not isinstance(guid, str):
            raise Malformed(f"The id {guid} is not a valid GUID.")
        qualifiers: list[Json] = []
        if "qualifiers" in raw:
            qualifiers, later = self.snaks(raw["qualifiers"])
            qualifiers = ordered(qualifiers, raw.get("qualifiers-order", []), "qualifiers-order")
            problem = problem or later
        rank = raw.get("rank", "normal")
        if rank not in RANKS:
            raise Malformed(f"The rank {rank} is not a valid rank.")
        references, later = self._references(raw["references"]) if "references" in raw else ([], None)
        return make_statement(mainsnak, guid, qualifiers, rank, references), problem or later

    def _references(self, raw: object) -> tuple[list[Json], Refused | None]:
        found, problem = [], None
        for part in _values(raw, "The ReferenceList serialization should be an array"):
            if not isinstance(part, dict) or "snaks" not in part:
                raise Malformed("The serialization is invalid")
            snaks, later = self.snaks(part["snaks"])
            problem = problem or later
            reference = make_reference(ordered(snaks, part.get("snaks-order", []), "snaks-order"))
            if reference is not None:
                found.append(reference)
        return found, problem

    def snaks(self, raw: object) -> tuple[list[Json], Refused | None]:
        """Snaks from a list of them or a map of lists, each once, with the first problem of their values."""
        if isinstance(raw, dict):
            parts: list[object] = []
            for key, group in raw.items():
                parts += _values(group, f'The snaks per property "{key}" should be an array')
        else:
            parts = _values(raw, "The SnakList serialization should be an array")
        found: dict[str, Json] = {}
        problem = None
        for part in parts:
            snak, later = self.snak(part)
            found.setdefault(snak["hash"], snak)
            problem = problem or later
        return list(found.values()), problem

    def snak(self, raw: object) -> tuple[Json, Refused | None]:
        """A snak, with what is wrong with its property or value."""
        property_id, raw_value = _parts_of_snak(raw)
        assert isinstance(raw, dict)
        snaktype = raw["snaktype"]
        problem: Refused | None = None
        datavalue = None
        if snaktype == "value":
            try:
                datavalue = datavalues.read(raw_value)
            except Malformed as error:
                problem = refused_value(f"Bad snak value: {error}", "bad-value", str(error))
        datatype = self._datatype_of(property_id)
        if datatype is None:
            problem = refused_value(f"Property {property_id} not found!", "no-such-property", link_to(property_id))
        elif datavalue is not None:
            problem = self.problem_of(datavalue, datatype)
        if problem is not None and datavalue is None:
            return {"snaktype": snaktype, "property": property_id, "hash": ""}, problem
        return make_snak(property_id, snaktype, datavalue, datatype or ""), problem

    def problem_of(self, datavalue: Json, datatype: str) -> Refused | None:
        """Why a property of this datatype cannot have the value; None when it can."""
        try:
            self._validators.check(datavalue, datatype)
        except Refused as error:
            return error
        return None


def _parts_of_snak(raw: object) -> tuple[str, object]:
    """The property's id and the unread value of a snak whose outer form is right."""
    if not isinstance(raw, dict):
        raise Malformed("The snak serialization should be an array")
    if "snaktype" not in raw:
        raise Malformed("Type is missing")
    if raw["snaktype"] not in SNAK_TYPES:
        raise Malformed(f'Type "{raw["snaktype"]}" is unsupported')
    if "property" not in raw:
        raise Malformed('Attribute "property" is missing')
    value = None
    if raw["snaktype"] == "value":
        if "datavalue" not in raw:
            raise Malformed('Attribute "datavalue" is missing')
        value = raw["datavalue"]
    text = raw["property"]
    property_id = parse_of_kind(text, PROPERTY) if isinstance(text, str) else None
    if property_id is None:
        other = isinstance(text, str) and parse_id(text) is not None
        raise Malformed(f"'{text}' is not a {'' if other else 'valid '}property ID")
    if value is not None or raw["snaktype"] == "value":
        if not isinstance(value, dict) or "type" not in value:
            raise Malformed('Not an array or missing the key "type"')
        if "value" not in value:
            raise Malformed('Attribute "value" is missing')
    return property_id, value


def make_snak(property_id: str, snaktype: str, datavalue: Json | None, datatype: str) -> Json:
    """The normal form of a snak."""
    snak: Json = {"snaktype": snaktype, "property": property_id, "hash": snak_hash(snaktype, property_id, datavalue)}
    if datavalue is not None:
        snak["datavalue"] = datavalue
    snak["datatype"] = datatype
    return snak


def make_statement(mainsnak: Json, guid: str | None, qualifiers: list[Json], rank: str, references: list[Json]) -> Json:
    """The normal form of a statement."""
    statement: Json = {"mainsnak": mainsnak, "type": "statement"}
    if qualifiers:
        statement["qualifiers"] = grouped(qualifiers)
        statement["qualifiers-order"] = list(statement["qualifiers"])
    statement["id"] = guid
    statement["rank"] = rank
    if references:
        statement["references"] = references
    return statement


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


def ordered(snaks: list[Json], order: object, attribute: str) -> list[Json]:
    """The snaks with the properties of ``order`` first, in that order; raises Malformed."""
    if not isinstance(order, list | dict):
        raise Malformed(f"{attribute} attribute is not a valid array")
    keys = [key for key in (order if isinstance(order, list) else order.values()) if isinstance(key, str)]
    if not keys:
        return snaks
    ranks = {key: place for place, key in reversed(list(enumerate(keys)))}
    return sorted(snaks, key=lambda snak: ranks.get(snak["property"], len(ranks)))


def grouped(snaks: Iterable[Json]) -> dict[str, list[Json]]:
    """Snaks by property, in the order of first appearance."""
    groups: dict[str, list[Json]] = {}
    for snak in snaks:
        groups.setdefault(snak["property"], []).append(snak)
    return groups


def flat(groups: Mapping[str, list[Json]]) -> list[Json]:
    """The members of all groups, in order."""
    return [member for group in groups.values() for member in group]


def best_rank(statements: Iterable[Mapping[str, Any]]) -> str | None:
    """The rank whose statements count ('truthy' ones): preferred if any is, else normal; deprecated never."""
    ranks = {statement["rank"] for statement in statements}
    return "preferred" if "preferred" in ranks else "normal" if "normal" in ranks else None


def qualifier_hashes(statement: Json) -> list[str]:
    """The hashes of a statement's qualifiers, in order."""
    return [snak["hash"] for snak in flat(statement.get("qualifiers", {}))]


def reference_hashes(statement: Json) -> list[str]:
    """The hashes of a statement's references, in order."""
    return [reference["hash"] for reference in statement.get("references", ())]


def claims_of(statements: Iterable[Json]) -> dict[str, list[Json]]:
    """The ``claims`` of an entity from its statements in order."""
    groups: dict[str, list[Json]] = {}
    for statement in statements:
        groups.setdefault(statement["mainsnak"]["property"], []).append(statement)
    return groups


def statements_of(entity: Mapping[str, Any]) -> list[Json]:
    """The statements of an entity in order."""
    return flat(entity["claims"])


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


def mentioned_properties(entity: Mapping[str, Any]) -> set[str]:
    """The properties of all snaks of an entity."""
    return {snak["property"] for statement in statements_of(entity) for snak in all_snaks(statement)}


def _values(raw: object, complaint: str) -> list[object]:
    """The values of a JSON array or object: PHP, whose clients wrote these formats, does not tell them apart."""
    if isinstance(raw, dict):
        return list(raw.values())
    if not isinstance(raw, list):
        raise Malformed(complaint)
    return raw
