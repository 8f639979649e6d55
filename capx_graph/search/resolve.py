"""From a search as a person writes it to items: ids, Wikidata ids and codes; bad values end here.

A value is an item id (``Q12``), a Wikidata id (``wikidata:Q11024``) or a natural code (``pt-br``, ``BR``), codes
without regard to case. An id that is no thing of the asked class is refused as an unknown code is.
"""

from __future__ import annotations

from collections.abc import Sequence

from capx_graph.directory import Directory
from capx_graph.directory.lookup import entry_meant
from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from capx_graph.model import EntityKind, SearchRequest
from capx_graph.search.criteria import FACETS, LEVELS, SEARCHED, SORTS, Criteria, TextMatch

MOST_VALUES = 500
"""Values a facet, enough for all territories of a region; each costs a few set operations."""

MOST_HITS = 500
LONGEST_TEXT = 200

_NAMES = {
    EntityKind.CAPACITY: "capacity",
    EntityKind.LANGUAGE: "language",
    EntityKind.TERRITORY: "territory",
    EntityKind.ORGANIZATION: "organization",
    EntityKind.WIKIMEDIA_PROJECT: "project",
}


def check(request: SearchRequest) -> None:
    """Refuse what cannot be meant, before anything is read; raises InvalidParameter."""
    if request.sort not in SORTS:
        raise InvalidParameter("sort", request.sort, told("mend-one-of", ", ".join(SORTS)))
    if not 0 <= request.limit <= MOST_HITS:
        raise InvalidParameter("limit", request.limit, told("mend-between", 0, MOST_HITS))
    if request.offset < 0:
        raise InvalidParameter("offset", request.offset, told("mend-whole"))
    if len(request.text) > LONGEST_TEXT:
        raise InvalidParameter("q", request.text[:20] + "…", told("mend-length", LONGEST_TEXT))
    for facet in request.facets or ():
        if facet not in FACETS:
            raise InvalidParameter("facets", facet, told("mend-one-of", ", ".join(FACETS)))
    for level in request.levels:
        if level not in ("0", *LEVELS):
            raise InvalidParameter("level", level, told("mend-one-of", ", ".join(("0", *LEVELS))))


def criteria(request: SearchRequest, directory: Directory, text: TextMatch | None) -> Criteria:
    """The request with every value resolved; raises InvalidParameter naming parameter, value and rule."""
    return Criteria(
        classes=tuple(dict.fromkeys(request.classes)) or SEARCHED,
        text=text,
        capacities=items(request.capacities, EntityKind.CAPACITY, directory),
        roles=tuple(dict.fromkeys(request.roles)),
        languages=items(request.languages, EntityKind.LANGUAGE, directory),
        levels=tuple(level for level in dict.fromkeys(request.levels) if level != "0") if request.levels else None,
        territories=items(request.territories, EntityKind.TERRITORY, directory),
        organizations=items(request.organizations, EntityKind.ORGANIZATION, directory),
        projects=items(request.projects, EntityKind.WIKIMEDIA_PROJECT, directory),
        descendants=request.descendants,
    )


def items(values: Sequence[str], kind: EntityKind, directory: Directory) -> tuple[str, ...]:
    """The items of one kind that these values stand for, each once; raises InvalidParameter."""
    if len(values) > MOST_VALUES:
        raise InvalidParameter(_NAMES[kind], len(values), told("mend-values", MOST_VALUES))
    return tuple(dict.fromkeys(item(value, kind, directory) for value in values))


def item(value: str, kind: EntityKind, directory: Directory) -> str:
    """The item of this kind that a value stands for; raises InvalidParameter."""
    found = entry_meant(value, kind, directory)
    if found is None:
        name = _NAMES[kind]
        rule = told("mend-entry")
        raise InvalidParameter(name, value, rule)
    return found
