"""Between IRIs of the graph and item ids: the small translations that every reader of the graph needs.

Siblings in this package and the use cases import it.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX, WikibaseNamespaces
from capx_graph.terms import Literal, NamedNode, Term, iri

CLASSES: dict[str, EntityKind] = {
    f"{CAPX}Person": EntityKind.PERSON,
    f"{CAPX}Organization": EntityKind.ORGANIZATION,
    f"{CAPX}Capacity": EntityKind.CAPACITY,
    f"{CAPX}Event": EntityKind.EVENT,
    f"{CAPX}Project": EntityKind.PROJECT,
    f"{CAPX}Territory": EntityKind.TERRITORY,
    f"{CAPX}Region": EntityKind.TERRITORY,
    f"{CAPX}Language": EntityKind.LANGUAGE,
    f"{CAPX}WikimediaProject": EntityKind.WIKIMEDIA_PROJECT,
}
"""The kind of a class of the ontology; a region is a territory."""


class Items:
    """Item ids and the IRIs of one Wikibase."""

    def __init__(self, namespaces: WikibaseNamespaces) -> None:
        self._namespaces = namespaces

    def iri(self, item_id: str) -> NamedNode:
        """The IRI of an item."""
        return iri(self._namespaces.entity_iri(item_id))

    def iris(self, item_ids: Iterable[str]) -> list[NamedNode]:
        """The IRIs of items, in their order."""
        return [iri(self._namespaces.entity_iri(item_id)) for item_id in item_ids]

    def id(self, term: Term | None) -> str:
        """The item id of an IRI; of a foreign IRI or an unknown value (skolem IRI) the empty string."""
        return self._namespaces.entity_id(term.value) if isinstance(term, NamedNode) else ""


def kind_of(term: Term | None) -> EntityKind | None:
    """The kind that a class stands for."""
    return CLASSES.get(term.value) if isinstance(term, NamedNode) else None


def text_of(term: Term | None) -> str | None:
    """The text of a literal or the IRI of a node; None where there is nothing."""
    return term.value if isinstance(term, Literal | NamedNode) else None
