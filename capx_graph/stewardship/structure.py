"""What of the directory and of the ontology belongs to its keepers: statements, merges and redirects, whole terms.

Given out to ``protection``, which asks at every single edit of a plain account. Words of the directory (labels,
descriptions, aliases) are everybody's, because that is how it is translated; whoever saves a translation also takes
the mark of an unreviewed one away. Of the ontology's own entities even the words are kept: they come from its files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from capx_graph.errors import KeptByMaintainers
from capx_graph.items.keys import CLASS_OF_KIND, values_of
from capx_graph.messages import told
from capx_graph.model import EntityKind
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository

KEPT_KINDS = (EntityKind.CAPACITY, EntityKind.TERRITORY, EntityKind.LANGUAGE, EntityKind.WIKIMEDIA_PROJECT)
"""Kinds of entries that everybody's records point to."""

Content = Mapping[str, Any]


class Structure:
    """Tells edits of the directory's structure and of the ontology from all others, in one repository."""

    def __init__(self, instance: Instance, repository: Repository) -> None:
        self._repository = repository
        self._terms = frozenset((*instance.property_ids.values(), *instance.item_ids.values()))
        self._class_property = instance.property_id("instanceOf")
        self._classes = frozenset(instance.item_id(CLASS_OF_KIND[kind]) for kind in KEPT_KINDS)
        self._mark = instance.property_id("unreviewedLanguage")

    def check(self, entity_id: str, before: Content | None, after: Content | None) -> None:
        """Raises KeptByMaintainers for an edit that is theirs to make."""
        if entity_id in self._terms:
            raise KeptByMaintainers(told("refused-term", entity_id))
        if before is None and after is not None and "redirect" in after:
            # A page that was deleted would come back as another one's: what it was is not looked at any more.
            raise KeptByMaintainers(told("refused-structure", entity_id))
        if not (self._is_kept(before) or self._is_kept(after)):
            return
        if self._without_marks(before) != self._without_marks(after) or not self._marks(after) <= self._marks(before):
            raise KeptByMaintainers(told("refused-structure", entity_id))

    def _is_kept(self, content: Content | None) -> bool:
        """Whether this is an entry of the directory, by any of its classes, or leads to one or to a term."""
        if content is None:
            return False
        if "redirect" not in content:
            return not self._classes.isdisjoint(values_of(content, self._class_property))
        goal = self._repository.followed(content["redirect"])
        return goal is not None and (
            goal.entity_id in self._terms or (goal.entity is not None and self._is_kept(goal.entity))
        )

    def _without_marks(self, content: Content | None) -> object:
        """All that is not words: the statements or the target, without marks of unreviewed translations."""
        if content is None or "redirect" in content:
            return content
        claims: Mapping[str, Any] = content.get("claims") or {}
        return {name: list(held) for name, held in claims.items() if held and name != self._mark}

    def _marks(self, content: Content | None) -> frozenset[str]:
        if content is None or not content.get("claims"):
            return frozenset()
        return frozenset(json.dumps(statement, sort_keys=True) for statement in content["claims"].get(self._mark, ()))
