"""Which texts of an entity are searchable, and what kind of thing it is; given out by the package.

Labels and aliases of everything, properties included; of people also the username, the display name and what they
write about themselves, of whatever has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from capx_graph.model import EntityKind, Page
from capx_graph.ontology import Instance, Ontology
from capx_graph.projection.claims import Json, best_items, best_strings, best_values
from capx_graph.projection.plan import lineage
from capx_graph.textindex import TextEntry, TextField


class TextProjector:
    """Reads the searchable texts of pages of one instance."""

    def __init__(self, ontology: Ontology, instance: Instance) -> None:
        def property_id(name: str) -> str | None:
            return instance.property_id(name) if instance.maps(name) else None

        self._type = property_id("instanceOf")
        self._username = property_id("username")
        self._name = property_id("displayName")
        self._about = property_id("about")
        self._kinds = {
            instance.item_id(name): kind
            for name in ontology.classes
            if instance.maps(name) and (kind := _kind(ontology, name)) is not None
        }

    def kind(self, page: Page) -> EntityKind | None:
        """The searchable class of a page's entity; the first in the order of EntityKind when it has several."""
        claims = (page.entity or {}).get("claims") or {}
        kinds = {self._kinds[id_] for id_ in best_items(claims.get(self._type)) if id_ in self._kinds}
        return next((kind for kind in EntityKind if kind in kinds), None)

    def entries(self, page: Page) -> list[TextEntry]:
        """The texts of a page; none for a redirect. No text comes twice."""
        if page.entity is None:
            return []
        kind = self.kind(page)
        texts = _terms(page.entity) if kind is None else (*_terms(page.entity), *self._values(page.entity))
        return [
            TextEntry(page.entity_id, kind, field, language, text) for field, language, text in dict.fromkeys(texts)
        ]

    def _values(self, entity: Json) -> Iterator[tuple[TextField, str | None, str]]:
        claims = entity.get("claims") or {}
        for field, property_id in ((TextField.USERNAME, self._username), (TextField.NAME, self._name)):
            for text in best_strings(claims.get(property_id)):
                yield field, None, text
        for content in best_values(claims.get(self._about), "monolingualtext"):
            yield TextField.ABOUT, content["language"], content["text"]


def _terms(entity: Json) -> Iterator[tuple[TextField, str | None, str]]:
    for language, label in (entity.get("labels") or {}).items():
        yield TextField.LABEL, language, label["value"]
    for language, aliases in (entity.get("aliases") or {}).items():
        for alias in aliases:
            yield TextField.ALIAS, language, alias["value"]


def _kind(ontology: Ontology, class_name: str) -> EntityKind | None:
    codes = [ontology.class_(name).code for name in lineage(ontology, class_name)]
    return next((kind for code in codes for kind in EntityKind if kind == code), None)
