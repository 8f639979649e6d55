"""Modules that read entities: ``wbgetentities`` and ``wbgetclaims``.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capx_graph import languages
from capx_graph.instants import stamp
from capx_graph.model import Page
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.editing.statements import find_statement
from capx_graph.repository.ids import PROPERTY, kind_of, namespace_of, not_recognized, parse_id, title_of
from capx_graph.repository.refusals import Message, Refused, fault
from capx_graph.repository.statements import RANKS, claims_of, statements_of

PROPS = ("info", "sitelinks", "sitelinks/urls", "aliases", "labels", "descriptions", "claims", "datatype")
_DEFAULT_PROPS = ["info", "sitelinks", "aliases", "labels", "descriptions", "claims", "datatype"]


def page_info(page: Page) -> Json:
    """The facts of a page that come before those of its entity."""
    return {
        "pageid": page.page_id,
        "ns": namespace_of(page.entity_id),
        "title": title_of(page.entity_id),
        "lastrevid": page.revision_id,
        "modified": stamp(page.modified),
    }


def no_such_entity(text: str) -> Refused:
    """An id that is none."""
    message = Message("wikibase-api-no-such-entity", (text,))
    return Refused(f"there is no entity {text}", code="no-such-entity", messages=(message,), data={"id": text})


def _get_entities(call: Call) -> Json:
    values = call.values
    if not values.has("ids"):
        message = Message("wikibase-api-illegal-ids-or-sites-titles-selector")
        raise Refused("ids are missing", code="param-missing", messages=(message,))
    ids: list[str] = []
    for text in values.several("ids"):
        entity_id = parse_id(text)
        if entity_id is None:
            raise no_such_entity(text)
        ids.append(entity_id)
    pages = call.repository.pages(dict.fromkeys(ids))
    if values.text("redirects") == "yes":
        targets = {page.redirect_to for page in pages.values() if page.redirect_to}
        target_pages = call.repository.pages(target for target in targets if target)
    else:
        target_pages = {}
    entities: Json = {}
    for entity_id in dict.fromkeys(ids):
        page = pages.get(entity_id)
        if page is not None and page.redirect_to is not None:
            page = target_pages.get(page.redirect_to)
        if page is None or page.entity is None:
            entities[entity_id] = {"id": entity_id, "missing": ""}
        else:
            entities[entity_id] = _record(call, entity_id, page, page.entity)
    return ({"entities": entities} if entities else {}) | {"success": 1}


def _record(call: Call, asked: str, page: Page, entity: Mapping[str, Any]) -> Json:
    values = call.values
    props = values.several("props")
    if not props:
        return {"id": page.entity_id, "type": entity["type"]}
    record = page_info(page) if "info" in props else {}
    if asked != page.entity_id:
        record["redirects"] = {"from": asked, "to": page.entity_id}
    record["type"] = entity["type"]
    if "datatype" in entity:
        record["datatype"] = entity["datatype"]
    record["id"] = entity["id"]
    codes = values.several("languages")
    for part in ("labels", "descriptions"):
        if part in props:
            record[part] = _terms(entity[part], codes, fallback=values.on("languagefallback"))
    if "aliases" in props:
        aliases = entity["aliases"]
        record["aliases"] = {code: aliases[code] for code in aliases if code in codes} if codes else aliases
    if "claims" in props:
        record["claims"] = entity["claims"]
    if "sitelinks" in entity and ("sitelinks" in props or "sitelinks/urls" in props):
        record["sitelinks"] = entity["sitelinks"]
    return record


def _terms(terms: Mapping[str, Any], codes: list[str], *, fallback: bool) -> Json:
    if not codes:
        return dict(terms)
    found = {code: term for code, term in terms.items() if code in codes}
    if not fallback:
        return found
    for code in codes:
        for source in languages.fallback(code) if code not in found else ():
            if source in terms:
                found[code] = {"value": terms[source]["value"], "language": source, "for-language": code}
                break
    return found


def _get_claims(call: Call) -> Json:
    values = call.values
    entity_text, guid = values.optional("entity"), values.optional("claim")
    if entity_text is None and guid is None:
        raise fault("Either the entity parameter or the claim parameter need to be set", "param-missing")
    if guid is not None:
        owner = parse_id(guid.partition("$")[0]) if guid.count("$") == 1 else None
        if owner is None:
            raise fault("Invalid claim guid", "invalid-guid")
        if entity_text is not None and entity_text != owner:
            raise fault("entity and claim name different entities", "param-illegal")
        entity_text = owner
    entity_id = parse_id(entity_text or "")
    if entity_id is None:
        raise fault(not_recognized(entity_text or ""), "param-invalid")
    entity = _loaded(call, entity_id)
    if guid is not None:
        found = find_statement(dict(entity), guid)
        claims: Json = claims_of([found] if found is not None else [])
    else:
        claims = _filtered(call, entity)
    if "references" not in values.several("props"):
        claims = {key: [_without_references(one) for one in group] for key, group in claims.items()}
    return {"claims": claims}


def _loaded(call: Call, entity_id: str) -> Mapping[str, Any]:
    page = call.repository.page(entity_id)
    if page is None:
        message = Message("no-such-entity", (entity_id,))
        raise Refused(f"there is no {entity_id}", code="no-such-entity", messages=(message,))
    if page.entity is None:
        raise fault(f"Unresolved redirect from {entity_id} to {page.redirect_to}", "unresolved-redirect")
    return page.entity


def _filtered(call: Call, entity: Mapping[str, Any]) -> Json:
    statements = statements_of(entity)
    rank, property_text = call.values.optional("rank"), call.values.optional("property")
    if rank is not None:
        statements = [statement for statement in statements if statement["rank"] == rank]
    if property_text is not None and statements:
        property_id = parse_id(property_text)
        if property_id is None:
            raise fault(not_recognized(property_text), "param-invalid")
        wanted = property_id if kind_of(property_id) == PROPERTY else ""
        statements = [statement for statement in statements if statement["mainsnak"]["property"] == wanted]
    return claims_of(statements)


def _without_references(statement: Json) -> Json:
    return {key: value for key, value in statement.items() if key != "references"}


MODULES = {
    "wbgetentities": Module(
        _get_entities,
        (
            Param("ids", many=True),
            Param("sites", choices=(), many=True, duplicates=True),
            Param("titles", many=True, duplicates=True),
            Param("redirects", choices=("yes", "no"), default="yes"),
            Param("props", choices=PROPS, many=True, default=_DEFAULT_PROPS),
            Param("languages", choices=languages.term_codes, many=True),
            flag("languagefallback"),
            flag("normalize"),
            Param("sitefilter", choices=(), many=True),
        ),
    ),
    "wbgetclaims": Module(
        _get_claims,
        (
            Param("entity"),
            Param("property"),
            Param("claim"),
            Param("rank", choices=RANKS),
            Param("props", choices=("references",), many=True, default=["references"]),
        ),
    ),
}
