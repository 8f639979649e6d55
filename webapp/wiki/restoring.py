"""Undo and restore: what would change is shown first, then a form of a signed-in member carries it out.

The addresses are MediaWiki's (``?action=edit&undo=7&undoafter=6``, ``?action=edit&restore=5``); the form is posted to
the page itself. Nothing of a page with an owner is brought back, because its history has no text.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, make_response, render_template, request

from capx_graph.errors import Conflict, Forbidden, InvalidInput, InvalidParameter
from capx_graph.messages import told
from capx_graph.wikipages import ChangedFact, Restore, Return, Undo
from webapp.needs import services
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.request.visitor import form_is_meant, form_token, identity
from webapp.response.headers import led_to
from webapp.wiki.links import wiki_url

_LONGEST_REASON = 300


def ask(entity_id: str) -> Response:
    """Shows what bringing back an earlier state would change, and asks whether that is meant."""
    asked = _asked(entity_id, request.args)
    return _asking(asked)


def bring_back(entity_id: str) -> Response:
    """Carries out a form; leads to the history."""
    asked = _asked(entity_id, request.form)
    if not form_is_meant(request.form.get("token", "")):
        raise Forbidden(told("refused-form"))
    if not identity().may("edit"):
        raise Forbidden(told("refused-session"))
    said = request.form.get("summary", "")[:_LONGEST_REASON]
    counted = not identity().may("noratelimit")
    try:
        services().wiki_pages.bring_back(
            asked, base=whole(request.form, "base", default=0), actor=identity().name, said=said, counted=counted
        )
    except Conflict:
        return _asking(asked, status=409, said=said)
    except InvalidInput as error:
        return _asking(asked, status=400, said=said, refusal=error)
    return led_to(wiki_url(entity_id, action="history"))


def _asking(asked: Return, *, status: int = 200, said: str = "", refusal: InvalidInput | None = None) -> Response:
    pages = services().wiki_pages
    base = pages.current(asked.entity_id)
    facts: tuple[ChangedFact, ...] = ()
    owned = impossible = False
    try:
        base, facts = pages.preview(asked, reader=reader().chain)
    except Forbidden:
        owned, status = True, 403
    except Conflict:
        impossible, status = True, 409
    page = render_template(
        "wiki/restore.html",
        asked=asked,
        undoing=isinstance(asked, Undo),
        name=pages.name(asked.entity_id, reader=reader().chain),
        base=base,
        facts=facts,
        owned=owned,
        impossible=impossible,
        meanwhile=status == 409 and not impossible,
        refusal=refusal,
        said=said,
        who=identity(),
        token=form_token(),
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(entity_id: str, given: Mapping[str, str]) -> Return:
    values = {name: whole(given, name, default=0) for name in ("undo", "undoafter", "restore")}
    if values["restore"]:
        return Restore(entity_id, values["restore"])
    if values["undo"]:
        return Undo(entity_id, values["undo"], values["undoafter"])
    raise InvalidParameter("undo", "", told("mend-missing"))
