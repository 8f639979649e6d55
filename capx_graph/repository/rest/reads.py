"""The reading half of the Wikibase REST API: entities and their parts, search, data types.

Only this package imports it. A redirect is answered by the address of its target, under the same path.
"""

from __future__ import annotations

from typing import Any

from capx_graph import languages
from capx_graph.model import EntityJson, Page
from capx_graph.repository.editing.statements import find_statement
from capx_graph.repository.ids import ITEM, PROPERTY, is_guid_tail, parse_id, parse_of_kind
from capx_graph.repository.rest.content import (
    ITEM_FIELDS,
    PROPERTY_FIELDS,
    aliases_content,
    entity_content,
    statement_content,
    statements_content,
    terms_content,
)
from capx_graph.repository.rest.errors import RestError, invalid_path, invalid_query, not_found
from capx_graph.repository.rest.http import BareStatus, RestRequest, RestResult, State, check_conditions
from capx_graph.repository.storage.termsearch import TermMatch
from capx_graph.repository.store import Repository
from capx_graph.repository.terms import TermLookup, best_term
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.richformat import Label

Json = dict[str, Any]
COLLECTIONS = {"items": ITEM, "properties": PROPERTY}
PARAMETERS = {ITEM: "item_id", PROPERTY: "property_id"}
_NAMES = {ITEM: "items", PROPERTY: "properties"}
_MOST_RESULTS = 500
_FURTHEST = 10_000


class RestReads:
    """Answers GET requests; ``prefix`` is the address of the API's version, for redirects. Raises BareStatus."""

    def __init__(self, repository: Repository, prefix: str) -> None:
        self._repository = repository
        self._prefix = prefix
        self._names = TermLookup(repository)

    def entity(self, request: RestRequest, kind: str, text: str) -> RestResult:
        """A whole item or property, or the fields of it that are asked for (its id always)."""
        allowed = ITEM_FIELDS if kind == ITEM else PROPERTY_FIELDS
        fields = request.query.get("_fields")
        wanted = fields.split(",") if fields is not None else list(allowed)
        if not set(wanted) <= set(allowed):
            raise invalid_query("_fields")
        page, entity = self._load(request, kind, text, "")
        content = entity_content(entity, self._repository.datatype)
        return _result({name: content[name] for name in content if name == "id" or name in wanted}, page)

    def part(self, request: RestRequest, kind: str, text: str, part: str) -> RestResult:
        """All labels, descriptions, aliases, statements or sitelinks of an entity."""
        asked = request.query.get("property") if part == "statements" else None
        only = parse_of_kind(asked, PROPERTY) if asked is not None else None
        if asked is not None and only is None:
            raise invalid_query("property")
        page, entity = self._load(request, kind, text, f"/{part}")
        if part == "statements":
            claims = {pid: group for pid, group in entity["claims"].items() if only in (None, pid)}
            return _result(statements_content(claims, self._repository.datatype), page)
        if part == "sitelinks":
            return _result({}, page)
        return _result(aliases_content(entity[part]) if part == "aliases" else terms_content(entity[part]), page)

    def term(self, request: RestRequest, kind: str, text: str, part: str, language: str) -> RestResult:
        """The label, the description or the aliases in one language."""
        entity_id_of(kind, text)
        check_language(self._repository, part, language)
        page, entity = self._load(request, kind, text, f"/{part}/{language}")
        if language not in entity[part]:
            raise not_found(part if part == "aliases" else part.removesuffix("s"))
        found = entity[part][language]
        return _result([alias["value"] for alias in found] if part == "aliases" else found["value"], page)

    def term_with_fallback(self, request: RestRequest, kind: str, text: str, part: str, language: str) -> RestResult:
        """The label or description in the language, or the address of the one in the nearest language."""
        entity_id_of(kind, text)
        check_language(self._repository, part, language)
        page, entity = self._load(request, kind, text, f"/{part}_with_language_fallback/{language}")
        if language in entity[part]:
            return _result(entity[part][language]["value"], page)
        nearest = next((code for code in languages.fallback(language) if code in entity[part]), None)
        if nearest is None:
            raise not_found(part.removesuffix("s"))
        location = f"{self._prefix}/entities/{_NAMES[kind]}/{page.entity_id}/{part}/{nearest}"
        raise BareStatus(307, location=location)

    def statement(self, request: RestRequest, subject: tuple[str, str] | None, guid: str) -> RestResult:
        """One statement; ``subject`` is kind and id of the entity where the path names one."""
        entity_id = statement_subject(subject, guid)
        page = self._repository.page(entity_id)
        if page is None and subject is not None:
            raise not_found(subject[0])
        found = find_statement(dict(page.entity), guid) if page is not None and page.entity is not None else None
        if page is None or found is None:
            raise not_found("statement")
        check_conditions(request, _state(page))
        return _result(statement_content(found, self._repository.datatype), page)

    def data_types(self) -> RestResult:
        """The data types of properties, with the type of their values."""
        return RestResult(dict(VALUE_TYPES))

    def search(self, request: RestRequest, collection: str) -> RestResult:
        """Entities by the beginning of a label or an alias."""
        for name in ("q", "language"):
            if name not in request.query:
                raise invalid_query(name)
        language = request.query["language"]
        if language not in languages.term_codes():
            raise invalid_query("language")
        limit = _number(request, "limit", default=10, most=_MOST_RESULTS)
        offset = _number(request, "offset", default=0, most=_FURTHEST)
        kind = COLLECTIONS[collection]
        found = self._repository.term_search.find(request.query["q"], language, kind, limit=offset + limit)
        chain = languages.fallback(language)
        return RestResult({"results": [self._match(one, chain) for one in found[offset:]]})

    def _match(self, found: TermMatch, chain: tuple[str, ...]) -> Json:
        entity = self._names.entity(found.entity_id)
        label = best_term(entity["labels"], chain) if entity is not None else None
        description = best_term(entity["descriptions"], chain) if entity is not None else None
        return {
            "id": found.entity_id,
            "display-label": _shown(label) or {"language": found.language, "value": found.text},
            "description": _shown(description),
            "match": {"type": found.type, "language": found.language, "text": found.text},
        }

    def _load(self, request: RestRequest, kind: str, text: str, rest: str) -> tuple[Page, EntityJson]:
        entity_id = entity_id_of(kind, text)
        page = self._repository.page(entity_id)
        if page is None:
            raise not_found(kind)
        if page.entity is None:
            raise BareStatus(308, location=f"{self._prefix}/entities/{_NAMES[kind]}/{page.redirect_to}{rest}")
        check_conditions(request, _state(page))
        return page, page.entity


