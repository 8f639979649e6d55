"""Special pages of the wiki, at MediaWiki's addresses: recent changes, properties, statistics, what links where."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.model import EntityKind, SearchRequest
from capx_graph.repository.history.recentchanges import TYPES
from capx_graph.repository.ids import KINDS, NAMESPACES, PROPERTY, entity_of_title, kind_of, parse_id
from capx_graph.repository.values.datatypes import DATATYPES
from capx_graph.wikipages import Line, RecentFilter
from webapp.needs import services
from webapp.request.numbers import MOST
from webapp.request.reader import reader
from webapp.wiki.feeds import FORMATS, feed
from webapp.wiki.links import LIMITS, choice, limit, number, special_url, wiki_url
from webapp.wiki.tag import mark, unchanged

blueprint = Blueprint("special", __name__)
blueprint.before_request(unchanged)
blueprint.after_request(mark)

_KIND_OF_NAMESPACE = {str(number_): kind for kind, number_ in NAMESPACES.items()}
_NUMBER = f"int(max={MOST})"
"""A revision number in an address; SQLite takes no larger integers."""
_FEED_ACTIONS = ("feedrecentchanges", "feedcontributions")


@blueprint.get("/wiki/Special:RecentChanges")
def recent() -> Response:
    """What was changed lately, as a page or as a feed."""
    wanted = _recent_filter()
    lines = services().wiki_pages.recent(wanted, reader=reader().chain)
    if choice("feed", FORMATS):
        shown = _kept(wanted) | {"uselang": None}
        return feed(reader().tr.text("wiki-recent"), special_url("recent", **shown), lines.lines)
    page = render_template(
        "wiki/recent.html",
        lines=lines,
        days=_by_day(lines.lines),
        wanted=wanted,
        kept=_kept(wanted),
        kinds=KINDS,
        types=TYPES,
        limits=LIMITS,
    )
    return make_response(page)


def _by_day(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    return [(day.isoformat(), list(some)) for day, some in groupby(lines, key=lambda line: line.at.date())]


def _recent_filter() -> RecentFilter:
    """The filter of the address, in our words or in MediaWiki's (``namespace``, ``hidebots``)."""
    namespace = choice("namespace", tuple(_KIND_OF_NAMESPACE))
    bots = choice("bots", ("0", "1")) != "0" and choice("hidebots", ("0", "1")) != "1"
    return RecentFilter(
        kind=choice("kind", KINDS) or (_KIND_OF_NAMESPACE[namespace] if namespace else None),
        type=choice("type", TYPES),
        actor=request.args.get("user", "").strip()[:255] or None,
        bots=bots,
        before=number("before") or None,
        limit=limit(),
    )


def _kept(wanted: RecentFilter) -> dict[str, Any]:
    """The filter as parameters, without where the list goes on."""
    values = {
        "kind": wanted.kind,
        "type": wanted.type,
        "user": wanted.actor,
        "bots": None if wanted.bots else "0",
        "limit": None if wanted.limit == LIMITS[0] else str(wanted.limit),
    }
    return {name: value for name, value in values.items() if value}


@blueprint.get("/w/api.php")
def feed_of_api() -> Response:
    """The API's feeds, which are no JSON: ``action=feedrecentchanges``, ``action=feedcontributions``."""
    if request.args.get("action") not in _FEED_ACTIONS:
        raise InvalidParameter("action", request.args.get("action", "")[:40], told("mend-rule"))
    values = {name: request.args[name] for name in ("namespace", "hidebots", "limit", "user") if name in request.args}
    return make_response(redirect(special_url("recent", feed=FORMATS[0], **values), 302))


@blueprint.get("/wiki/Special:Contributions/<path:user>")
def contributions(user: str) -> Response:
    """All that somebody did."""
    return make_response(redirect(special_url("recent", user=user.replace("_", " ")), 302))


@blueprint.get("/wiki/Special:ListProperties")
def properties() -> Response:
    """All properties, or those of a datatype."""
    after = request.args.get("after", "")
    if after and (parse_id(after) is None or kind_of(after.upper()) != PROPERTY):
        raise InvalidParameter("after", after[:40], told("mend-rule"))
    datatype = choice("datatype", DATATYPES)
    page = services().wiki_pages.properties(reader=reader().chain, datatype=datatype, after=after, limit=limit())
    return make_response(render_template("wiki/properties.html", page=page, datatype=datatype, limit=limit()))


@blueprint.get("/wiki/Special:Statistics")
def statistics() -> Response:
    """How much there is, in the wiki and in the graph."""
    counted = services().search.run(SearchRequest(limit=1, facets=("class",))).facets.get("class", ())
    kinds = [(EntityKind(value.ref.id), value.count) for value in counted]
    return make_response(
        render_template("wiki/statistics.html", statistics=services().wiki_pages.statistics(), kinds=kinds)
    )


@blueprint.get("/wiki/Special:Search")
def search() -> Response:
    """The search is elsewhere."""
    text = request.args.get("search", "")
    entity_id = parse_id(text.strip()) or entity_of_title(text)
    if entity_id is not None and services().wiki_pages.current(entity_id):
        return make_response(redirect(wiki_url(entity_id), 302))
    return make_response(redirect(url_for("search.page", q=text or None), 302))


@blueprint.get("/wiki/Special:WhatLinksHere")
@blueprint.get("/wiki/Special:WhatLinksHere/<path:target>", endpoint="mentions_of")
def mentions(target: str = "") -> Response:
    """The entities that mention one."""
    title = target or request.args.get("target", "")
    entity_id = entity_of_title(title) or parse_id(title)
    pages = services().wiki_pages
    if entity_id is None or not pages.current(entity_id):
        raise NotFound(told("refused-absent", title[:80]))
    page = pages.mentions(entity_id, reader=reader().chain, start=number("from"), limit=limit())
    return make_response(render_template("wiki/mentions.html", page=page, entity_id=entity_id, limit=limit()))


@blueprint.get("/wiki/Special:EntityPage/<entity_id>")
def entity_page(entity_id: str) -> Response:
    """The page of an entity, whichever its kind."""
    parsed = parse_id(entity_id)
    if parsed is None:
        raise NotFound(told("refused-absent", entity_id[:80]))
    return make_response(redirect(wiki_url(parsed), 301))


@blueprint.get(f"/wiki/Special:PermanentLink/<{_NUMBER}:revision>")
def permanent(revision: int) -> Response:
    """A revision as it was, whatever page it belongs to."""
    entity_id = services().wiki_pages.page_of(revision)
    return make_response(redirect(wiki_url(entity_id, oldid=revision), 302))


@blueprint.get(f"/wiki/Special:Diff/<{_NUMBER}:revision>")
@blueprint.get(f"/wiki/Special:Diff/<{_NUMBER}:old>/<{_NUMBER}:revision>", endpoint="revisions")
def revision(revision: int, old: int = 0) -> Response:
    """What a revision changed, or what changed between two, whatever page they belong to."""
    entity_id = services().wiki_pages.page_of(revision)
    return make_response(redirect(wiki_url(entity_id, diff=revision, **({"oldid": old} if old else {})), 302))
