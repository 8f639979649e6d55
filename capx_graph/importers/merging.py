"""What an item becomes when a record is imported again: the record's own facts renewed, everybody else's kept.

A record states certain properties completely (``benchformat.COVERED``): their statements follow it. Labels in other
languages, aliases, other properties, references, ranks and other qualifiers belong to whoever added them and stay.
Pure; what nothing changed comes out equal, which is how a second import makes no revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from capx_graph.model import EntityJson

Statement = Mapping[str, Any]


def merge(existing: EntityJson, draft: EntityJson, covered: Iterable[str]) -> EntityJson:
    """The existing item with the draft's facts; ``covered`` are the property ids that the draft states completely."""
    claims: dict[str, Sequence[Statement]] = dict(existing.get("claims") or {})
    stated = draft["claims"]
    for property_id in {*covered, *stated}:
        wanted = stated.get(property_id, ())
        kept = claims.get(property_id, ())
        merged = _merged(kept, wanted, complete=property_id in set(covered))
        if merged:
            claims[property_id] = merged
        else:
            claims.pop(property_id, None)
    return {
        **existing,
        "labels": {**(existing.get("labels") or {}), **draft["labels"]},
        "descriptions": {**(existing.get("descriptions") or {}), **draft["descriptions"]},
        "aliases": _aliases(existing.get("aliases") or {}, draft["aliases"]),
        "claims": claims,
    }


def _merged(existing: Sequence[Statement], wanted: Sequence[Statement], *, complete: bool) -> list[Statement]:
    """Statements that say something wanted stay in their place, others go if the draft is complete; new ones follow."""
    missing = dict(_by_what_they_say(wanted))
    merged: list[Statement] = []
    for said, statement in _by_what_they_say(existing):
        if said in missing:
            merged.append(_renewed(statement, missing.pop(said)))
        elif not complete:
            merged.append(statement)
    return merged + list(missing.values())


def _renewed(existing: Statement, wanted: Statement) -> Statement:
    """The existing statement with the qualifiers that the record states; qualifiers of other properties stay."""
    stated = wanted.get("qualifiers", {})
    kept = existing.get("qualifiers") or {}
    if all(_values(kept.get(property_id, ())) == _values(snaks) for property_id, snaks in stated.items()):
        return existing
    order = [*existing.get("qualifiers-order", list(kept))]
    order += [property_id for property_id in stated if property_id not in order]
    return {**existing, "qualifiers": {**kept, **stated}, "qualifiers-order": order}


def _by_what_they_say(statements: Iterable[Statement]) -> Iterator[tuple[tuple[str, str], Statement]]:
    """Statements with what they say; unknown values, all alike, are told apart by their number."""
    unknown = 0
    for statement in statements:
        snak = statement["mainsnak"]
        if snak["snaktype"] == "value":
            yield ("value", _value(snak)), statement
        else:
            yield (snak["snaktype"], str(unknown)), statement
            unknown += 1


def _values(snaks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(snak["snaktype"], _value(snak) if snak["snaktype"] == "value" else "") for snak in snaks]


def _value(snak: Mapping[str, Any]) -> str:
    value = snak["datavalue"]["value"]
    if not isinstance(value, Mapping):
        return str(value)
    if "id" in value:
        return str(value["id"])
    return "|".join(f"{key}={value[key]}" for key in sorted(value))


def _aliases(existing: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(existing)
    for language, aliases in added.items():
        known = [alias["value"] for alias in merged.get(language, ())]
        merged[language] = [*merged.get(language, ()), *(alias for alias in aliases if alias["value"] not in known)]
    return merged
