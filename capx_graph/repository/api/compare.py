"""``compare``: what changed between two revisions, as rows of a table in HTML.

Only the table of modules imports it. Terms are compared by language, statements by their id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from capx_graph.model import Page
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.parameters import Param
from capx_graph.repository.api.queryparts import title_fields
from capx_graph.repository.history.lines import PageLine, RevisionLine
from capx_graph.repository.ids import entity_of_title
from capx_graph.repository.statements import statements_of

_RELATIVE = ("prev", "next", "cur")
Side = tuple[RevisionLine, Page]


def _compare(call: Call) -> Json:
    values = call.values
    first = _side(call, "from")
    if first is None:
        raise call.fail("missingparam", 'One of the parameters "fromtitle", "fromid" and "fromrev" is required.')
    relative = values.optional("torelative")
    second = _relative(call, first, relative) if relative else _side(call, "to")
    if second is None:
        raise call.fail("missingparam", 'One of "totitle", "toid", "torev" and "torelative" is required.')
    if relative == "prev":
        first, second = second, first
    answer: Json = {}
    for name, (line, _) in (("from", first), ("to", second)):
        answer |= {f"{name}id": line.page_id, f"{name}revid": line.revision_id}
        answer |= {f"{name}{key}": value for key, value in title_fields(line.entity_id).items()}
    rows = "".join(_rows(_facts(call, first[1]), _facts(call, second[1])))
    answer["body" if call.version > 1 else "*"] = rows
    return {"compare": answer}


def _side(call: Call, name: str) -> Side | None:
    values, history = call.values, call.repository.history
    number = values.number(f"{name}rev")
    if number is None:
        page = _page(call, name)
        if page is None:
            return None
        number = page.revision_id
    line = history.revision(number)
    if line is None:
        raise call.fail("nosuchrevid", f"There is no revision with ID {number}.")
    return _readable(call, line)


def _page(call: Call, name: str) -> PageLine | None:
    values, history = call.values, call.repository.history
    title, page_id = values.optional(f"{name}title"), values.number(f"{name}id")
    if title is None and page_id is None:
        return None
    entity_id = entity_of_title(title) if title is not None else None
    found = history.page(entity_id=entity_id or "") if title is not None else history.page(page_id=page_id)
    if found is None or found.deleted:
        raise call.fail("missingtitle", "The page you specified doesn't exist.")
    return found


def _relative(call: Call, first: Side, relative: str) -> Side:
    line, history = first[0], call.repository.history
    if relative == "prev":
        number = line.parent_id
    elif relative == "next":
        rows = history.revisions(entity_id=line.entity_id, after=line.revision_id + 1, oldest_first=True, limit=1)
        number = rows[0].revision_id if rows else 0
    else:
        page = history.page(page_id=line.page_id)
        number = page.revision_id if page else 0
    found = history.revision(number) if number else None
    return _readable(call, found) if found else first


def _readable(call: Call, line: RevisionLine) -> Side:
    page = call.repository.revision(line.entity_id, line.revision_id)
    if page is None:
        raise call.fail("missingcontent", f"The text of revision {line.revision_id} is hidden.")
    return line, page


def _facts(call: Call, page: Page) -> dict[str, str]:
    """What an entity says, by a heading that names the fact."""
    if page.entity is None:
        return {"redirect": page.redirect_to or ""}
    entity = page.entity
    found: dict[str, str] = {}
    for key, name in (("labels", "label"), ("descriptions", "description")):
        found |= {f"{name} / {language}": term["value"] for language, term in entity[key].items()}
    for language, aliases in entity["aliases"].items():
        found[f"aliases / {language}"] = " | ".join(alias["value"] for alias in aliases)
    for statement in statements_of(entity):
        found[f"{statement['mainsnak']['property']} / {statement['id']}"] = _statement_text(call, statement)
    return found


def _statement_text(call: Call, statement: Mapping[str, Any]) -> str:
    formats = call.format()

    def said(snak: Mapping[str, Any]) -> str:
        return formats.plain(snak["datavalue"], {}) if "datavalue" in snak else str(snak["snaktype"])

    parts = [f"{said(statement['mainsnak'])} ({statement['rank']})"]
    for property_id, group in statement.get("qualifiers", {}).items():
        parts += [f"{property_id}: {said(snak)}" for snak in group]
    for reference in statement.get("references", ()):
        parts.append(f"reference: {json.dumps(reference['snaks'], ensure_ascii=False, sort_keys=True)}")
    return "; ".join(parts)


def _rows(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    rows = []
    for fact in dict.fromkeys((*old, *new)):
        if old.get(fact) == new.get(fact):
            continue
        head = f'<td colspan="2" class="diff-lineno">{escape(fact)}</td>'
        sides = _cell(old.get(fact), "−", "deleted", "del") + _cell(new.get(fact), "+", "added", "ins")
        rows.append(f"<tr>{head}{head}</tr><tr>{sides}</tr>")
    return rows


def _cell(text: str | None, marker: str, kind: str, tag: str) -> str:
    if text is None:
        return '<td colspan="2">&#160;</td>'
    said = f'<{tag} class="diffchange diffchange-inline">{escape(text)}</{tag}>'
    return f'<td class="diff-marker" data-marker="{marker}"></td><td class="diff-{kind}line"><div>{said}</div></td>'


def _side_params(name: str) -> tuple[Param, ...]:
    return (Param(f"{name}title"), Param(f"{name}id", "integer"), Param(f"{name}rev", "integer"))


MODULES = {
    "compare": Module(
        _compare,
        (
            *_side_params("from"),
            *_side_params("to"),
            Param("torelative", choices=_RELATIVE),
            Param("prop", many=True),
            Param("slots", many=True),
            Param("difftype"),
        ),
    )
}
