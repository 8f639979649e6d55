"""Things to choose from in a form: what a search in the directory finds, and fixed values by their names.

Rooms with forms of fields import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from capx_graph.model import EntityKind, Ref
from webapp.forms.lines import AVAILABILITIES, FORMATS, SKILL_LEVELS
from webapp.needs import services
from webapp.request.reader import reader

_FOUND = 8
Name = TypeVar("Name", bound=str)
Pairs = list[tuple[str, str]]


def things_found(searched: Mapping[Name, str], kinds: Mapping[Name, EntityKind]) -> dict[Name, tuple[Ref, ...]]:
    """What the texts that were typed in these fields find, each among the things of its field."""
    search = services().search
    return {
        part: tuple(one.ref for one in search.suggest(text, kinds=(kinds[part],), reader=reader().chain, limit=_FOUND))
        for part, text in searched.items()
    }


def found_answer(found: Sequence[Ref]) -> dict[str, object]:
    """What was found for a field, as data; ``summary`` is what a screen reader says of it."""
    summary = reader().tr.text("suggestions-count", len(found))
    return {"found": [{"id": ref.id, "label": ref.label} for ref in found], "summary": summary}


def skill_choices() -> dict[str, Pairs]:
    """What may be said about a capacity, for a template."""
    return {
        "skill_levels": called("SkillLevel", SKILL_LEVELS),
        "formats": called("Format", FORMATS),
        "availabilities": called("Availability", AVAILABILITIES),
    }


def called(class_name: str, codes: Sequence[str]) -> Pairs:
    """Fixed values of the ontology with their names in the reader's language."""
    by_code = {one.code: one for one in services().ontology.individuals.values() if one.class_name == class_name}
    found = []
    for code in codes:
        labels = by_code[code].words.labels
        found.append((code, next((labels[tongue] for tongue in reader().chain if tongue in labels), code)))
    return found
