"""An entity as a reader sees it, in one of its revisions; only rooms of this package import it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from capx_graph.model import Page
from capx_graph.repository.ids import kind_of
from capx_graph.repository.store import Repository
from capx_graph.wikipages.model import EntityView, Group, Terms
from capx_graph.wikipages.naming import Names, best, name_of
from capx_graph.wikipages.values import Values

Json = Mapping[str, Any]


def entity_view(repository: Repository, page: Page, reader: Sequence[str]) -> EntityView:
    """The page of an entity; a redirect has a target instead of content."""
    names = Names(repository, reader)
    kind = kind_of(page.entity_id)
    if page.entity is None:
        target = names.of(page.redirect_to or page.entity_id)
        name = name_of(page.entity_id, {"labels": {}}, reader)
        return EntityView(
            page.entity_id, kind, None, name, None, (), (), 0, (), page.revision_id, page.modified, page.owner, target
        )
    entity = page.entity
    values = Values(repository, names)
    values.learn(entity)
    own, others = _terms(entity, reader)
    description = best(entity["descriptions"], reader, borrow=False)
    return EntityView(
        id=page.entity_id,
        kind=kind,
        datatype=entity.get("datatype"),
        name=name_of(page.entity_id, entity, reader),
        description=description,
        aliases=tuple(alias["value"] for alias in entity["aliases"].get(reader[0], ())),
        terms=(*own, *others),
        own_terms=len(own),
        groups=tuple(
            Group(names.of(property_id), repository.datatype(property_id), tuple(map(values.statement, statements)))
            for property_id, statements in entity["claims"].items()
        ),
        revision_id=page.revision_id,
        modified=page.modified,
        owner=page.owner,
    )


def _terms(entity: Json, reader: Sequence[str]) -> tuple[list[Terms], list[Terms]]:
    """Terms in the reader's languages, and in all others by code."""
    present = entity["labels"].keys() | entity["descriptions"].keys() | entity["aliases"].keys()
    own = [language for language in reader if language in present]
    others = sorted(present - set(own))
    return [_in(entity, language) for language in own], [_in(entity, language) for language in others]


def _in(entity: Json, language: str) -> Terms:
    label, description = entity["labels"].get(language), entity["descriptions"].get(language)
    return Terms(
        language,
        label["value"] if label else None,
        description["value"] if description else None,
        tuple(alias["value"] for alias in entity["aliases"].get(language, ())),
    )
