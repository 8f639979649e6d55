"""An item in Wikibase JSON, written down in terms of the ontology; whoever makes items builds them here.

``ItemDraft`` takes names of terms (``offers``, ``Level3``) and looks their P and Q ids up through ``Vocabulary``,
so nobody else knows an id. Statement ids are made from item, property and value: the same record gives the same
draft at every import, which is what lets a second import change nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from capx_graph.model import EntityJson
from capx_graph.ontology import Instance

Json = dict[str, object]

_GUID_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/capx/import")


@dataclass(frozen=True, slots=True)
class Monolingual:
    """A text with its language, the value of a monolingualtext property."""

    language: str
    text: str


Value = str | Monolingual | None
"""What a statement says: an item id, a string, a text; None is Wikibase's 'unknown value'."""

Qualifiers = Sequence[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a record breaks: the field and the value that it is about."""

    field: str
    value: object
    rule: str


class Vocabulary:
    """The ids and datatypes that one Wikibase gives to the ontology's terms, and its individuals by code."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._codes = {
            (individual.class_name, individual.code): instance.item_id(individual.name)
            for individual in instance.ontology.individuals.values()
        }
        self._datatypes = {name: instance.datatype(name) for name in instance.property_ids}

    @property
    def kept_in_directory(self) -> frozenset[str]:
        """Properties that the Wikibase lacks and the directory here keeps."""
        return self._instance.kept_in_directory

    def property_id(self, name: str) -> str:
        """The id of a property by its name in the ontology; raises OntologyError where there is none."""
        return self._instance.property_id(name)

    def item_id(self, name: str) -> str:
        """The id of a class or individual by its name; raises OntologyError where there is none."""
        return self._instance.item_id(name)

    def datatype(self, name: str) -> str:
        """The Wikibase datatype of a property, such as ``wikibase-item``."""
        return self._datatypes[name]

    def codes(self, class_name: str) -> tuple[str, ...]:
        """The codes of a class's individuals, such as ``0`` to ``5`` and ``n``."""
        return tuple(code for owner, code in self._codes if owner == class_name)

    def individual(self, class_name: str, code: str) -> str | None:
        """The item of the individual with this code, such as ``("LanguageLevel", "n")``; None if there is none."""
        return self._codes.get((class_name, code))


class ItemDraft:
    """One item being written down; ``entity()`` is the result, ``dropped`` what had to be left out of it."""

    def __init__(self, vocabulary: Vocabulary, entity_id: str, *, class_name: str) -> None:
        self.entity_id = entity_id
        self.dropped: list[Problem] = []
        self._vocabulary = vocabulary
        self._labels: dict[str, Json] = {}
        self._descriptions: dict[str, Json] = {}
        self._aliases: dict[str, list[Json]] = {}
        self._claims: dict[str, list[Json]] = {}
        self.add("instanceOf", vocabulary.item_id(class_name))

    def label(self, language: str, text: str) -> None:
        """Sets the label in a language."""
        self._labels[language] = {"language": language, "value": text}

    def description(self, language: str, text: str) -> None:
        """Sets the description in a language."""
        self._descriptions[language] = {"language": language, "value": text}

    def aliases(self, language: str, texts: Iterable[str]) -> None:
        """Sets the aliases in a language."""
        self._aliases[language] = [{"language": language, "value": text} for text in texts]

    def add(self, name: str, value: Value, *, qualifiers: Qualifiers = ()) -> None:
        """A statement; the same value of the same property a second time adds nothing."""
        property_id = self._vocabulary.property_id(name)
        statements = self._claims.setdefault(property_id, [])
        # Unknown values are told apart by their place among the statements of their property.
        key = f"{self.entity_id}|{property_id}|{_key(value) if value is not None else f'unknown {len(statements)}'}"
        guid = f"{self.entity_id}${str(uuid.uuid5(_GUID_SPACE, key)).upper()}"
        if any(statement["id"] == guid for statement in statements):
            return
        statement: Json = {"mainsnak": self._snak(name, value), "type": "statement", "id": guid, "rank": "normal"}
        if qualifiers:
            grouped: dict[str, list[Json]] = {}
            for qualifier, given in qualifiers:
                grouped.setdefault(self._vocabulary.property_id(qualifier), []).append(self._snak(qualifier, given))
            statement["qualifiers"] = grouped
            statement["qualifiers-order"] = list(grouped)
        statements.append(statement)

    def add_all(self, name: str, values: Iterable[Value]) -> None:
        """A statement for each value."""
        for value in values:
            self.add(name, value)

    def entity(self) -> EntityJson:
        """The item as Wikibase JSON."""
        return {
            "type": "item",
            "id": self.entity_id,
            "labels": self._labels,
            "descriptions": self._descriptions,
            "aliases": self._aliases,
            "claims": self._claims,
            "sitelinks": {},
        }

    def _snak(self, name: str, value: Value) -> Json:
        datatype = self._vocabulary.datatype(name)
        snak: Json = {"snaktype": "value", "property": self._vocabulary.property_id(name), "datatype": datatype}
        if value is None:
            snak["snaktype"] = "somevalue"
        elif isinstance(value, Monolingual):
            snak["datavalue"] = {
                "value": {"text": value.text, "language": value.language},
                "type": "monolingualtext",
            }
        elif datatype == "wikibase-item":
            number = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
            snak["datavalue"] = {"value": number, "type": "wikibase-entityid"}
        else:
            snak["datavalue"] = {"value": value, "type": "string"}
        return snak


def _key(value: str | Monolingual) -> str:
    return value if isinstance(value, str) else f"{value.language}|{value.text}"


def statements_of(entity: EntityJson, property_id: str) -> Sequence[Mapping[str, object]]:
    """The statements of an entity about one property, in their order."""
    claims = entity.get("claims")
    found = claims.get(property_id, ()) if isinstance(claims, Mapping) else ()
    return tuple(found)
