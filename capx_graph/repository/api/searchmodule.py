"""``wbsearchentities``: entities by the beginning of their names, or by their id.

Only the table of modules and the ``query`` module import it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from capx_graph import languages
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.parameters import LIMIT, Param, Values, flag
from capx_graph.repository.ids import KINDS, kind_of, parse_id, title_of
from capx_graph.repository.storage.termsearch import TermMatch
from capx_graph.repository.store import Repository
from capx_graph.repository.terms import TermLookup, best_term
from capx_graph.repository.values.richformat import Label

_FURTHEST = 10_000
_LIMIT = 50
_GOING_ON = 50
"""MediaWiki goes on no further than this, whatever the limit."""

BY_ID = "entityId"


def matches(call: Call, values: Values, language: str, limit: int) -> list[TermMatch]:
    """The entities that a search finds, the one named by id first."""
    kind = values.text("type") or "item"
    fallback = not values.on("strictlanguage")
    return find(call.repository, values.text("search"), language, kind, limit=limit, fallback=fallback)


def find(
    repository: Repository, text: str, language: str, kind: str, *, limit: int, fallback: bool = True
) -> list[TermMatch]:
    """The entities that a text finds, the one named by id first."""
    found: dict[str, TermMatch] = {}
    by_id = _by_id(repository, text, kind)
    if by_id is not None:
        found[by_id] = TermMatch(by_id, BY_ID, "", by_id)
    for match in repository.term_search.find(text, language, kind, limit=limit, fallback=fallback):
        found.setdefault(match.entity_id, match)
    return list(found.values())[:limit]


def _by_id(repository: Repository, text: str, kind: str) -> str | None:
    """The entity whose id the text is or ends with (an address of it), when there is one of the kind."""
    stripped = text.strip()
    last_word = re.match(r".*(\b\w{2,})", stripped, re.DOTALL | re.ASCII)
    for candidate in (stripped, last_word[1] if last_word else ""):
        entity_id = parse_id(candidate)
        if entity_id is not None:
            return entity_id if kind_of(entity_id) == kind and repository.exists(entity_id) else None
    return None


def _search(call: Call) -> Json:
    values = call.values
    start, limit = values.number("continue") or 0, values.number("limit") or 0
    found = matches(call, values, values.text("language"), start + limit + 1)
    shown = found[start : start + limit]
    result: Json = {"searchinfo": {"search": values.text("search")}, "search": _entries(call, shown)}
    if len(found) > start + limit and start + limit <= _GOING_ON:
        result["search-continue"] = start + limit
    return result | {"success": 1}


def _entries(call: Call, shown: list[TermMatch]) -> list[Json]:
    with_url = "url" in call.values.several("props")
    return entries(call.repository, call.wiki.terms, shown, call.language, with_url=with_url)


def entries(
    repository: Repository, terms: TermLookup, shown: list[TermMatch], language: str, *, with_url: bool
) -> list[Json]:
    """The matches as this module answers them, named in a language."""
    pages = repository.pages(match.entity_id for match in shown)
    found = []
    for match in shown:
        if match.entity_id in pages:
            entity = terms.entity(match.entity_id) or {"labels": {}, "descriptions": {}}
            entry = _entry(match, pages[match.entity_id].page_id, entity, language)
            entry["concepturi"] = repository.namespaces.entity + match.entity_id
            if with_url:
                entry["url"] = f"{repository.base}/wiki/{title_of(match.entity_id)}"
            found.append(entry)
    return found


def _entry(match: TermMatch, page_id: int, entity: Mapping[str, Any], language: str) -> Json:
    entity_id = match.entity_id
    entry: Json = {"id": entity_id, "title": title_of(entity_id), "pageid": page_id}
    if "datatype" in entity:
        entry["datatype"] = entity["datatype"]
    entry["repository"] = "local"
    chain = languages.fallback(language)
    label, description = (best_term(entity[part], chain) for part in ("labels", "descriptions"))
    entry["display"] = {name: _display(term) for name, term in (("label", label), ("description", description)) if term}
    if label:
        entry["label"] = label.text
    if description:
        entry["description"] = description.text
    if match.type == BY_ID:
        entry["match"] = {"type": BY_ID, "text": entity_id}
        entry["aliases"] = [entity_id]
    else:
        entry["match"] = {"type": match.type, "language": match.language, "text": match.text}
        if label is None or label.text != match.text:
            entry["aliases"] = [match.text]
    return entry


def _display(term: Label) -> Json:
    return {"value": term.text, "language": term.language}


MODULES = {
    "wbsearchentities": Module(
        _search,
        (
            Param("search", required=True),
            Param("language", required=True, choices=languages.term_codes),
            flag("strictlanguage"),
            Param("type", choices=KINDS, default="item"),
            Param("limit", "limit", default=7, least=0, most=_LIMIT, most_high=LIMIT),
            Param("continue", "integer", default=0, least=0, most=_FURTHEST),
            Param("props", choices=("url",), many=True, default=["url"]),
            Param("profile", choices=("default", "language"), default="default"),
        ),
    ),
}
