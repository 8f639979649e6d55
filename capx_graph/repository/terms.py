"""Names of entities for a reader, along the fallbacks of their language.

Any room of the repository may import it; labels of redirects are those of their targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from capx_graph import languages
from capx_graph.repository.store import Repository
from capx_graph.repository.values.richformat import Label


class TermLookup:
    """Finds labels and descriptions."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def entity(self, entity_id: str) -> Mapping[str, Any] | None:
        """The entity, or the target of a redirect."""
        page = self._repository.page(entity_id)
        if page is not None and page.redirect_to is not None:
            page = self._repository.page(page.redirect_to)
        return page.entity if page is not None else None

    def label(self, entity_id: str, language: str) -> Label | None:
        """The label in the best language for a reader."""
        entity = self.entity(entity_id)
        return best_term(entity["labels"], languages.fallback(language)) if entity is not None else None


def best_term(terms: Mapping[str, Any], chain: Iterable[str]) -> Label | None:
    """The first of the terms along a chain of languages."""
    for language in chain:
        term = terms.get(language)
        if term is not None:
            return Label(term["value"], language)
    return None
