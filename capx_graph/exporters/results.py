"""The rows of a SELECT as text: a table for people, CSV and JSON as the SPARQL 1.1 recommendations define them."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence

from capx_graph.namespaces import XSD
from capx_graph.store.base import Solutions
from capx_graph.terms import BlankNode, NamedNode, Term

FORMATS = ("table", "csv", "json")
_WIDEST = 60
_STRING = XSD + "string"


def render(solutions: Solutions, format: str, *, shorten: dict[str, str] | None = None) -> str:
    """The solutions in one of FORMATS; ``shorten`` (prefix to IRI) makes the addresses of a table readable."""
    if format == "csv":
        return _csv(solutions)
    if format == "json":
        return _json(solutions)
    return _table(solutions, shorten or {})


def _csv(solutions: Solutions) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(solutions.variables)
    writer.writerows([_plain(term) for term in row] for row in solutions.rows)
    return out.getvalue()


def _json(solutions: Solutions) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(solutions.variables, row, strict=True) if term is not None}
        for row in solutions.rows
    ]
    document = {"head": {"vars": list(solutions.variables)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        found["datatype"] = term.datatype.value
    return found


def _table(solutions: Solutions, shorten: dict[str, str]) -> str:
    rows = [[_short(term, shorten) for term in row] for row in solutions.rows]
    widths = [max(map(_width, column)) for column in zip(solutions.variables, *rows, strict=True)]
    lines = [_line(solutions.variables, widths), _line(["-" * width for width in widths], widths)]
    lines += [_line(row, widths) for row in rows]
    count = f"{len(rows)} row" + ("" if len(rows) == 1 else "s")
    return "\n".join([*lines, f"({count})"]) + "\n"


def _line(cells: Sequence[str], widths: Iterable[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _short(term: Term | None, prefixes: dict[str, str]) -> str:
    text = _plain(term)
    if isinstance(term, NamedNode):
        for prefix, address in prefixes.items():
            local = text.removeprefix(address)
            if local != text and "/" not in local and "#" not in local:
                return f"{prefix}:{local}"
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
