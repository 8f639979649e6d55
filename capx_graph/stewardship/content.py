"""Fields of a record as what an item says, both ways, and the smallest change from one to the other.

Only this package imports it. A name or a description is a line too (``label``, ``description``), with its language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.membership import Line, Part, State, Statements
from capx_graph.model import EntityJson
from capx_graph.stewardship.kinds import RecordKind, Shape, Spec

Json = dict[str, Any]

NOBODY = f"Q{10**12}"
"""The id of an item that is not there yet, where one has to have one."""
_TERMS = {"label": "labels", "description": "descriptions"}


class Content:
    """Reads and writes the fields of records of one Wikibase."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._statements = Statements(vocabulary)

    def parts(self, entity: EntityJson, kind: RecordKind) -> dict[str, Part]:
        """All fields as the item says them."""
        return {spec.name: Part(State.PUBLIC, self._lines(entity, spec)) for spec in kind.fields}

    def changes(self, entity: EntityJson, kind: RecordKind, wanted: Mapping[str, Part]) -> Json:
        """What makes the item say these fields; empty where it does."""
        changes: Json = {}
        claims: list[Json] = []
        for spec in kind.fields:
            if spec.name not in wanted:
                continue
            lines = wanted[spec.name].lines
            if spec.shape is Shape.WORDS:
                changes |= _terms(entity, lines)
            else:
                claims += self._statements.setting(entity, spec.properties, lines)
        return changes | ({"claims": claims} if claims else {})

    def empty(self, kind: RecordKind) -> EntityJson:
        """A record of which nothing is said but what it is."""
        return ItemDraft(self._vocabulary, NOBODY, class_name=kind.class_name).entity()

    def _lines(self, entity: EntityJson, spec: Spec) -> tuple[Line, ...]:
        if spec.shape is not Shape.WORDS:
            return self._statements.said(entity, spec.properties)
        return tuple(
            Line(name, term["value"], language=language)
            for name, part in _TERMS.items()
            for language, term in entity[part].items()
        )


def line_texts(lines: Iterable[Line], name: str) -> dict[str, str]:
    """The texts of one name by language."""
    return {line.language: line.value for line in lines if line.name == name}


def _terms(entity: EntityJson, lines: Sequence[Line]) -> Json:
    changes: Json = {}
    for name, part in _TERMS.items():
        wanted = line_texts(lines, name)
        held = {language: term["value"] for language, term in entity[part].items()}
        new = {
            language: {"language": language, "value": text}
            for language, text in wanted.items()
            if held.get(language) != text
        }
        gone = {language: {"language": language, "remove": ""} for language in held if language not in wanted}
        if new or gone:
            changes[part] = new | gone
    return changes
