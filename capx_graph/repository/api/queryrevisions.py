"""Revisions of pages, of the ``query`` module.

Only querypages.py imports it.
"""

from __future__ import annotations

import hashlib
from html import escape
from typing import Any

from capx_graph.instants import from_epoch, stamp
from capx_graph.model import Page
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.errors import ApiError
from capx_graph.repository.api.parameters import Param, Values, flag
from capx_graph.repository.api.queryparts import (
    DIRECTION,
    PagePart,
    limit_param,
    makes_redirect,
    number_in,
    period,
    place,
    split_page,
)
from capx_graph.repository.compact import json_text
from capx_graph.repository.history.lines import PageLine, RevisionLine, Which
from capx_graph.repository.ids import kind_of
from capx_graph.repository.storage.content import redirect_content


def add_revisions(call: Call, values: Values, line: PageLine, entry: Json) -> str | None:
    """Adds revisions of a page; answers where to go on."""
    limit = values.number("limit")
    history = call.repository.history
    asked = {int(number) for number in call.values.several("revids") if number.isdigit()}
    if asked:
        found = [history.revision(number) for number in sorted(asked)]
        shown = [revision for revision in found if revision is not None and revision.page_id == line.page_id]
        entry["revisions"] = [_revision(call, values, revision) for revision in shown]
        return None
    oldest_first = values.text("dir") == "newer"
    going_on = number_in(values.optional("continue"), module="query+revisions")
    begin = going_on if going_on is not None else values.number("startid")
    end = values.number("endid")
    rows = history.revisions(
        entity_id=line.entity_id,
        which=Which(actor=values.optional("user"), not_by=values.optional("excludeuser")),
        period=period(values, oldest_first=oldest_first),
        before=end if oldest_first else begin,
        after=begin if oldest_first else end,
        oldest_first=oldest_first,
        limit=(limit or 1) + 1,
    )
    revisions, following = split_page(rows, limit or 1)
    if revisions:
        entry["revisions"] = [_revision(call, values, revision) for revision in revisions]
    return place(following.at, following.revision_id) if following and limit else None


def check_one_page(values: Values, pages: int) -> None:
    """Only the history of one page can be gone through; raises ApiError."""
    bounds = ("limit", "startid", "endid", "user", "excludeuser", "start", "end")
    if pages > 1 and any(values.number(name) or values.optional(name) not in (None, "0") for name in bounds):
        text = 'titles, pageids or a generator gave several pages: "rvlimit" and its like go with one page only.'
        raise ApiError("invalidparammix", text, module="query+revisions")


def _revision(call: Call, values: Values, line: RevisionLine) -> Json:
    props = set(values.several("prop"))
    entry: Json = {"revid": line.revision_id, "parentid": line.parent_id} if "ids" in props else {}
    if "flags" in props:
        call.put_flag(entry, "minor", truth=line.minor)
    if "user" in props:
        entry["user"] = line.actor
    if "userid" in props:
        entry["userid"] = call.user_id(line.actor)
    if "timestamp" in props:
        entry["timestamp"] = stamp(from_epoch(line.at))
    if "size" in props:
        entry["size"] = line.size
    if "sha1" in props:
        entry |= _sha1(call, line)
    if values.several("slots"):
        entry["slots"] = {"main": _content(call, line, props, slot=True)}
    else:
        entry |= _content(call, line, props, slot=False)
    if "comment" in props:
        entry["comment"] = line.summary
    if "parsedcomment" in props:
        entry["parsedcomment"] = escape(line.summary, quote=False)
    if "tags" in props:
        entry["tags"] = ["mw-new-redirect"] if makes_redirect(line.summary) else []
    if "roles" in props:
        entry["roles"] = ["main"]
    return entry


def _content(call: Call, line: RevisionLine, props: set[str], *, slot: bool) -> Json:
    entry: Json = {"size": line.size} if slot and "slotsize" in props else {}
    if {"contentmodel", "content"} & props:
        kind = kind_of(line.entity_id)
        entry["contentmodel"] = f"wikibase-{kind}"
    if "content" not in props:
        return entry
    entry["contentformat"] = "application/json"
    page = call.repository.revision(line.entity_id, line.revision_id)
    if line.hidden or page is None:
        call.put_flag(entry, "texthidden", truth=True)
        return entry
    entry["content" if call.version > 1 else "*"] = _text(page)
    return entry


def _sha1(call: Call, line: RevisionLine) -> Json:
    entry: Json = {}
    page = call.repository.revision(line.entity_id, line.revision_id)
    if page is None:
        call.put_flag(entry, "sha1hidden", truth=True)
    else:
        entry["sha1"] = hashlib.sha1(_text(page).encode(), usedforsecurity=False).hexdigest()
    return entry


def _text(page: Page) -> str:
    """The text as a Wikibase stores it: snaks without datatypes, and PHP's empty arrays."""
    content = page.entity if page.entity is not None else redirect_content(page.entity_id, page.redirect_to or "")
    stored = {key: value or [] for key, value in content.items()}
    if page.entity is not None:
        stored["claims"] = _without_datatypes(page.entity["claims"]) or []
    return json_text(stored)


def _without_datatypes(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_datatypes(member) for member in part]
    if not isinstance(part, dict):
        return part
    return {
        key: value if key == "datavalue" else _without_datatypes(value)
        for key, value in part.items()
        if not (key == "datatype" and "snaktype" in part)
    }


_REVISION_PROPS = (
    "ids", "flags", "timestamp", "user", "userid", "size", "slotsize", "sha1", "slotsha1", "contentmodel", "comment",
    "parsedcomment", "content", "tags", "roles", "parsetree",
)  # fmt: skip
_DEFAULT_REVISION_PROPS = ["ids", "timestamp", "flags", "comment", "user"]
REVISIONS = PagePart(
    "revisions",
    "rv",
    (
        Param("prop", choices=_REVISION_PROPS, many=True, default=_DEFAULT_REVISION_PROPS),
        Param("slots", choices=("main",), many=True, all_mark="*"),
        limit_param(0),
        Param("startid", "integer"),
        Param("endid", "integer"),
        Param("start", "timestamp"),
        Param("end", "timestamp"),
        DIRECTION,
        Param("user"),
        Param("excludeuser"),
        Param("tag"),
        Param("continue"),
        flag("expandtemplates"),
        Param("section"),
    ),
)
