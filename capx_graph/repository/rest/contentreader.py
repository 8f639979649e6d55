"""Reads the JSON of the Wikibase REST API into the normal forms that are stored; raises Problem with the place.

Imported by the rest rooms only. Paths are JSON pointers into what the client sent, so every reader is told where
its part stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from capx_graph.repository.entities import TERM_LENGTH, check_term
from capx_graph.repository.ids import PROPERTY, kind_of, number_of, parse_id, parse_of_kind
from capx_graph.repository.refusals import Refused
from capx_graph.repository.rest.errors import Problem, invalid_value, missing_field, read_only
from capx_graph.repository.statements import RANKS, SNAK_TYPES, make_reference, make_snak, make_statement
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.texts import clean_text
from capx_graph.repository.values.validators import Validators

Json = dict[str, Any]
_BROKEN = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
_ADDED_FIELDS: dict[str, Json] = {
    "time": {"timezone": 0, "before": 0, "after": 0},
    "globecoordinate": {"altitude": None},
}


class ContentReader:
    """``datatype_of`` answers None for a property that does not exist."""

    def __init__(
        self,
        datatype_of: Callable[[str], str | None],
        exists: Callable[[str], bool],
        validators: Validators,
        known_language: Callable[[str], bool],
    ) -> None:
        self._datatype_of = datatype_of
        self._exists = exists
        self._validators = validators
        self._known_language = known_language

    # -- terms

    def terms(self, raw: object, path: str, term: str, kind: str) -> dict[str, Json]:
        """Labels or descriptions (``term``) of an entity of the kind."""
        found: dict[str, Json] = {}
        for language, value in self._by_language(raw, path, term):
            found[language] = {"language": language, "value": self.term(value, f"{path}/{language}", term, kind)}
        return found

    def aliases(self, raw: object, path: str) -> dict[str, list[Json]]:
        """Aliases by language."""
        found: dict[str, list[Json]] = {}
        for language, values in self._by_language(raw, path, "alias"):
            texts = self.alias_list(values, f"{path}/{language}")
            found[language] = [{"language": language, "value": text} for text in texts]
        return found

    def alias_list(self, raw: object, path: str) -> list[str]:
        """The aliases of one language, each once."""
        if not isinstance(raw, list) or not raw:
            raise invalid_value(path, raw)
        return list(dict.fromkeys(self.term(one, f"{path}/{i}", "alias", "") for i, one in enumerate(raw)))

    def term(self, raw: object, path: str, term: str, kind: str) -> str:
        """One label, description or alias."""
        if not isinstance(raw, str):
            raise invalid_value(path, raw)
        stripped = raw.strip()
        if not stripped or _BROKEN.search(stripped):
            raise invalid_value(path, stripped)
        text = clean_text(stripped)
        if len(text) > TERM_LENGTH:
            raise Problem("value-too-long", path, limit=TERM_LENGTH)
        try:
            check_term(text, term, kind)
        except Refused as error:
            raise invalid_value(path, text) from error
        return text

    def language(self, code: str, term: str) -> bool:
        """Whether a term may be in the language."""
        return self._known_language(code) and not (term == "description" and code == "mul")

    def _by_language(self, raw: object, path: str, term: str) -> Iterator[tuple[str, object]]:
        for language, value in _mapping(raw, path).items():
            if not self.language(language, term):
                raise Problem("invalid-key", path, key=language)
            yield language, value

    # -- statements

    def statements(self, raw: object, path: str, known: Mapping[str, Json]) -> dict[str, list[Json]]:
        """Statements by property; those with an id must be among the ``known`` ones, each once."""
        claims: dict[str, list[Json]] = {}
        left = dict(known)
        for property_id, group in _mapping(raw, path).items():
            if not isinstance(group, list):
                raise invalid_value(f"{path}/{property_id}", group)
            statements = [
                self._grouped(one, f"{path}/{property_id}/{index}", property_id, left)
                for index, one in enumerate(group)
            ]
            if statements:
                claims[property_id] = statements
        return claims

    def _grouped(self, raw: object, path: str, property_id: str, left: dict[str, Json]) -> Json:
        if not isinstance(raw, dict):
            raise invalid_value(path, raw)
        statement = self.statement(raw, path)
        used = statement["mainsnak"]["property"]
        if used != property_id:
            raise Problem(
                "statement-group-property-id-mismatch",
                f"{path}/property/id",
                statement_group_property_id=property_id,
                statement_property_id=used,
            )
        if statement["id"] is not None:
            old = left.pop(statement["id"], None)
            if old is None:
                raise read_only(f"{path}/id")
            if old["mainsnak"]["property"] != used:
                raise read_only(f"{path}/property/id")
        return statement

    def statement(self, raw: object, path: str) -> Json:
        """A statement; its ``id`` is None where none was given."""
        if not isinstance(raw, dict):
            raise invalid_value(path, raw)
        guid = raw.get("id")
        if guid is not None and not isinstance(guid, str):
            raise invalid_value(f"{path}/id", guid)
        rank = raw.get("rank", "normal")
        if rank not in RANKS:
            raise invalid_value(f"{path}/rank", rank)
        qualifiers = _list(raw.get("qualifiers", []), f"{path}/qualifiers")
        references = _list(raw.get("references", []), f"{path}/references")
        mainsnak = self._snak(raw, path)
        snaks = self._distinct(qualifiers, f"{path}/qualifiers")
        read = [self._reference(one, f"{path}/references/{i}") for i, one in enumerate(references)]
        return make_statement(mainsnak, guid, snaks, rank, [one for one in read if one is not None])

    def _reference(self, raw: object, path: str) -> Json | None:
        if not isinstance(raw, dict):
            raise invalid_value(path, raw)
        if "parts" not in raw:
            raise missing_field(path, "parts")
        parts = _list(raw["parts"], f"{path}/parts")
        return make_reference(self._distinct(parts, f"{path}/parts"))

    def _distinct(self, raw: list[object], path: str) -> list[Json]:
        snaks = [self._snak(one, f"{path}/{index}") for index, one in enumerate(raw)]
        return list({snak["hash"]: snak for snak in snaks}.values())

    def _snak(self, raw: object, path: str) -> Json:
        if not isinstance(raw, dict):
            raise invalid_value(path, raw)
        for name in ("property", "value"):
            if name not in raw:
                raise missing_field(path, name)
        property_id, datatype = self._property(raw["property"], f"{path}/property")
        value = raw["value"]
        if not isinstance(value, dict):
            raise invalid_value(f"{path}/value", value)
        if "type" not in value:
            raise missing_field(f"{path}/value", "type")
        if value["type"] not in SNAK_TYPES:
            raise invalid_value(f"{path}/value/type", value["type"])
        if value["type"] != "value":
            return make_snak(property_id, value["type"], None, datatype)
        if "content" not in value:
            raise missing_field(f"{path}/value", "content")
        return make_snak(
            property_id, "value", self._value(value["content"], datatype, f"{path}/value/content"), datatype
        )

    def _property(self, raw: object, path: str) -> tuple[str, str]:
        if not isinstance(raw, dict):
            raise invalid_value(path, raw)
        if "id" not in raw:
            raise missing_field(path, "id")
        text = raw["id"]
        property_id = parse_of_kind(text, PROPERTY) if isinstance(text, str) else None
        if property_id is None:
            raise invalid_value(f"{path}/id", text)
        datatype = self._datatype_of(property_id)
        if datatype is None:
            raise Problem("referenced-resource-not-found", f"{path}/id", value=property_id)
        return property_id, datatype

    def _value(self, content: object, datatype: str, path: str) -> Json:
        value_type = VALUE_TYPES[datatype]
        raw = content
        if value_type == "wikibase-entityid":
            entity_id = parse_id(content) if isinstance(content, str) else None
            if entity_id is None:
                raise invalid_value(path, content)
            if not self._exists(entity_id):
                raise Problem("referenced-resource-not-found", path, value=entity_id)
            raw = {"entity-type": kind_of(entity_id), "numeric-id": number_of(entity_id), "id": entity_id}
        elif isinstance(content, dict):
            raw = content | _ADDED_FIELDS.get(value_type, {})
        elif isinstance(content, str):
            raw = content.strip()
        try:
            datavalue = datavalues.read_value(raw, value_type)
            self._validators.check(datavalue, datatype)
        except Refused as error:
            raise invalid_value(path, content) from error
        return datavalue


def _mapping(raw: object, path: str) -> dict[str, Any]:
    """A JSON object; an empty list is one too, as PHP writes it."""
    if raw == []:
        return {}
    if not isinstance(raw, dict):
        raise invalid_value(path, raw)
    return raw


def _list(raw: object, path: str) -> list[object]:
    if not isinstance(raw, list):
        raise invalid_value(path, raw)
    return raw
