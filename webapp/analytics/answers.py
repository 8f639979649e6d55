"""The panels of the analytics as JSON and as CSV, and what of a request they are asked by.

A thing is named as everywhere (``ref_json``); its id, Wikidata id or code stays the same in every language. A hidden
count is ``null`` and its measure is named in ``hidden``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from capx_graph.analytics import PANELS, Line, Panel, PanelAnswer, PanelRequest
from capx_graph.errors import InvalidParameter
from capx_graph.messages import Translator, told
from capx_graph.model import EntityKind, Ref
from webapp.request.links import facet_value
from webapp.request.numbers import between
from webapp.search.answers import Json, ref_json

FEW, MOST = 1000, 100_000
"""Rows of a panel in one answer, when nothing else is asked, and at most."""
LONGEST_VALUE = 300

_THINGS = frozenset({"capacity", "territory", "language"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection)."""


def panel_request(name: str, given: Mapping[str, str], reader: tuple[str, ...], *, limit: int | None) -> PanelRequest:
    """The panel that was asked for; ``limit`` is that of an address that names none. Raises InvalidParameter."""
    values = {key: given.get(key, "") for key in ("capacity", "territory", "language")}
    for key, value in values.items():
        if len(value) > LONGEST_VALUE:
            raise InvalidParameter(key, value[:40] + "…", told("mend-length", LONGEST_VALUE))
    return PanelRequest(
        name=name,
        values=values,
        reader=reader,
        limit=between(given["limit"], "limit", least=0, most=MOST) if given.get("limit") else limit,
        offset=between(given["offset"], "offset", least=0, most=MOST * 10) if given.get("offset") else 0,
    )


def title(panel: Panel, tr: Translator) -> str:
    """What a panel is called."""
    return tr.text(f"analytics-{panel.name}-title")


def about(panel: Panel, tr: Translator) -> str:
    """What a panel counts."""
    return tr.text(f"analytics-{panel.name}-about")


def panel_json(answer: PanelAnswer, tr: Translator) -> Json:
    """One panel."""
    panel = answer.panel
    parents = panel.keys in (("capacity",), ("territory",))
    found: Json = {
        "title": title(panel, tr),
        "definition": about(panel, tr),
        "unit": tr.text(f"analytics-measure-{panel.unit}"),
        "measures": {measure: tr.text(f"analytics-measure-{measure}") for measure in panel.measures},
        "chosen": {name: ref_json(ref) for name, ref in answer.chosen.items()},
        "smallest": answer.smallest if answer.smallest > 1 and panel.unit == "people" else None,
        "query": query_url(answer),
        "total": answer.total,
        "rows": [_row(line, panel, parents=parents) for line in answer.lines],
    }
    if answer.date:
        found["date"] = answer.date
    return found


def _row(line: Line, panel: Panel, *, parents: bool) -> Json:
    row: Json = {}
    for name, ref in zip(panel.keys, line.key, strict=True):
        row[name] = _key_json(name, ref)
    row.update(zip(panel.measures, line.counts, strict=True))
    if parents:
        row["parent"] = line.parent
    if None in line.counts:
        row["hidden"] = [name for name, count in zip(panel.measures, line.counts, strict=True) if count is None]
    return row


def _key_json(name: str, ref: Ref) -> object:
    if name in _THINGS:
        return ref_json(ref) if ref.id else None
    if name in ("type", "shape"):
        return {"code": ref.code or ref.id, "label": ref.label} if ref.id else None
    return ref.code or ref.id


def query_url(answer: PanelAnswer) -> str | None:
    """Where the query of the panel opens with its parameters; None for one without a query."""
    panel = answer.panel
    if not panel.query:
        return None
    values = {own: facet_value(answer.chosen[name]) for name, own in panel.parameters.items() if name in answer.chosen}
    bound: dict[str, Any] = {own: value for own, value in values.items() if own}
    return url_for("query.page", open=panel.query, run=1, **bound)


def panel_csv(answer: PanelAnswer) -> str:
    """One panel as CSV: ids, codes and labels of each key, then the measures; hidden counts are empty and named."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    panel = answer.panel
    head: list[str] = []
    for name in panel.keys:
        head += [f"{name}_id", f"{name}_code", name] if name in _THINGS else [f"{name}_code", name]
    writer.writerow([*head, *panel.measures, "hidden"])
    for line in answer.lines:
        writer.writerow([harmless(cell) for cell in _cells(line, panel)])
    return out.getvalue()


def _cells(line: Line, panel: Panel) -> Iterator[str]:
    for name, ref in zip(panel.keys, line.key, strict=True):
        if name in _THINGS:
            yield ref.id
            yield (ref.wikidata if ref.kind is EntityKind.CAPACITY else ref.code) or ""
        else:
            yield ref.code or ref.id
        yield ref.label
    yield from ("" if count is None else str(count) for count in line.counts)
    yield " ".join(name for name, count in zip(panel.measures, line.counts, strict=True) if count is None)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


NAMES = tuple(panel.name for panel in PANELS)