def entity_id_of(kind: str, text: str) -> str:
    """The id in a path; raises RestError."""
    entity_id = parse_of_kind(text, kind)
    if entity_id is None:
        raise invalid_path(PARAMETERS[kind])
    return entity_id


def check_language(repository: Repository, part: str, language: str) -> None:
    """Raises RestError for a language in which there are no such terms."""
    if not repository.settings.is_term_language(language) or (part == "descriptions" and language == "mul"):
        raise invalid_path("language_code")


def statement_subject(subject: tuple[str, str] | None, guid: str) -> str:
    """The entity of a statement's id; raises RestError when it is none, or not that of the path."""
    if subject is not None:
        entity_id = entity_id_of(*subject)
    prefix, dollar, tail = guid.partition("$")
    owner = parse_id(prefix)
    if owner is None or not dollar or not is_guid_tail(tail):
        raise invalid_path("statement_id")
    if subject is not None and owner != entity_id:
        kind = subject[0]
        message = "IDs of the Item and the Statement do not match"
        if kind == PROPERTY:
            message = "IDs of the Property and the Statement do not match"
        context = {PARAMETERS[kind]: entity_id, "statement_id": guid}
        raise RestError(400, f"{kind}-statement-id-mismatch", message, context)
    return owner


def _state(page: Page) -> State:
    return State(page.revision_id, page.modified)


def _result(content: object, page: Page) -> RestResult:
    return RestResult(content, _state(page))


def _number(request: RestRequest, name: str, *, default: int, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
        raise invalid_query(name)
    return int(text)


def _shown(term: Label | None) -> Json | None:
    return None if term is None else {"language": term.language, "value": term.text}
