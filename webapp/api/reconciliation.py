"""The W3C Entity Reconciliation API 0.2 as JSON: requests parsed into queries, answers made of candidates.

The room ``reconcile`` alone imports it. A request that is not what the specification says is refused with the member
that is wrong; identifiers of types and properties that we do not know are no mistake, they match nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from capx_graph.errors import InvalidParameter
from capx_graph.reconcile import (
    Candidate,
    Cell,
    CellKind,
    Column,
    Condition,
    Given,
    Named,
    Query,
    Strictness,
    ValueContent,
)
from webapp.request.numbers import is_whole

T = TypeVar("T")
Json = dict[str, Any]

MOST_QUERIES, MOST_CANDIDATES, DEFAULT_CANDIDATES = 200, 100, 10
MOST_CONDITIONS, MOST_VALUES, LONGEST_TEXT = 30, 50, 500
MOST_IDS, MOST_COLUMNS = 1000, 50
_QUERY_MEMBERS = {"query", "type", "limit", "properties", "type_strict"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Extending:
    """Entities and the properties wanted of them, each with its settings: how many values, and in which form."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, int, ValueContent], ...]


def parse_queries(text: str) -> dict[str, Query]:
    """The queries of a batch by their keys; raises InvalidParameter."""
    batch = _object("queries", _json("queries", text))
    if len(batch) > MOST_QUERIES:
        raise InvalidParameter("queries", len(batch), f"at most {MOST_QUERIES} queries at a time")
    return {key: _query(f"queries.{_short(key)}", content) for key, content in batch.items()}


def parse_extension(text: str) -> Extending:
    """The request of a data extension; raises InvalidParameter."""
    content = _object("extend", _json("extend", text))
    ids = _list("extend.ids", content.get("ids"), most=MOST_IDS)
    properties = _list("extend.properties", content.get("properties"), most=MOST_COLUMNS)
    return Extending(
        tuple(dict.fromkeys(_text(f"extend.ids.{place}", given) for place, given in enumerate(ids))),
        tuple(_wanted(f"extend.properties.{place}", given) for place, given in enumerate(properties)),
    )


def _query(name: str, content: object) -> Query:
    members = _object(name, content)
    if unknown := set(members) - _QUERY_MEMBERS:
        raise InvalidParameter(name, _short(min(unknown)), f"a query has only {', '.join(sorted(_QUERY_MEMBERS))}")
    text = _text(f"{name}.query", members.get("query", ""))
    types = members.get("type", [])
    given = _list(f"{name}.type", types if isinstance(types, list) else [types], most=MOST_VALUES)
    conditions = _list(f"{name}.properties", members.get("properties", []), most=MOST_CONDITIONS)
    if "query" not in members and not conditions:
        raise InvalidParameter(name, "", "needs a query or properties")
    return Query(
        text=text.strip(),
        types=tuple(_text(f"{name}.type", one) for one in given),
        strictness=_choice(f"{name}.type_strict", members.get("type_strict", Strictness.ANY), Strictness),
        limit=_limit(f"{name}.limit", members.get("limit", DEFAULT_CANDIDATES)),
        conditions=tuple(_condition(f"{name}.properties.{place}", one) for place, one in enumerate(conditions)),
    )


def _condition(name: str, content: object) -> Condition:
    members = _object(name, content)
    if "v" not in members:
        raise InvalidParameter(f"{name}.v", None, "is missing")
    given = members["v"]
    values = _list(f"{name}.v", given if isinstance(given, list) else [given], most=MOST_VALUES)
    return Condition(
        _text(f"{name}.pid", members.get("pid")),
        tuple(_value(f"{name}.v", one) for one in values if one not in ("", None)),
    )


def _value(name: str, given: object) -> Given:
    if isinstance(given, dict):
        return Given(_text(f"{name}.id", given.get("id")), is_entity=True)
    if isinstance(given, bool | int | float):
        return Given(json.dumps(given))
    return Given(_text(name, given))


