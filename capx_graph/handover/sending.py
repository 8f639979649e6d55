"""What is sent to a Wikibase for a new item and for a changed one, and what a changed one here becomes. Pure.

Only this package imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from capx_graph.handover.comparing import Comparison, Difference
from capx_graph.handover.mapping import TERMS, Ids, Parts, parts_of
from capx_graph.languages import term_codes
from capx_graph.model import EntityJson

Json = dict[str, Any]


def new_item(parts: Parts, *more: Json) -> Json:
    """A new item that says these parts and further statements; the wiki gives id and statement ids."""
    item: Json = {"type": "item", "labels": {}, "descriptions": {}, "aliases": {}}
    for (kind, language), text in parts.texts.items():
        if kind in TERMS:
            item[kind][language] = _term(language, text)
        elif kind == "aliases":
            item[kind][language] = _aliases(language, text)
    return item | {"claims": _grouped([*parts.statements.values(), *more])}


def changes(comparison: Comparison, moving: Iterable[Difference], entity_id: str) -> Json:
    """The changed fields of an item there, by which it says what the item here says."""
    sent: Json = {}
    claims: list[Json] = []
    for difference in moving:
        if difference.part is not None:
            kind, language = difference.part
            sent.setdefault(kind, {})[language] = _changed_term(kind, language, difference)
        elif difference.meeting is not None:
            ours, theirs = difference.meeting.here, difference.meeting.there
            literal = comparison.there.literal[theirs] if theirs else f"{entity_id}${ours}"
            claims.append(
                {**comparison.here.statements[ours], "id": literal} if ours else {"id": literal, "remove": ""}
            )
    return sent | ({"claims": claims} if claims else {})


def applied(entity: EntityJson, moving: Iterable[Difference], there: Parts) -> Json:
    """The item here with what changed there; ``there`` has the other side's statements in the ids of this one."""
    made: Json = json.loads(json.dumps(entity))
    gone: set[str] = set()
    come: dict[str, Json] = {}
    for difference in moving:
        if difference.part is not None:
            kind, language = difference.part
            if difference.there is None:
                made[kind].pop(language, None)
            else:
                term = _term if kind in TERMS else _aliases
                made[kind][language] = term(language, difference.there)
        elif difference.meeting is not None:
            ours, theirs = difference.meeting.here, difference.meeting.there
            if theirs:
                come[ours or theirs] = there.statements[theirs]
            else:
                gone.add(ours)
    kept = [s for group in made["claims"].values() for s in group if _tail(s) not in gone]
    statements = [{**come.pop(_tail(s)), "id": s["id"]} if _tail(s) in come else s for s in kept]
    statements += [{**said, "id": f"{made['id']}${tail}"} for tail, said in come.items()]
    made["claims"] = _grouped(statements)
    return made


def can_be_said(difference: Difference, there: Parts) -> bool:
    """Whether what moves here names only what has a pair, and is in a language that terms here can be in."""
    meeting = difference.meeting
    if meeting is None:
        return difference.part is None or difference.part[1] in term_codes()
    return not meeting.there or meeting.there in there.statements


def brought(entity: EntityJson, entity_id: str, ids: Ids, without: Iterable[str], *more: Json) -> tuple[Json, Parts]:
    """A new item here from one there, under an id that is given out, and its parts in the ids of here."""
    parts = parts_of(entity, ids, without=tuple(without))
    item = new_item(parts)
    statements = [{**said, "id": f"{entity_id}${tail}"} for tail, said in parts.statements.items()]
    return {**item, "id": entity_id, "claims": _grouped([*statements, *more])}, parts


def _changed_term(kind: str, language: str, difference: Difference) -> Any:
    if kind in TERMS:
        return _term(language, difference.here or "") if difference.here else {"language": language, "remove": ""}
    if difference.here:
        return _aliases(language, difference.here)
    return [alias | {"remove": ""} for alias in _aliases(language, difference.there or "[]")]


def _term(language: str, text: str) -> Json:
    return {"language": language, "value": text}


def _aliases(language: str, text: str) -> list[Json]:
    return [_term(language, alias) for alias in json.loads(text)]


def _grouped(statements: Iterable[Json]) -> dict[str, list[Json]]:
    grouped: dict[str, list[Json]] = {}
    for statement in statements:
        grouped.setdefault(statement["mainsnak"]["property"], []).append(statement)
    return grouped


def _tail(statement: Json) -> str:
    return str(statement["id"]).partition("$")[2].upper()
