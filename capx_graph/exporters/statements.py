"""Reading an entity's statements by the names of the ontology, for exporters; deprecated statements are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capx_graph.model import EntityJson, Page
from capx_graph.ontology import IndividualTerm, Instance


class Facts:
    """What one entity says."""

    def __init__(self, instance: Instance, page: Page) -> None:
        assert page.entity is not None, "a redirect says nothing"
        self._instance = instance
        self._entity: EntityJson = page.entity

    @property
    def labels(self) -> dict[str, str]:
        """The labels by language."""
        return {language: term["value"] for language, term in self._entity["labels"].items()}

    @property
    def descriptions(self) -> dict[str, str]:
        """The descriptions by language."""
        return {language: term["value"] for language, term in self._entity["descriptions"].items()}

    def label(self, language: str) -> str:
        """The label in a language, empty when there is none."""
        return self.labels.get(language, "")

    def items(self, name: str) -> list[str]:
        """Ids of the items that a property has as values."""
        return [value["id"] for value in self._values(name)]

    def optional(self, name: str) -> str | None:
        """The first string of a property."""
        return next(self._values(name), None)

    def text(self, name: str) -> str:
        """The first string of a property, empty when there is none."""
        return self.optional(name) or ""

    def monolingual(self, name: str) -> tuple[str, str | None]:
        """The first text of a property and its language."""
        value = next(self._values(name), None)
        return (value["text"], value["language"]) if value else ("", None)

    def code(self, name: str) -> str:
        """The code of the individual that a property has as value, empty when there is none."""
        return next((code for item in self.items(name) if (code := self._code(item))), "")

    def is_unknown(self, name: str) -> bool:
        """Whether a property is said to have a value that is not known."""
        return any(statement["mainsnak"]["snaktype"] == "somevalue" for statement in self._statements(name))

    def qualified_codes(self, name: str, qualifier: str) -> Iterator[tuple[str, str | None]]:
        """Items of a property, each with the code of the individual in a qualifier."""
        for item, value in self._qualified(name, qualifier):
            if item is not None:
                yield item, self._code(value["id"]) if value else None

    def qualified_strings(self, name: str, qualifier: str) -> Iterator[tuple[str | None, str | None]]:
        """Items of a property (None for an unknown one), each with the string in a qualifier."""
        yield from self._qualified(name, qualifier)

    def _qualified(self, name: str, qualifier: str) -> Iterator[tuple[str | None, Any]]:
        property_id = self._instance.property_id(qualifier)
        for statement in self._statements(name):
            snaks = statement.get("qualifiers", {}).get(property_id, ())
            found = next((snak["datavalue"]["value"] for snak in snaks if snak["snaktype"] == "value"), None)
            main = statement["mainsnak"]
            if main["snaktype"] != "novalue":
                yield main["datavalue"]["value"]["id"] if main["snaktype"] == "value" else None, found

    def _code(self, item_id: str) -> str | None:
        term = self._instance.term_of_item(item_id)
        return term.code if isinstance(term, IndividualTerm) else None

    def _values(self, name: str) -> Iterator[Any]:
        for statement in self._statements(name):
            if statement["mainsnak"]["snaktype"] == "value":
                yield statement["mainsnak"]["datavalue"]["value"]

    def _statements(self, name: str) -> Iterator[Mapping[str, Any]]:
        for statement in self._entity["claims"].get(self._instance.property_id(name), ()):
            if statement["rank"] != "deprecated":
                yield statement
