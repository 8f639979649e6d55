"""Statements of a capacity as changes of Wikibase's API: one value of a property set, replaced or taken away.

This package imports it, translators, and what checks profiles and records. A replaced value keeps its statement's id,
so a history reads as a change and not as a removal beside an addition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import values_of
from capx_graph.model import EntityJson

Json = dict[str, Any]


def value_of(entity: EntityJson, property_id: str) -> str | None:
    """The first value that is not deprecated."""
    return next(values_of(entity, property_id), None)


def setting(entity: EntityJson, name: str, value: str | None, vocabulary: Vocabulary) -> list[Json]:
    """The changes by which the property has this value alone; None takes it away. Empty where it is already so."""
    property_id = vocabulary.property_id(name)
    there = [dict(statement) for statement in entity["claims"].get(property_id, ())]
    if [_value(statement) for statement in there] == ([value] if value is not None else []):
        return []
    kept = there[:1] if value is not None else []
    removed = [{"id": statement["id"], "remove": ""} for statement in there[len(kept) :]]
    if value is None:
        return removed
    statement = new_statement(name, value, vocabulary)
    if kept:
        statement |= {"id": kept[0]["id"]}
    return [statement, *removed]


def new_statement(name: str, value: str, vocabulary: Vocabulary) -> Json:
    """A statement without an id, which the wiki gives."""
    draft = ItemDraft(vocabulary, "Q0", class_name="Capacity")
    draft.add(name, value)
    entity: Mapping[str, Any] = draft.entity()
    statement = dict(entity["claims"][vocabulary.property_id(name)][-1])
    del statement["id"]
    return statement


def applied(entity: EntityJson, changes: Mapping[str, Any]) -> EntityJson:
    """The entity as it will be after the changes, for the shapes to look at."""
    after: Json = {**entity, "claims": {name: list(held) for name, held in entity["claims"].items()}}
    for part in ("labels", "descriptions"):
        after[part] = dict(entity[part])
        for language, term in changes.get(part, {}).items():
            if "remove" in term:
                after[part].pop(language, None)
            else:
                after[part][language] = term
    after["aliases"] = dict(entity["aliases"])
    for language, terms in changes.get("aliases", {}).items():
        gone = [term["value"] for term in terms if "remove" in term]
        kept = [alias for alias in entity["aliases"].get(language, ()) if alias["value"] not in gone]
        new = [{"language": language, "value": term["value"]} for term in terms if "remove" not in term]
        after["aliases"][language] = [*kept, *new]
    _claims(after["claims"], changes.get("claims", ()), str(entity["id"]))
    return after


def _claims(claims: dict[str, list[Any]], changes: Iterable[Json], entity_id: str) -> None:
    for number, change in enumerate(changes):
        held_by = {statement["id"]: name for name, held in claims.items() for statement in held}
        name = held_by.get(change.get("id"))
        if "remove" in change:
            if name is not None:
                claims[name] = [statement for statement in claims[name] if statement["id"] != change["id"]]
        elif name is not None:
            claims[name] = [change if statement["id"] == change["id"] else statement for statement in claims[name]]
        else:
            new = {**change, "id": f"{entity_id}$00000000-0000-0000-0000-{number:012d}"}
            claims.setdefault(change["mainsnak"]["property"], []).append(new)


def _value(statement: Mapping[str, Any]) -> object:
    value = statement["mainsnak"].get("datavalue", {}).get("value")
    return value["id"] if isinstance(value, Mapping) and "id" in value else value
