"""Pages of the ``query`` module by title, number or revision, with what is asked of them.

Only query.py imports it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.parameters import Param, Values, flag
from capx_graph.repository.api.queryparts import limit_param, mark, number_in, place, split_page, stamp, title_fields
from capx_graph.repository.history import PageLine, RevisionLine
from capx_graph.repository.ids import ITEM, entity_of_title, kind_of, title_of
from capx_graph.repository.statements import statements_of


@dataclass(frozen=True, slots=True)
class PagePart:
    """Something told of each page."""

    name: str
    prefix: str
    params: tuple[Param, ...]


def add_pages(call: Call, answer: Json, going_on: Json, finished: list[str]) -> bool:
    """Adds the pages asked for; answers whether there is more to tell of one of them."""
    lines, missing = _asked(call, answer)
    entries: dict[str, Json] = {}
    for number, entry in enumerate(missing, 1):
        call.put_flag(entry, "invalid" if "invalidreason" in entry else "missing", truth=True)
        entries[str(-number)] = entry
    for line in sorted(lines.values(), key=lambda line: line.page_id):
        entries[str(line.page_id)] = {"pageid": line.page_id, **title_fields(line.entity_id)}
    more = False
    for name in call.values.several("prop"):
        part = PARTS[name]
        values = call.submodule(f"query+{name}", part.params, part.prefix)
        following = _tell(call, name, values, lines, entries)
        if following is None:
            finished.append(name)
        else:
            going_on[f"{part.prefix}continue"] = following
            more = True
    answer["pages"] = entries if call.version == 1 else list(entries.values())
    return more


def _asked(call: Call, answer: Json) -> tuple[dict[str, PageLine], list[Json]]:
    """The pages that exist, by entity, and entries for those that do not."""
    history = call.repository.history
    lines: dict[str, PageLine] = {}
    missing: list[Json] = []
    _by_title(call, answer, lines, missing)
    for number in _numbers(call, "pageids"):
        line = history.page(page_id=number)
        if line is None or line.deleted:
            missing.append({"pageid": number})
        else:
            lines[line.entity_id] = line
    bad: Json = {}
    for number in _numbers(call, "revids"):
        revision = history.revision(number)
        line = history.page(page_id=revision.page_id) if revision else None
        if line is None:
            bad[str(number)] = {"revid": number}
        else:
            lines[line.entity_id] = line
    if bad:
        answer["badrevids"] = bad
    return lines, missing


def _by_title(call: Call, answer: Json, lines: dict[str, PageLine], missing: list[Json]) -> None:
    normalized: list[Json] = []
    for title in call.values.several("titles"):
        entity_id = entity_of_title(title)
        if entity_id is None:
            missing.append({"ns": 0, "title": title.strip().replace("_", " ")})
            continue
        if title_of(entity_id) != title:
            normalized.append({"from": title, "to": title_of(entity_id)})
        line = call.repository.history.page(entity_id=entity_id)
        if line is None or line.deleted:
            missing.append(title_fields(entity_id))
        else:
            lines[entity_id] = line
    if normalized:
        answer["normalized"] = [{"fromencoded": False, **one} if call.version > 1 else one for one in normalized]


def _numbers(call: Call, name: str) -> list[int]:
    found = []
    for text in call.values.several(name):
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise call.fail("badinteger", f'Invalid value "{text}" for integer parameter "{name}".')
        found.append(int(text))
    return found


def _tell(call: Call, name: str, values: Values, lines: dict[str, PageLine], entries: dict[str, Json]) -> str | None:
    following: str | None = None
    for line in lines.values():
        entry = entries[str(line.page_id)]
        if name == "info":
            _info(call, values, line, entry)
        elif name == "pageprops":
            _page_props(call, line, entry)
        elif name == "revisions":
            following = _revisions(call, values, line, entry) or following
    if name == "info":
        for key, entry in entries.items():
            if key.startswith("-") and "ns" in entry:
                _language_info(entry)
    return following


def _info(call: Call, values: Values, line: PageLine, entry: Json) -> None:
    _language_info(entry)
    revision = call.repository.history.revision(line.revision_id)
    assert revision is not None
    entry |= {"touched": stamp(revision.at), "lastrevid": line.revision_id, "length": revision.size}
    mark(call, entry, "redirect", present=line.redirect_to is not None)
    mark(call, entry, "new", present=revision.new)
    if "url" in values.several("prop"):
        address = f"{call.repository.base}/wiki/{title_of(line.entity_id)}"
        entry |= {"fullurl": address, "editurl": address, "canonicalurl": address}
    if "protection" in values.several("prop"):
        entry["protection"] = []
        entry["restrictiontypes"] = ["edit", "move"]


def _language_info(entry: Json) -> None:
    model = {120: "wikibase-item", 122: "wikibase-property"}.get(entry["ns"], "wikitext")
    entry |= {
        "contentmodel": model,
        "pagelanguage": "en",
        "pagelanguagehtmlcode": "en",
        "pagelanguagedir": "ltr",
    }


def _page_props(call: Call, line: PageLine, entry: Json) -> None:
    page = call.repository.page(line.entity_id)
    if page is None or page.entity is None:
        return
    statements = statements_of(page.entity)
    identifiers = sum(statement["mainsnak"].get("datatype") == "external-id" for statement in statements)
    entry["pageprops"] = {"wb-claims": str(len(statements)), "wb-identifiers": str(identifiers)}
    if kind_of(line.entity_id) == ITEM:
        entry["pageprops"]["wb-sitelinks"] = "0"


def _revisions(call: Call, values: Values, line: PageLine, entry: Json) -> str | None:
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
        actor=values.optional("user"),
        before=end if oldest_first else begin,
        after=begin if oldest_first else end,
        oldest_first=oldest_first,
        limit=(limit or 1) + 1,
    )
    revisions, following = split_page(rows, limit or 1)
    entry["revisions"] = [_revision(call, values, revision) for revision in revisions]
    return place(following.at, following.revision_id) if following and limit else None


def _revision(call: Call, values: Values, line: RevisionLine) -> Json:
    props = set(values.several("prop"))
    entry: Json = {"revid": line.revision_id, "parentid": line.parent_id} if "ids" in props else {}
    if "flags" in props:
        call.put_flag(entry, "minor", truth=line.minor)
    if "user" in props:
        entry["user"] = line.actor
    if "userid" in props:
        account = call.wiki.accounts.account(line.actor)
        entry["userid"] = account.user_id if account else 0
    if "timestamp" in props:
        entry["timestamp"] = stamp(line.at)
    if "size" in props:
        entry["size"] = line.size
    if values.several("slots"):
        entry["slots"] = {"main": _content(call, line, props, slot=True)}
    else:
        entry |= _content(call, line, props, slot=False)
    if "comment" in props:
        entry["comment"] = line.summary
    if "parsedcomment" in props:
        entry["parsedcomment"] = line.summary.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "tags" in props:
        entry["tags"] = []
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
    content = page.entity if page.entity is not None else {"entity": line.entity_id, "redirect": page.redirect_to}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    entry["content" if call.version > 1 else "*"] = text
    return entry


_REVISION_PROPS = (
    "ids", "flags", "timestamp", "user", "userid", "size", "slotsize", "sha1", "slotsha1", "contentmodel", "comment",
    "parsedcomment", "content", "tags", "roles", "parsetree",
)  # fmt: skip
_DEFAULT_REVISION_PROPS = ["ids", "timestamp", "flags", "comment", "user"]
_INFO_PROPS = (
    "protection", "talkid", "watched", "watchers", "visitingwatchers", "notificationtimestamp", "subjectid",
    "associatedpage", "url", "readable", "preload", "preloadcontent", "editintro", "displaytitle",
    "varianttitles", "linkclasses",
)  # fmt: skip

PARTS = {
    part.name: part
    for part in (
        PagePart("info", "in", (Param("prop", choices=_INFO_PROPS, many=True), Param("continue"))),
        PagePart("pageprops", "pp", (Param("continue"), Param("prop", many=True))),
        PagePart(
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
                Param("dir", choices=("newer", "older"), default="older"),
                Param("user"),
                Param("excludeuser"),
                Param("tag"),
                Param("continue"),
                flag("expandtemplates"),
                Param("section"),
            ),
        ),
    )
}
