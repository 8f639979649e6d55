"""Modules for pages: ``delete`` and ``undelete``.

Only the table of modules imports it. Only sysops delete; the owner of a page may delete it too, and nobody else.
"""

from __future__ import annotations

import re

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import editing
from capx_graph.repository.api.errors import ApiError
from capx_graph.repository.api.parameters import TAGS, Param, flag, timestamp
from capx_graph.repository.history.lines import PageLine
from capx_graph.repository.ids import entity_of_title, title_of
from capx_graph.repository.refusals import Message, Refused
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.terms import best_term

_NO_TITLE = re.compile(r"[\x00-\x1f\x7f<>\[\]{}|#]")
_WATCH = (
    Param("watchlist", choices=("watch", "unwatch", "preferences", "nochange"), default="preferences"),
    Param("watchlistexpiry"),
)


def _delete(call: Call) -> Json:
    line = _page(call)
    owned = line.owner is not None and line.owner == call.identity.name
    if not call.identity.may("delete") and not owned:
        raise call.fail("permissiondenied", "You do not have permission to delete this page.")
    reason = call.values.optional("reason")
    if reason is None:
        reason = _automatic_reason(call, line)
    with editing(call) as edit:
        page = edit.transaction.page(line.entity_id)
        if page is None or page.deleted:
            raise _no_page(call)
        told = reason if line.owner is None else ""
        log_id = edit.transaction.delete(page, _author(call, told))
    return {"delete": {"title": title_of(line.entity_id), "reason": told, "logid": log_id}}


def _author(call: Call, reason: str) -> Author:
    """Entries of the log are marked as a bot's whenever a bot makes them."""
    return Author(call.identity.name, reason, bot=call.identity.may("bot"))


def _page(call: Call) -> PageLine:
    title, page_id = call.values.optional("title"), call.values.number("pageid")
    if (title is None) == (page_id is None):
        code = "missingparam" if title is None else "invalidparammix"
        raise call.fail(code, 'Give exactly one of the parameters "title" and "pageid".')
    history = call.repository.history
    if page_id is not None:
        line = history.page(page_id=page_id)
        if line is None or line.deleted:
            raise call.fail("nosuchpageid", f"There is no page with ID {page_id}.")
        return line
    entity_id = _titled(call, title or "")
    line = history.page(entity_id=entity_id) if entity_id else None
    if line is None or line.deleted:
        raise _no_page(call)
    return line


def _no_page(call: Call) -> ApiError:
    text = "The page you specified doesn't exist."
    return ApiError("missingtitle", text, module=call.module, message=Message("apierror-missingtitle"))


def _titled(call: Call, title: str) -> str | None:
    """The entity of a title; raises ApiError for a text that can be no page's title."""
    plain = title.strip().replace("_", " ")
    if not plain or _NO_TITLE.search(plain):
        raise call.fail("invalidtitle", f'Bad title "{title}".')
    if plain.lower().startswith(("special:", "media:")):
        raise call.fail("pagecannotexist", "The namespace does not allow actual pages.")
    return entity_of_title(title)


def _automatic_reason(call: Call, line: PageLine) -> str:
    """What MediaWiki writes for somebody who gives no reason: what was there, and whose it was."""
    page = call.repository.page(line.entity_id)
    if page is not None and page.redirect_to is not None:
        return _reason(call, line, f"#REDIRECT [[{title_of(page.redirect_to)}]]")
    label = best_term(page.entity["labels"], ("en",)) if page is not None and page.entity is not None else None
    if page is not None and page.entity is not None and label is None:
        first = next(iter(page.entity["labels"].values()), None)
        text = first["value"] if first else ""
    else:
        text = label.text if label else ""
    return _reason(call, line, text)


def _reason(call: Call, line: PageLine, text: str) -> str:
    authors = call.repository.history.authors(line.page_id)
    if len(authors) != 1:
        return f'content was: "{text}"'
    name = authors[0]
    return (
        f'content was: "{text}", and the only contributor was '
        f'"[[Special:Contributions/{name}|{name}]]" ([[User talk:{name}|talk]])'
    )


def _undelete(call: Call) -> Json:
    if not call.identity.may("undelete"):
        text = "You do not have permission to undelete pages."
        codes = () if call.identity.may("edit") else ("undelete-cantedit",)
        raise Refused(text, code="permissiondenied", codes=codes)
    entity_id = _titled(call, call.values.text("title"))
    for stamp in call.values.several("timestamps"):
        timestamp(call.module, "timestamps", stamp)
    reason = call.values.text("reason")
    with editing(call) as edit:
        page = edit.transaction.page(entity_id) if entity_id else None
        revisions = 0
        if page is not None and page.deleted:
            revisions = edit.transaction.undelete(page, _author(call, reason))
        if page is None or not revisions:
            raise call.fail("cantundelete", "There are no revisions to undelete.")
    return {
        "undelete": {
            "title": title_of(page.entity_id),
            "revisions": revisions,
            "fileversions": 0,
            "reason": reason,
        }
    }


MODULES = {
    "delete": Module(
        _delete,
        (
            Param("title"),
            Param("pageid", "integer"),
            Param("reason"),
            TAGS,
            flag("deletetalk"),
            flag("watch"),
            flag("unwatch"),
            Param("oldimage"),
            *_WATCH,
        ),
        edits=True,
    ),
    "undelete": Module(
        _undelete,
        (
            Param("title", required=True),
            Param("reason", default=""),
            TAGS,
            Param("timestamps", many=True),
            flag("undeletetalk"),
            *_WATCH,
        ),
        edits=True,
    ),
}
