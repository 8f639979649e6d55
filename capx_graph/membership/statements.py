"""Lines of a profile as statements of an item, both ways, and the smallest change from one to the other.

Given out by the package. A statement that says more than a line can keeps what else it says; a line that only
changed its level keeps its statement's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from capx_graph.items.drafts import Vocabulary
from capx_graph.membership.fields import PROPERTIES, Field, Line
from capx_graph.model import EntityJson

Json = dict[str, Any]

_LEVELS = {"speaks": "LanguageLevel"}
_SKILL_LEVEL = "SkillLevel"
_QUALIFIERS = ("level", "format", "availability")
_REFERENCES = ("evidence", "evidencePage")


class Statements:
    """Reads and writes the statements of one Wikibase."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._codes = {
            item: code
            for owner in ("LanguageLevel", _SKILL_LEVEL, "Format", "Availability")
            for code in vocabulary.codes(owner)
            if (item := vocabulary.individual(owner, code))
        }

    def lines(self, entity: EntityJson, part: Field) -> tuple[Line, ...]:
        """What the item says, in the order of its statements."""
        return self.said(entity, PROPERTIES[part])

    def said(self, entity: EntityJson, properties: Iterable[str]) -> tuple[Line, ...]:
        """The same by properties, of an item of any kind."""
        return tuple(self._line(name, held) for name in properties for held in self._held(entity, name))

    def changes(self, entity: EntityJson, wanted: Mapping[Field, Sequence[Line]]) -> list[Json]:
        """What makes the item say these lines; empty where it does."""
        return [change for part, lines in wanted.items() for change in self.setting(entity, PROPERTIES[part], lines)]

    def setting(self, entity: EntityJson, properties: Iterable[str], lines: Iterable[Line]) -> list[Json]:
        """The same by properties, of an item of any kind; each line is about one of them."""
        by_name: dict[str, dict[tuple[str, str, str], Line]] = {name: {} for name in properties}
        for line in lines:
            by_name[line.name].setdefault(line.key, line)
        return [change for name, named in by_name.items() for change in self._property(entity, name, named)]

    def _property(self, entity: EntityJson, name: str, wanted: dict[tuple[str, str, str], Line]) -> Iterable[Json]:
        left = dict(wanted)
        for held in self._held(entity, name):
            line = self._line(name, held)
            new = left.pop(line.key, None)
            if new is None:
                yield {"id": held["id"], "remove": ""}
            elif new != line:
                yield self._again(held, new)
        for new in left.values():
            yield {"type": "statement", "rank": "normal", "mainsnak": self._main(new)} | self._more(new, {}, ())

    def _held(self, entity: EntityJson, name: str) -> list[Json]:
        statements = entity["claims"].get(self._vocabulary.property_id(name), ())
        return [s for s in statements if s["rank"] != "deprecated" and s["mainsnak"]["snaktype"] == "value"]

    def _line(self, name: str, statement: Mapping[str, Any]) -> Line:
        value = statement["mainsnak"]["datavalue"]["value"]
        qualifiers = statement.get("qualifiers", {})
        references = [reference["snaks"] for reference in statement.get("references", ())]
        return Line(
            name=name,
            value=_text(value),
            language=value.get("language", "") if isinstance(value, Mapping) else "",
            level=next(iter(self._chosen(qualifiers, "level")), ""),
            formats=tuple(sorted(self._chosen(qualifiers, "format"))),
            availability=next(iter(self._chosen(qualifiers, "availability")), ""),
            evidence=next((v for snaks in references for v in self._values(snaks, "evidence")), ""),
            page=next((v for snaks in references for v in self._values(snaks, "evidencePage")), ""),
        )

    def _chosen(self, snaks: Mapping[str, Any], name: str) -> list[str]:
        return [self._codes[value] for value in self._values(snaks, name) if value in self._codes]

    def _values(self, snaks: Mapping[str, Any], name: str) -> list[str]:
        found = snaks.get(self._vocabulary.property_id(name), ())
        return [_text(snak["datavalue"]["value"]) for snak in found if snak["snaktype"] == "value"]

    def _again(self, held: Mapping[str, Any], line: Line) -> Json:
        statement: Json = {"id": held["id"], "type": "statement", "rank": held["rank"], "mainsnak": held["mainsnak"]}
        return statement | self._more(line, held.get("qualifiers", {}), held.get("references", ()))

    def _more(self, line: Line, qualifiers: Mapping[str, Any], references: Iterable[Mapping[str, Any]]) -> Json:
        """Qualifiers and references of a line, with those that no line has a place for."""
        own = {self._vocabulary.property_id(name) for name in _QUALIFIERS}
        given = {property_id: list(snaks) for property_id, snaks in qualifiers.items() if property_id not in own}
        chosen = (
            ("level", _LEVELS.get(line.name, _SKILL_LEVEL), (line.level,)),
            ("format", "Format", line.formats),
            ("availability", "Availability", (line.availability,)),
        )
        for name, owner, codes in chosen:
            items = [item for code in codes if code and (item := self._vocabulary.individual(owner, code))]
            if items:
                given[self._vocabulary.property_id(name)] = [self._snak(name, item) for item in items]
        shown = [(name, text) for name, text in zip(_REFERENCES, (line.evidence, line.page), strict=True) if text]
        ours = {self._vocabulary.property_id(name) for name in _REFERENCES}
        kept = [reference for reference in references if not ours & set(reference["snaks"])]
        snaks = {self._vocabulary.property_id(name): [self._snak(name, text)] for name, text in shown}
        made = [*kept, {"snaks": snaks, "snaks-order": list(snaks)}] if snaks else kept
        more: Json = {}
        if given:
            more |= {"qualifiers": given, "qualifiers-order": list(given)}
        return more | ({"references": made} if made else {})

    def _main(self, line: Line) -> Json:
        return self._snak(line.name, line.value, line.language)

    def _snak(self, name: str, value: str, language: str = "") -> Json:
        datatype = self._vocabulary.datatype(name)
        snak: Json = {"snaktype": "value", "property": self._vocabulary.property_id(name), "datatype": datatype}
        if datatype == "wikibase-item":
            number = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
            snak["datavalue"] = {"value": number, "type": "wikibase-entityid"}
        elif datatype == "monolingualtext":
            snak["datavalue"] = {"value": {"text": value, "language": language}, "type": "monolingualtext"}
        else:
            snak["datavalue"] = {"value": value, "type": "string"}
        return snak


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["id"] if "id" in value else value["text"])
    return str(value)
