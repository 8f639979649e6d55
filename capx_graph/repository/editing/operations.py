"""One step of an edit: what it does to an entity, and how a summary tells of it.

Only rooms of the repository that write import it. An operation changes a working copy, whose maps and lists are
its own; the terms, snaks and statements in them are shared and replaced, never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from capx_graph.repository.statements import Json


@dataclass(frozen=True, slots=True)
class Operation:
    """``apply`` changes a working copy or raises Refused; ``language`` is that of the term it touches."""

    apply: Callable[[Json], None]
    language: str | None = None


def working_copy(entity: Mapping[str, Any]) -> Json:
    """A copy whose maps and lists may be changed."""
    copy = dict(entity)
    copy["labels"] = dict(entity["labels"])
    copy["descriptions"] = dict(entity["descriptions"])
    copy["aliases"] = {language: list(aliases) for language, aliases in entity["aliases"].items()}
    copy["claims"] = {property_id: list(group) for property_id, group in entity["claims"].items()}
    return copy


def applied(entity: Mapping[str, Any], operations: Iterable[Operation]) -> Json:
    """The entity after the operations; raises Refused."""
    copy = working_copy(entity)
    for operation in operations:
        operation.apply(copy)
    return copy


def cleared(entity: Mapping[str, Any]) -> Json:
    """The entity without terms and statements."""
    return dict(entity) | {"labels": {}, "descriptions": {}, "aliases": {}, "claims": {}}


def is_empty(entity: Mapping[str, Any]) -> bool:
    """Whether there is nothing in the entity."""
    return not any(entity[part] for part in ("labels", "descriptions", "aliases", "claims"))


def same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether a save would change nothing: the order of languages is nothing, that of statements is."""
    return first == second and list(first["claims"]) == list(second["claims"])


def changed_languages(old: Mapping[str, Any], new: Mapping[str, Any], operations: Iterable[Operation]) -> list[str]:
    """The languages in which operations changed a term, in the order of the operations."""
    touched = dict.fromkeys(operation.language for operation in operations if operation.language is not None)
    parts = ("labels", "descriptions", "aliases")
    return [
        language for language in touched if any(old[part].get(language) != new[part].get(language) for part in parts)
    ]
