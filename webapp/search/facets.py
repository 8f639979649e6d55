"""The facets of a search as a page draws them: the most frequent values, drawn as a tree where there is one.

A facet may have hundreds of values. A page shows the most frequent ones with their ancestors and everything chosen;
``more=NAME`` in the address shows all of one facet, so nothing is out of reach without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from capx_graph.messages import Translator
from capx_graph.model import FacetValue, Ref, SearchPage
from webapp.request.links import facet_value, names
from webapp.search.address import SearchAddress
from webapp.search.parameters import FACETS, Given

FEW = 8
"""Values of a facet that are shown unasked."""
_IN_MESSAGES = ("class", "role", "level")
"""Facets whose values are words of the interface."""


@dataclass(frozen=True, slots=True)
class FacetLine:
    """A value to tick: ``value`` goes into the address, ``depth`` is its place in the tree."""

    ref: Ref
    value: str
    label: str
    count: int
    selected: bool
    depth: int


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: the lines shown, how many there are in all, and whether those are all shown."""

    name: str
    lines: tuple[FacetLine, ...]
    total: int
    expanded: bool

    @property
    def hidden(self) -> int:
        return self.total - len(self.lines)

    @property
    def chosen(self) -> int:
        return sum(line.selected for line in self.lines)


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that holds, with the address of the search without it."""

    facet: str
    label: str
    ref: Ref | None
    remove_url: str


def facet_views(page: SearchPage, asked: Given, tr: Translator, *, more: str = "") -> tuple[FacetView, ...]:
    """The facets in the order of the page; those without values are left out. All of ``more`` is shown."""
    views = (_view(name, page.facets.get(name, ()), asked, tr, expanded=name == more) for name in FACETS)
    return tuple(view for view in views if view.lines)


def _view(name: str, values: Iterable[FacetValue], asked: Given, tr: Translator, *, expanded: bool) -> FacetView:
    found = {value.ref.id: value for value in values}
    chosen = {key for key, value in found.items() if value.selected or _asked_for(value.ref, asked.get(name, ()))}
    shown = set(found) if expanded or len(found) <= FEW + 2 else _most_frequent(found) | chosen
    shown |= {ancestor for key in shown for ancestor in _ancestors(key, found)}
    lines = tuple(
        FacetLine(
            ref=found[key].ref,
            value=facet_value(found[key].ref),
            label=value_label(name, found[key].ref, tr),
            count=found[key].count,
            selected=key in chosen,
            depth=depth,
        )
        for key, depth in _tree(found)
        if key in shown
    )
    return FacetView(name=name, lines=lines, total=len(found), expanded=expanded)


def _asked_for(ref: Ref, values: Iterable[str]) -> bool:
    return any(names(ref, value) for value in values)


def _most_frequent(found: Mapping[str, FacetValue]) -> set[str]:
    return set(sorted(found, key=lambda key: -found[key].count)[:FEW])


def _ancestors(key: str, found: Mapping[str, FacetValue]) -> Iterator[str]:
    seen = {key}
    parent = found[key].parent
    while parent is not None and parent in found and parent not in seen:
        yield parent
        seen.add(parent)
        parent = found[parent].parent


def _tree(found: Mapping[str, FacetValue]) -> Iterator[tuple[str, int]]:
    """Every value after its parent with its depth, in the order given among brothers."""
    children: dict[str | None, list[str]] = {}
    for key, value in found.items():
        children.setdefault(value.parent if value.parent in found else None, []).append(key)
    waiting = [(key, 0) for key in reversed(children.get(None, []))]
    drawn: set[str] = set()
    while waiting:
        key, depth = waiting.pop()
        if key not in drawn:
            drawn.add(key)
            yield key, depth
            waiting.extend((child, depth + 1) for child in reversed(children.get(key, [])))
    yield from ((key, 0) for key in found if key not in drawn)


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One of the roles, or any of them, as a link; ``count`` is what it finds."""

    label: str
    count: int | None
    url: str
    chosen: bool


def role_choices(page: SearchPage, asked: Given, tr: Translator) -> tuple[RoleChoice, ...]:
    """Who offers, wants or knows what is asked for, one click away; none where no capacity made anything match.

    The order of results is the same whatever the role, so those who learn stand beside those who teach until one says
    whom one looks for.
    """
    by_capacity = (reason.role for hit in page.hits for reason in hit.reasons)
    if not asked.get("capacity") and not any(by_capacity):
        return ()
    address, roles = SearchAddress.of(asked), asked.get("role", ())
    found = [value for value in page.facets.get("role", ()) if value.count or value.ref.id in roles]
    if len(found) < 2:
        return ()
    choices = [
        RoleChoice(
            value_label("role", value.ref, tr),
            value.count,
            address.replacing("role", value.ref.id).url(),
            roles == (value.ref.id,),
        )
        for value in found
    ]
    return RoleChoice(tr.text("roles-any"), None, address.replacing("role", "").url(), not roles), *choices


def value_label(facet: str, ref: Ref, tr: Translator) -> str:
    """The name of a value: words of the interface come from the messages, things carry their own."""
    return tr.text(f"{facet}-{ref.code or ref.id}") if facet in _IN_MESSAGES else ref.label


def chips(views: Iterable[FacetView], asked: Given, tr: Translator, *, page: str = "search.page") -> tuple[Chip, ...]:
    """The conditions that hold, in the order of the facets; values nothing matched are shown as they were asked."""
    address = SearchAddress.of(asked, page=page)
    by_name = {view.name: view for view in views}
    made: list[Chip] = []
    for name in FACETS:
        lines = by_name[name].lines if name in by_name else ()
        for value in asked.get(name, ()):
            line = next((line for line in lines if names(line.ref, value)), None)
            label = line.label if line else _word(name, value, tr)
            made.append(Chip(name, label, line.ref if line else None, address.removing(name, value).url()))
    if asked.get("descendants") == ("0",):
        made.append(Chip("descendants", tr.text("descendants-0"), None, address.replacing("descendants", "").url()))
    return tuple(made)


def _word(facet: str, value: str, tr: Translator) -> str:
    key = f"{facet}-{value.lower()}"
    return tr.text(key) if facet in _IN_MESSAGES and tr.has(key) else value
