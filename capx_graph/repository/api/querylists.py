"""Lists of pages and accounts, of the ``query`` module: by title, by links, by search.

Only this package imports it.
"""

from __future__ import annotations

from capx_graph import languages
from capx_graph.instants import stamp
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.parameters import Param, Values, flag
from capx_graph.repository.api.queryparts import (
    ALL_NAMESPACES,
    MANY_NAMESPACES,
    Outcome,
    Part,
    kinds_in,
    limit_param,
    mark,
    number_in,
    split_page,
    title_fields,
)
from capx_graph.repository.api.searchmodule import matches
from capx_graph.repository.ids import KINDS, NAMESPACES, entity_of_title

_KIND_OF_NAMESPACE = {str(number): kind for kind, number in NAMESPACES.items()}
_END = "~"
"""What sorts behind every letter and digit of an id."""
_REDIRECTS = Param("filterredir", choices=("all", "redirects", "nonredirects"), default="all")


def _all_pages(call: Call, values: Values) -> Outcome:
    limit = values.number("limit") or 10
    kind = _KIND_OF_NAMESPACE.get(values.text("namespace"))
    backwards = values.text("dir") == "descending"
    start, prefix = values.text("continue") or values.text("from"), values.text("prefix")
    if not backwards:
        start = max(start, prefix)
    elif prefix:
        start = min(start or _END, prefix + _END)
    redirects = {"redirects": True, "nonredirects": False}.get(values.text("filterredir"))
    history = call.repository.history
    rows = (
        history.pages_from(kind, start=start, limit=limit + 1, redirects=redirects, backwards=backwards) if kind else []
    )
    last = values.optional("to")
    rows = [row for row in rows if row.entity_id.startswith(prefix) and _not_past(row.entity_id, last, backwards)]
    lines, following = split_page(rows, limit)
    answer = {"allpages": [{"pageid": line.page_id, **title_fields(line.entity_id)} for line in lines]}
    return Outcome(answer, following.entity_id if following else None)


def _not_past(entity_id: str, last: str | None, backwards: bool) -> bool:  # noqa: FBT001 - a direction
    return last is None or (entity_id >= last if backwards else entity_id <= last)


def _backlinks(call: Call, values: Values) -> Outcome:
    limit = values.number("limit") or 10
    entity_id = _named_entity(call, values)
    start = number_in(values.optional("continue"), module="query+backlinks") or 0
    redirects = {"redirects": True, "nonredirects": False}.get(values.text("filterredir"))
    kinds = kinds_in(values.several("namespace"))
    backwards = values.text("dir") == "descending"
    found = call.repository.history.backlinks(
        entity_id, start=start, limit=limit + 1, redirects=redirects, kinds=kinds, backwards=backwards
    )
    lines, following = split_page(found, limit)
    entries: list[Json] = []
    for line in lines:
        entry: Json = {"pageid": line.page_id, **title_fields(line.entity_id)}
        mark(call, entry, "redirect", present=line.redirect_to is not None)
        entries.append(entry)
    return Outcome({"backlinks": entries}, f"0|{following.page_id}" if following else None)


def _named_entity(call: Call, values: Values) -> str:
    title, page_id = values.optional("title"), values.number("pageid")
    if title is None and page_id is None:
        raise call.fail("missingparam", 'One of the parameters "bltitle" and "blpageid" is required.')
    if title is not None:
        return entity_of_title(title) or ""
    page = call.repository.history.page(page_id=page_id)
    return page.entity_id if page else ""


def _entity_search(call: Call, values: Values) -> Outcome:
    language = values.optional("language") or call.language
    found = matches(call, values, language, values.number("limit") or 7)
    pages = call.repository.pages(match.entity_id for match in found)
    entries = [
        {**title_fields(match.entity_id), "pageid": pages[match.entity_id].page_id, "displaytext": match.text}
        for match in found
        if match.entity_id in pages
    ]
    return Outcome({"wbsearch": entries})


def _text_search(call: Call, values: Values) -> Outcome:
    """There is no search engine for wikitext: names are searched, of items and properties alike."""
    limit, start = values.number("limit") or 10, values.number("offset") or 0
    text = values.text("search").strip()
    wanted = start + limit + 1
    found = [
        match
        for kind in KINDS
        if str(NAMESPACES[kind]) in values.several("namespace")
        for match in call.repository.term_search.find(text, call.language, kind, limit=wanted)
    ]
    shown = found[start : start + limit]
    pages = call.repository.pages(match.entity_id for match in shown)
    entries = [
        {
            **title_fields(match.entity_id),
            "pageid": pages[match.entity_id].page_id,
            "snippet": match.text,
            "timestamp": stamp(pages[match.entity_id].modified),
        }
        for match in shown
        if match.entity_id in pages
    ]
    answer = {"searchinfo": {"totalhits": len(found)}, "search": entries}
    return Outcome(answer, str(start + limit) if len(found) > start + limit else None)


def _users(call: Call, values: Values) -> Outcome:
    entries: list[Json] = []
    for name in values.several("users"):
        account = call.wiki.accounts.account(name)
        entry: Json = {"userid": account.user_id, "name": account.name} if account else {"name": name}
        if account is None:
            call.put_flag(entry, "missing", truth=True)
        elif "groups" in values.several("prop"):
            entry["groups"] = [*sorted(account.groups), "*", "user", "autoconfirmed"]
        if account is not None and "editcount" in values.several("prop"):
            entry["editcount"] = call.repository.history.edits_of(account.name)
        entries.append(entry)
    return Outcome({"users": entries})


PARTS = {
    part.name: part
    for part in (
        Part(
            "allpages",
            _all_pages,
            "ap",
            (
                Param("from"),
                Param("continue"),
                Param("to"),
                Param("prefix"),
                Param("namespace", choices=ALL_NAMESPACES, default="0"),
                _REDIRECTS,
                limit_param(),
                Param("dir", choices=("ascending", "descending"), default="ascending"),
                Param("minsize", "integer"),
                Param("maxsize", "integer"),
            ),
        ),
        Part(
            "backlinks",
            _backlinks,
            "bl",
            (
                Param("title"),
                Param("pageid", "integer"),
                Param("continue"),
                MANY_NAMESPACES,
                Param("dir", choices=("ascending", "descending"), default="ascending"),
                _REDIRECTS,
                limit_param(),
                flag("redirect"),
            ),
        ),
        Part(
            "wbsearch",
            _entity_search,
            "wbs",
            (
                Param("search", required=True),
                Param("language", choices=lambda: languages.term_codes() | {"mul"}),
                flag("strictlanguage"),
                Param("type", choices=KINDS, default="item"),
                limit_param(7),
                Param("profile", choices=("default", "language"), default="default"),
            ),
        ),
        Part(
            "search",
            _text_search,
            "sr",
            (
                Param("search", required=True),
                Param("namespace", choices=ALL_NAMESPACES, many=True, default=["120", "122"], all_mark="*"),
                limit_param(),
                Param("offset", "integer", default=0, least=0),
                Param("what"),
                Param("info", many=True),
                Param("prop", many=True),
                Param("sort"),
                Param("qiprofile"),
                flag("interwiki"),
                flag("enablerewrites"),
            ),
        ),
        Part("users", _users, "us", (Param("users", many=True), Param("prop", many=True))),
    )
}
