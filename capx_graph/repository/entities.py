"""A whole entity: JSON as a client sends it, to the normal form that is stored and answered.

Any room of the repository may import it. The normal form is what ``wbgetentities`` answers, without the facts of
the page (title, revision); two equal normal forms are the same entity, whatever the order of languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from capx_graph.repository.ids import ITEM, PROPERTY, is_guid_tail, kind_of, new_guid, parse_id
from capx_graph.repository.refusals import Malformed, Message, Refused, refuse_edit, refused_value
from capx_graph.repository.statements import Json, StatementReader, claims_of
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.texts import clean_text
from capx_graph.repository.values.validators import check_length

TERM_LENGTH = 250
TERM_MAPS = {"label": "labels", "description": "descriptions", "alias": "aliases"}


def blank(entity_id: str, *, datatype: str | None = None) -> Json:
    """A new entity without terms and statements."""
    entity: Json = {"type": kind_of(entity_id)}
    if datatype is not None:
        entity["datatype"] = datatype
    entity |= {"id": entity_id, "labels": {}, "descriptions": {}, "aliases": {}, "claims": {}}
    if entity["type"] == ITEM:
        entity["sitelinks"] = {}
    return entity


def check_term(text: str, term: str, kind: str) -> None:
    """Refuses a label, description or alias (``term``) that is empty, too long, or looks like a property's id."""
    check_length(text, TERM_LENGTH, prefix=f"{term}-")
    if term == "label" and kind == PROPERTY and re.match(r"[Pp][0-9]+\Z", text):
        raise refused_value("a label that looks like an id would confuse", "label-no-entityid", text)


def check_guid(guid: str, entity_id: str) -> None:
    """Refuses a statement id that is malformed or another entity's."""
    prefix, dollar, tail = guid.partition("$")
    owner = parse_id(prefix)
    if not dollar or owner is None:
        refuse_edit("Statement GUID can not be parsed")
    if not is_guid_tail(tail):
        refuse_edit("Statement does not have a valid GUID")
    if owner != entity_id:
        refuse_edit("Statement GUID invalid for given entity")


class EntityReader:
    """Reads complete entities, for the bulk door and for dumps."""

    def __init__(self, statements: StatementReader, known_language: Callable[[str], bool]) -> None:
        self._statements = statements
        self._known_language = known_language

    def with_statements(self, statements: StatementReader) -> EntityReader:
        """The same reader with another reader of statements."""
        return EntityReader(statements, self._known_language)

    def also_knowing(self, languages: frozenset[str]) -> EntityReader:
        """The same reader, for which these are languages of terms, too."""
        known = self._known_language
        return EntityReader(self._statements, lambda code: code in languages or known(code))

    def entity(self, raw: Mapping[str, Any]) -> Json:
        """The normal form of a complete entity under its own id; raises Refused, Malformed."""
        entity_id = parse_id(raw["id"]) if isinstance(raw.get("id"), str) else None
        if entity_id is None:
            raise Malformed(f"{raw.get('id')!r} is not an entity id")
        kind = kind_of(entity_id)
        if raw.get("type", kind) != kind:
            raise Malformed(f"{entity_id} is not of type {raw['type']!r}")
        datatype = raw.get("datatype") if kind == PROPERTY else None
        if kind == PROPERTY and not (isinstance(datatype, str) and datatype in VALUE_TYPES):
            message = Message("wikibase-api-not-recognized-datatype")
            raise Refused(f"{datatype!r} is not a datatype", code="param-illegal", messages=(message,))
        entity = blank(entity_id, datatype=datatype)
        entity["labels"] = self._terms(raw, "label", kind)
        entity["descriptions"] = self._terms(raw, "description", kind)
        entity["aliases"] = self._aliases(raw, kind)
        entity["claims"] = self._claims(raw.get("claims"), entity_id)
        return entity

    def _terms(self, raw: Mapping[str, Any], term: str, kind: str) -> Json:
        found: Json = {}
        for language, value in self._by_language(raw, term):
            text = clean_text(_text(value, term))
            check_term(text, term, kind)
            found[language] = {"language": language, "value": text}
        return found

    def _aliases(self, raw: Mapping[str, Any], kind: str) -> Json:
        found: Json = {}
        for language, values in self._by_language(raw, "alias"):
            if not isinstance(values, list):
                raise Malformed(f"the aliases in {language} are a list")
            texts = dict.fromkeys(clean_text(_text(value, "alias")) for value in values)
            for text in texts:
                check_term(text, "alias", kind)
            if texts:
                found[language] = [{"language": language, "value": text} for text in texts]
        return found

    def _by_language(self, raw: Mapping[str, Any], term: str) -> list[tuple[str, object]]:
        values = raw.get(TERM_MAPS[term]) or {}
        if not isinstance(values, Mapping):
            raise Malformed(f"{TERM_MAPS[term]} are an object by language")
        for language in values:
            if not isinstance(language, str) or not self._known_language(language):
                message = Message("wikibase-api-not-recognized-language", (language,))
                raise Refused(
                    f"{language!r} is not a language of terms", code="not-recognized-language", messages=(message,)
                )
        return list(values.items())

    def _claims(self, raw: object, entity_id: str) -> Json:
        if raw is None:
            return {}
        if isinstance(raw, Mapping):
            groups = list(raw.values())
            if not all(isinstance(group, list) for group in groups):
                raise Malformed("claims are lists by property")
            statements = [statement for group in groups for statement in group]
        elif isinstance(raw, list):
            statements = raw
        else:
            raise Malformed("claims are lists by property")
        return claims_of(self._statement(raw_statement, entity_id) for raw_statement in statements)

    def _statement(self, raw: object, entity_id: str) -> Json:
        statement, problem = self._statements.statement(raw)
        if problem is not None:
            raise problem
        statement["id"] = statement["id"] or new_guid(entity_id)
        check_guid(statement["id"], entity_id)
        return statement


def _text(value: object, term: str) -> str:
    text = value.get("value") if isinstance(value, Mapping) else value
    if not isinstance(text, str):
        raise Malformed(f"a {term} is text")
    return text
