"""The parameters of a search, as one list: what is parsed, what /help/search documents, what links are made of.

A parameter that is not in the list is ignored, which answers tell; a value that cannot be is refused with the rule that
it breaks.
Whether a value such as ``Q12`` exists is for the search to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from capx_graph.model import EntityKind, Role, SearchRequest, Understood
from webapp.request.links import facet_value
from webapp.request.numbers import between

SORTS = ("relevance", "active", "name")
LEVELS = ("0", "1", "2", "3", "4", "5", "n")
CLASSES = (
    EntityKind.PERSON,
    EntityKind.ORGANIZATION,
    EntityKind.CAPACITY,
    EntityKind.EVENT,
    EntityKind.PROJECT,
    EntityKind.TERRITORY,
)
FACETS = ("class", "capacity", "role", "language", "level", "territory", "organization", "project")
"""Facets in the order of the page; each is a parameter of the same name."""

DEFAULT_LIMIT, MOST, FARTHEST = 20, 100, 10_000
LONGEST_TEXT, MOST_VALUES, SUGGESTED = 300, 100, 10

_MOST_TOLD = 10
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
"""What a name of a parameter looks like; others are no slips of the pen, and are told to nobody."""

_TRACKING = re.compile(r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|ga|gad)_|(?:fbclid|gclid|msclkid|yclid|igshid|wprov|ref|_)$")
"""What others add to addresses to see where a reader comes from."""

_SWITCH: Mapping[str, bool] = {"0": False, "1": True}

Choice = TypeVar("Choice", bound=StrEnum)
Given = Mapping[str, tuple[str, ...]]
"""What was asked, without empty values: name to values."""


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One parameter; its help is the message ``parameter-NAME``. ``choices`` are all values it may have."""

    name: str
    example: str
    choices: tuple[str, ...] = ()
    repeatable: bool = False
    default: str = ""


PARAMETERS = (
    SearchParameter("q", "video editing"),
    SearchParameter("class", "person", tuple(CLASSES), repeatable=True),
    SearchParameter("capacity", "wikidata:Q11024", repeatable=True),
    SearchParameter("role", "offers", tuple(Role), repeatable=True),
    SearchParameter("language", "pt-br", repeatable=True),
    SearchParameter("level", "n", LEVELS, repeatable=True),
    SearchParameter("territory", "BR", repeatable=True),
    SearchParameter("organization", "WMB", repeatable=True),
    SearchParameter("project", "commons", repeatable=True),
    SearchParameter("descendants", "0", ("0", "1"), default="1"),
    SearchParameter("sort", "active", SORTS, default=SORTS[0]),
    SearchParameter("limit", "50", default=str(DEFAULT_LIMIT)),
    SearchParameter("offset", "20", default="0"),
    SearchParameter("uselang", "ja"),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def given(arguments: Mapping[str, list[str]]) -> Given:
    """The parameters of the list that were given, trimmed, without empty and repeated values, in the list's order."""
    found: dict[str, tuple[str, ...]] = {}
    for parameter in PARAMETERS:
        values = (" ".join(value.split()) for value in arguments.get(parameter.name, []))
        kept = tuple(dict.fromkeys(value for value in values if value))
        if len(kept) > MOST_VALUES:
            raise InvalidParameter(parameter.name, len(kept), told("mend-many", MOST_VALUES))
        if kept:
            found[parameter.name] = kept if parameter.repeatable else kept[-1:]
    return found


def unknown(arguments: Iterable[str], *, known: Collection[str] = ()) -> tuple[str, ...]:
    """The names that are no parameters of a search, the first of them; without those of trackers."""
    others = (name for name in arguments if name not in _BY_NAME and name not in known and not _TRACKING.match(name))
    return tuple(name for name in dict.fromkeys(others) if _NAME.fullmatch(name))[:_MOST_TOLD]


def understood_as(asked: Given, understood: Understood) -> Given:
    """What was asked with the filters that the text was taken for instead of the text."""
    filters = {name: tuple(map(facet_value, refs)) for name, refs in understood.filters.items()}
    return {**{name: values for name, values in asked.items() if name != "q"}, **filters}


def search_request(asked: Given, reader: tuple[str, ...]) -> SearchRequest:
    """The search that was asked for; raises InvalidParameter naming parameter, value and rule."""
    text = _one(asked, "q")
    if len(text) > LONGEST_TEXT:
        raise InvalidParameter("q", text[:40] + "…", told("mend-long", LONGEST_TEXT, f"{text[:40]}…"))
    return SearchRequest(
        text=text,
        classes=_chosen(asked, "class", EntityKind),
        capacities=asked.get("capacity", ()),
        roles=_chosen(asked, "role", Role),
        languages=asked.get("language", ()),
        levels=tuple(_among("level", level.lower()) for level in asked.get("level", ())),
        territories=asked.get("territory", ()),
        organizations=asked.get("organization", ()),
        projects=asked.get("project", ()),
        sort=_among("sort", _one(asked, "sort")),
        limit=whole(asked, "limit", least=0, most=MOST),
        offset=whole(asked, "offset", least=0, most=FARTHEST),
        descendants=_among("descendants", _one(asked, "descendants")) == "1",
        reader=reader,
    )


def chosen_classes(asked: Given) -> tuple[EntityKind, ...]:
    """The parameter ``class``; raises InvalidParameter."""
    return _chosen(asked, "class", EntityKind)


def whole(asked: Given, name: str, *, least: int, most: int) -> int:
    """A parameter that is a whole number within bounds; raises InvalidParameter."""
    return between(_one(asked, name), name, least=least, most=most)


def switched(name: str, given: str, *, default: bool) -> bool:
    """A parameter of any page that is 1 or 0, or not given; raises InvalidParameter."""
    value = given.strip()
    if value and value not in _SWITCH:
        raise InvalidParameter(name, value[:40], told("mend-one-of", "0, 1"))
    return _SWITCH.get(value, default)


def _one(asked: Given, name: str) -> str:
    values = asked.get(name, ())
    return values[-1] if values else _BY_NAME[name].default


def _chosen(asked: Given, name: str, choice: type[Choice]) -> tuple[Choice, ...]:
    return tuple(choice(_among(name, value.lower())) for value in asked.get(name, ()))


def _among(name: str, value: str) -> str:
    choices = _BY_NAME[name].choices
    if value not in choices:
        raise InvalidParameter(name, value, told("mend-one-of", ", ".join(choices)))
    return value
