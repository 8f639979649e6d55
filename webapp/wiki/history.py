"""A page's past: its history, the difference between two revisions. Called by the room of the wiki's pages."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.wikipages import DifferenceView
from webapp.needs import services
from webapp.request.numbers import is_whole
from webapp.request.reader import reader
from webapp.request.visitor import identity
from webapp.wiki.feeds import FORMATS, feed
from webapp.wiki.links import LIMITS, choice, limit, number, wiki_url

_NOTHING, _CURRENT, _PREVIOUS, _NEXT = "0", "cur", "prev", "next"


def history(entity_id: str) -> Response:
    """The history, as a page or as a feed."""
    view = services().wiki_pages.history(
        entity_id, reader=reader().chain, before=number("before") or None, limit=limit()
    )
    if choice("feed", FORMATS):
        title = reader().tr.text("wiki-history-title", view.name.label)
        return feed(title, wiki_url(entity_id, action="history", uselang=None), view.page.lines)
    return make_response(
        render_template("wiki/history.html", view=view, lines=view.page, limit=limit(), limits=LIMITS, who=identity())
    )


def difference(entity_id: str) -> Response:
    """What changed between two revisions of the page."""
    old, new = _sides(entity_id)
    view = services().wiki_pages.difference(entity_id, old, new, reader=reader().chain)
    return make_response(render_template("wiki/diff.html", view=view, facts=view.facts, can_undo=_can_undo(view)))


def _can_undo(view: DifferenceView) -> bool:
    return view.owner is None and not view.hidden and view.old is not None


def _sides(entity_id: str) -> tuple[int, int]:
    """The older and the newer revision that ``diff`` and ``oldid`` mean, as MediaWiki takes them; raises NotFound.

    ``diff`` may be a number, ``prev``, ``next`` or ``cur`` (or 0); ``oldid`` alone stands for ``prev``.
    """
    pages = services().wiki_pages
    asked, base = request.args.get("diff", ""), number("oldid")
    if asked in (_CURRENT, _NOTHING, ""):
        return _in_order(base or pages.parent(entity_id, pages.current(entity_id)), pages.current(entity_id))
    if asked == _PREVIOUS:
        return pages.parent(entity_id, base), base
    if asked == _NEXT:
        following = pages.following(entity_id, base)
        if following is None:
            raise NotFound(told("refused-gone"))
        return base, following
    if not is_whole(asked):
        raise InvalidParameter("diff", asked[:40], told("mend-one-of", "prev, next, cur, 12345"))
    new = number("diff")
    return _in_order(base or pages.parent(entity_id, new), new)


def _in_order(first: int, second: int) -> tuple[int, int]:
    return (first, second) if first <= second else (second, first)
