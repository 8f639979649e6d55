"""Makes the ontology's properties and items in a repository, under the ids that its mapping names.

Done at every start, so it must be quick and idempotent: what is missing is written, what is there is completed
(a language, a statement) and never overwritten, because a community may word its own labels. Afterwards the
repository gives out no id that is reserved for the ontology.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capx_graph.errors import DataError
from capx_graph.model import Draft, EntityJson
from capx_graph.ontology import Instance, provision_drafts
from capx_graph.repository.store import Repository

ACTOR = "Ontology"
"""The system account under which the ontology's entities are written."""

_TERMS = ("labels", "descriptions")
_ALL_TERMS = (*_TERMS, "aliases")


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What a run did: ids of entities made and of entities completed."""

    made: tuple[str, ...]
    completed: tuple[str, ...]


def provision(repository: Repository, instance: Instance) -> Provisioned:
    """Writes what the repository lacks of the ontology, in one transaction; raises DataError on a contradiction."""
    drafts_of_all = provision_drafts(instance.ontology, instance)
    wanted = [entity for entity in drafts_of_all if repository.keeps(str(entity["id"]))]
    pages = repository.pages([str(entity["id"]) for entity in wanted])
    for kind in ("property", "item"):
        repository.reserve(kind, instance.reserved_up_to)
    drafts = []
    for entity in wanted:
        page = pages.get(entity["id"])
        if page is not None and page.entity is None:
            raise DataError(f"{page.entity_id} is a term of the ontology and was merged into {page.redirect_to}")
        completed = entity if page is None or page.entity is None else _completed(page.entity, entity)
        if page is None or completed != page.entity:
            drafts.append(Draft(completed))
    there = frozenset(
        code for page in pages.values() for terms in _ALL_TERMS for code in (page.entity or {}).get(terms, ())
    )
    receipts = repository.bulk(drafts, actor=ACTOR, summary="the ontology", languages=there) if drafts else []
    changed = [receipt.entity_id for receipt in receipts if receipt.changed]
    return Provisioned(
        made=tuple(i for i in changed if i not in pages), completed=tuple(i for i in changed if i in pages)
    )


def _completed(existing: EntityJson, wanted: EntityJson) -> EntityJson:
    """The existing entity with the terms and statements that it lacks."""
    if existing.get("datatype") != wanted.get("datatype"):
        raise DataError(
            f"{existing['id']} has the datatype {existing.get('datatype')}, the ontology needs {wanted.get('datatype')}"
        )
    terms = {kind: {**wanted[kind], **existing[kind]} for kind in _TERMS}
    claims = dict(existing["claims"])
    for property_id, statements in wanted["claims"].items():
        claims[property_id] = _with_missing(claims.get(property_id, []), statements)
    return {**existing, **terms, "claims": claims}


def _with_missing(
    existing: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """A value that somebody deprecated counts as there: it was a decision."""
    there = [statement["mainsnak"].get("datavalue") for statement in existing]
    return [*existing, *(s for s in wanted if s["mainsnak"]["datavalue"] not in there)]
