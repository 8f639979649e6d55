"""A panel as a page shows it: title, definition, what may be chosen, the drawing, the numbers, where to take them.

Everything is in the reader's language; the rooms of the analytics and of the directory use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from capx_graph.analytics import Line, Panel, PanelAnswer
from capx_graph.messages import Translator
from capx_graph.model import Ref
from webapp.analytics.answers import about, query_url, title
from webapp.request.links import facet_value

DRAWN = 15
"""Rows of a table that stands under a drawing; the page of the panel alone has more."""

_WORDS = {"measure": "analytics-measure-{}", "severity": "analytics-severity-{}", "class": "analytics-measure-{}"}
_PLURALS = {
    "capacity": "capacities",
    "territory": "territories",
    "language": "languages",
    "wikimedia_project": "wikimedia_projects",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: a link, with its name."""

    label: str
    url: str
    ref: Ref | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel for a template."""

    panel: Panel
    title: str
    about: str
    answer: PanelAnswer
    query: str | None
    parameters: Mapping[str, str]
    drawing: Markup | None = None
    choices: Sequence[Choice] = ()

    @property
    def name(self) -> str:
        return self.panel.name


def panel_view(
    answer: PanelAnswer, tr: Translator, *, drawing: Markup | None = None, choices: Sequence[Choice] = ()
) -> PanelView:
    """The view of an answer."""
    panel = answer.panel
    return PanelView(
        panel=panel,
        title=title(panel, tr),
        about=about(panel, tr),
        answer=answer,
        query=query_url(answer),
        parameters=parameters(answer),
        drawing=drawing,
        choices=choices,
    )


def parameters(answer: PanelAnswer) -> dict[str, str]:
    """What was chosen, as an address writes it."""
    return {name: facet_value(ref) for name, ref in answer.chosen.items()}


def panel_url(answer: PanelAnswer, **changed: str | None) -> str:
    """The page of the panel with what was chosen, some of it changed."""
    values: dict[str, Any] = {**parameters(answer), **changed}
    return url_for(
        "analytics.panel_page", name=answer.panel.name, **{key: value for key, value in values.items() if value}
    )


def as_of(answer: PanelAnswer, tr: Translator, now: str) -> str:
    """What the numbers of a panel count, and when that was done: now, or at the last checkup."""
    return tr.text("analytics-as-of", tr.text(f"analytics-measure-{answer.panel.unit}"), tr.moment(answer.date or now))


def into(answer: PanelAnswer, name: str, lines: Sequence[Line]) -> list[Choice]:
    """Links to the same panel with each of these things chosen."""
    refs = [line.key[0] for line in lines]
    return [Choice(ref.label, panel_url(answer, **{name: facet_value(ref)}), ref) for ref in refs]


def label(name: str, ref: Ref, tr: Translator) -> str:
    """What a part of a key is called: words of the interface come from the messages, months from the calendar."""
    if name == "month":
        return tr.month(f"{ref.id}-01")
    if not ref.id:
        return "–"
    if name in _WORDS:
        return tr.text(_WORDS[name].format(_PLURALS.get(ref.id, ref.id)))
    return ref.label


def lines_with(answer: PanelAnswer, parent: str | None) -> list[Line]:
    """The lines whose first thing is a part of this one; roots for None."""
    return [line for line in answer.lines if line.parent == parent]