def _wanted(name: str, content: object) -> tuple[str, int, ValueContent]:
    members = _object(name, content)
    settings = _object(f"{name}.settings", members.get("settings", {}))
    limit = settings.get("limit") or 0
    if isinstance(limit, str) and is_whole(limit):  # as OpenRefine's form of settings gives it
        limit = int(limit)
    return (
        _text(f"{name}.id", members.get("id")),
        _limit(f"{name}.settings.limit", limit, least=0),
        _choice(f"{name}.settings.content", settings.get("content", ValueContent.ENTITY), ValueContent),
    )


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter(name, _short(text), f"is not JSON: {_short(str(error), 120)}") from error


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON value")


def _object(name: str, content: object) -> Json:
    if not isinstance(content, dict):
        raise InvalidParameter(name, _shown(content), "must be an object")
    return content


def _list(name: str, content: object, *, most: int) -> list[object]:
    if not isinstance(content, list):
        raise InvalidParameter(name, _shown(content), "must be an array")
    if len(content) > most:
        raise InvalidParameter(name, len(content), f"has more than {most} values")
    return content


def _text(name: str, content: object) -> str:
    if not isinstance(content, str):
        raise InvalidParameter(name, _shown(content), "must be a text")
    if len(content) > LONGEST_TEXT:
        raise InvalidParameter(name, _short(content), f"is longer than {LONGEST_TEXT} characters")
    return _CONTROL.sub(" ", content)


def _limit(name: str, content: object, *, least: int = 1) -> int:
    if isinstance(content, bool) or not isinstance(content, int | float) or content != content // 1 or content < least:
        raise InvalidParameter(name, _shown(content), f"must be a whole number from {least}")
    return min(int(content), MOST_CANDIDATES)


def _choice(name: str, content: object, choices: Callable[[str], T]) -> T:
    try:
        return choices(str(content))
    except ValueError as error:
        values = ", ".join(str(one) for one in choices)  # type: ignore[attr-defined]
        raise InvalidParameter(name, _shown(content), f"must be one of {values}") from error


def _short(text: str, most: int = 60) -> str:
    return _CONTROL.sub(" ", text if len(text) <= most else text[: most - 1] + "…")


def _shown(content: object) -> str:
    return _short(type(content).__name__ if isinstance(content, dict | list) else str(content))


def batch_answer(found: Mapping[str, Sequence[Candidate]]) -> Json:
    """The candidates of every query of a batch."""
    return {key: {"result": [_candidate(one) for one in candidates]} for key, candidates in found.items()}


def _candidate(one: Candidate) -> Json:
    answer: Json = {"id": one.id, "name": one.name}
    if one.description:
        answer["description"] = one.description
    return answer | {
        "score": one.score,
        "match": one.match,
        "type": [{"id": kind.id, "name": kind.name} for kind in one.types],
        "features": [{"id": name, "value": value} for name, value in one.features],
    }


def suggested_entity(one: Candidate) -> Json:
    """An entity among suggestions."""
    notable = [{"id": kind.id, "name": kind.name} for kind in one.types]
    return {"id": one.id, "name": one.name, "description": one.description or "", "notable": notable}


def named_answer(one: Named) -> Json:
    """A type or a property."""
    answer: Json = {"id": one.id, "name": one.name}
    if one.description:
        answer["description"] = one.description
    if one.broader:
        answer["broader"] = [named_answer(parent) for parent in one.broader]
    return answer


def extension_answer(columns: Sequence[Column], rows: Mapping[str, Sequence[Sequence[Cell]]]) -> Json:
    """Columns and rows of a data extension."""
    meta = []
    for column in columns:
        described: Json = {"id": column.named.id, "name": column.named.name}
        if column.type and column.content is ValueContent.ENTITY:
            described["type"] = {"id": column.type.id, "name": column.type.name}
        meta.append(described)
    return {
        "meta": meta,
        "rows": {
            item: {column.named.id: [_cell(cell) for cell in cells] for column, cells in zip(columns, row, strict=True)}
            for item, row in rows.items()
        },
    }


def _cell(cell: Cell) -> Json:
    if cell.kind is CellKind.ENTITY:
        return {"id": cell.id, "name": cell.text}
    return {str(cell.kind): int(cell.text) if cell.kind is CellKind.WHOLE else cell.text}
