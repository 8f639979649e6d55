"""What of a connected Wikibase is read, where not everything is: chosen items, what they mention, all properties.

An item is chosen by a statement that it has (``P5=Q34531``: all capacities of MetaBase). Which are chosen, and what
they mention, is remembered from the pages that went by; what an item mentioned before and does not any more stays
until all revisions are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capx_graph.errors import InvalidSetting
from capx_graph.model import Page
from capx_graph.repository.statements import mentioned_entities

_PATTERN = re.compile(r"(P[1-9][0-9]{0,9})=(Q[1-9][0-9]{0,9})")


@dataclass(slots=True)
class Selection:
    """What is chosen; ``patterns`` are pairs of property and value, none chooses everything."""

    patterns: tuple[tuple[str, str], ...] = ()
    _chosen: dict[str, frozenset[str]] = field(default_factory=dict)
    _mentioned: Counter[str] = field(default_factory=Counter)

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Selection:
        """From the setting; raises InvalidSetting."""
        found = [_PATTERN.fullmatch(text) for text in texts]
        if not all(found):
            raise InvalidSetting(f"CAPX_WIKIBASE_SELECT={','.join(texts)!r}: must be statements such as P5=Q34531")
        return cls(tuple((match[1], match[2]) for match in found if match))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.patterns

    @property
    def values(self) -> frozenset[str]:
        """The values of the statements: what links to one may be chosen."""
        return frozenset(value for _, value in self.patterns)

    def learn(self, pages: Iterable[Page], gone: Iterable[str] = ()) -> None:
        """Remembers what pages are now."""
        if self.is_everything:
            return
        for entity_id in gone:
            self._forget(entity_id)
        for page in pages:
            self._forget(page.entity_id)
            mentioned = self._mentions(page)
            if mentioned is not None:
                self._chosen[page.entity_id] = mentioned
                self._mentioned.update(mentioned)

    def wants(self, entity_id: str) -> bool:
        """Whether the entity is to be here, by what is known of it."""
        return (
            self.is_everything
            or entity_id.startswith("P")
            or entity_id in self._chosen
            or self._mentioned[entity_id] > 0
            or entity_id in self.values
        )

    def wanted(self) -> Iterator[str]:
        """The items that are to be here because somebody mentions them."""
        yield from (id_ for id_, count in self._mentioned.items() if count > 0 and id_.startswith("Q"))

    def _mentions(self, page: Page) -> frozenset[str] | None:
        """What has to be here because the page is; None where nothing follows from it."""
        if page.entity is None:
            wanted = page.redirect_to and self._mentioned[page.entity_id] > 0
            return frozenset([page.redirect_to]) if wanted and page.redirect_to else None
        claims = page.entity["claims"]
        statements = ((value, s) for pid, value in self.patterns for s in claims.get(pid, ()))
        if any(_says(statement, value) for value, statement in statements):
            return frozenset(mentioned_entities(page.entity))
        return None

    def _forget(self, entity_id: str) -> None:
        self._mentioned.subtract(self._chosen.pop(entity_id, ()))


def _says(statement: dict[str, object], value: str) -> bool:
    snak = statement["mainsnak"]
    assert isinstance(snak, dict)
    content = snak.get("datavalue", {}).get("value")
    return statement["rank"] != "deprecated" and isinstance(content, dict) and content.get("id") == value
