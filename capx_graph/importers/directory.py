"""Brings the starter directory into a repository: territories, languages, projects, capacities, organizations.

What is there already (matched by Wikidata id or code) is completed and never overwritten: a maintainer may have
moved a capacity or worded a label, and doing this again must not undo it. So doing it twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import CLASS_OF_KIND, Keys, value_of
from capx_graph.model import Draft, EntityJson, EntityKind
from capx_graph.ontology import DirectoryEntry, load_directory
from capx_graph.repository.store import Repository

ACTOR = "Directory"
"""The system account under which the directory is written."""

_UNREVIEWED = "unreviewedLanguage"
_TERMS = ("labels", "descriptions", "aliases")


@dataclass(slots=True)
class DirectoryReport:
    """How many entries were made, completed, or found as they should be, by kind."""

    created: Counter[EntityKind] = field(default_factory=Counter)
    completed: Counter[EntityKind] = field(default_factory=Counter)
    unchanged: Counter[EntityKind] = field(default_factory=Counter)


def import_directory(
    repository: Repository, vocabulary: Vocabulary, keys: Keys, *, entries: Sequence[DirectoryEntry] | None = None
) -> DirectoryReport:
    """Writes the directory in one transaction; ``keys`` are those of the repository, and learn the new items."""
    chosen = load_directory() if entries is None else entries
    known = _ids(chosen, keys)
    pages = repository.pages([entity_id for entity_id in known if entity_id is not None])
    fresh = iter(repository.allocate("item", known.count(None)) if None in known else ())
    ids = [entity_id or next(fresh) for entity_id in known]
    for entry, entity_id in zip(chosen, ids, strict=True):
        for key in entry.keys:
            keys.learn(entry.kind, key, entity_id)
    drafts = []
    for entry, entity_id in zip(chosen, ids, strict=True):
        entity = draft_entry(entry, entity_id, vocabulary=vocabulary, keys=keys)
        page = pages.get(entity_id)
        if page is not None and page.entity is not None:
            entity = completed(page.entity, entity, vocabulary)
        drafts.append(Draft(entity))
    report = DirectoryReport()
    for entry, receipt in zip(
        chosen, repository.bulk(drafts, actor=ACTOR, summary="the starter directory"), strict=True
    ):
        outcome = report.completed if receipt.entity_id in pages else report.created
        (outcome if receipt.changed else report.unchanged)[entry.kind] += 1
    return report


def draft_entry(entry: DirectoryEntry, entity_id: str, *, vocabulary: Vocabulary, keys: Keys) -> EntityJson:
    """The item of one entry; ``keys`` must know every entry that it refers to."""
    draft = ItemDraft(vocabulary, entity_id, class_name=CLASS_OF_KIND[entry.kind])
    draft.add_all("instanceOf", (vocabulary.item_id(name) for name in entry.classes))
    for language, text in entry.labels.items():
        draft.label(language, text)
    for language, text in entry.descriptions.items():
        draft.description(language, text)
    for language, texts in entry.aliases.items():
        draft.aliases(language, texts)
    for name, text in entry.values:
        draft.add(name, text)
    for link in entry.links:
        draft.add(link.property_name, _target(keys, link.kind, link.key))
    for name, class_name, code in entry.choices:
        draft.add(name, vocabulary.individual(class_name, code))
    draft.add_all(_UNREVIEWED, entry.unreviewed)
    return draft.entity()


def _ids(entries: Iterable[DirectoryEntry], keys: Keys) -> list[str | None]:
    """The items that are there for the entries, None for those that are not."""
    return [next((i for k in entry.keys if (i := keys.find(entry.kind, k))), None) for entry in entries]


def _target(keys: Keys, kind: EntityKind, key: str) -> str:
    found = keys.find(kind, key)
    assert found is not None, f"the directory was checked and every entry learned, so {kind.value} {key} is known"
    return found


def completed(existing: EntityJson, draft: EntityJson, vocabulary: Vocabulary) -> EntityJson:
    """The existing item with the terms that it lacks, and with statements of properties that it says nothing about.

    A translation counts as unreviewed only where it is added now: elsewhere somebody has seen to it.
    """
    terms = {kind: {**draft[kind], **existing[kind]} for kind in _TERMS}
    added = {code for kind in ("labels", "descriptions") for code in draft[kind] if code not in existing[kind]}
    claims: dict[str, Any] = {**draft["claims"], **existing["claims"]}
    unreviewed = vocabulary.property_id(_UNREVIEWED)
    there = existing["claims"].get(unreviewed, [])
    said = {value_of(statement) for statement in there}
    new = [s for s in draft["claims"].get(unreviewed, []) if value_of(s) in added - said]
    claims[unreviewed] = [*there, *new]
    return {**existing, **terms, "claims": {p: statements for p, statements in claims.items() if statements}}
