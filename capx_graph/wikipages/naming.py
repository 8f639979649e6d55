"""Names of entities for one reader, read together; only rooms of this package import it.

A name is the label in the best of the reader's languages, else the one for all languages, else any; an entity
without labels goes by its id. A redirect has the name of its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from capx_graph.model import Page
from capx_graph.repository.store import Repository
from capx_graph.wikipages.model import Named, Wording

_FOR_ALL = "mul"


def best(terms: Mapping[str, Any], reader: Sequence[str], *, borrow: bool) -> Wording | None:
    """The term for a reader; ``borrow`` takes any language rather than none."""
    for language in (*reader, _FOR_ALL):
        if language in terms:
            return Wording(terms[language]["value"], language)
    first = next(iter(terms.items()), None) if borrow else None
    return Wording(first[1]["value"], first[0]) if first else None


def name_of(entity_id: str, entity: Mapping[str, Any] | None, reader: Sequence[str]) -> Named:
    """The name of an entity that was read already; None stands for one that is not there."""
    label = best(entity["labels"], reader, borrow=True) if entity is not None else None
    if label is None:
        return Named(entity_id, entity_id, missing=entity is None)
    return Named(entity_id, label.text, label.language)


class Names:
    """The names of the entities of one page."""

    def __init__(self, repository: Repository, reader: Sequence[str]) -> None:
        self._repository = repository
        self.reader = reader
        self._known: dict[str, Named] = {}

    def learn(self, entity_ids: Iterable[str]) -> None:
        """Reads the names of these entities together."""
        wanted = set(entity_ids) - self._known.keys()
        pages = self._repository.pages(wanted)
        targets = {page.redirect_to for page in pages.values() if page.redirect_to}
        of_targets = self._repository.pages(targets) if targets else {}
        for entity_id in wanted:
            page: Page | None = pages.get(entity_id)
            if page is not None and page.redirect_to:
                page = of_targets.get(page.redirect_to)
            self._known[entity_id] = name_of(entity_id, page.entity if page is not None else None, self.reader)

    def of(self, entity_id: str) -> Named:
        """The name of an entity."""
        if entity_id not in self._known:
            self.learn([entity_id])
        return self._known[entity_id]
