"""The translation workspace: two languages side by side, a form a capacity, what is missing first.

Everything works without JavaScript: a form is posted and the next page begins with what is left. The script posts the
same forms one at a time (``part=1``) and puts the answered row in the place of the old one.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup

from capx_graph import languages
from capx_graph.errors import CapxError, InvalidInput, InvalidParameter, RateLimited
from capx_graph.languages import LAST_RESORT
from capx_graph.messages import told
from capx_graph.translation import Asked, Row, Shown, Standing, Translated, TranslationConflict, Words
from webapp.errors import asking_to_wait, status_of
from webapp.members.signingin import acting_account, check_form_is_meant, count_edit, may_write, sign_in_address
from webapp.needs import messages, services
from webapp.request.numbers import whole
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to, unkept

blueprint = Blueprint("translate", __name__)

PAGE = 20
_FARTHEST = 100_000
_SEPARATOR = "|"


@blueprint.get("/translate")
def page() -> Response:
    """How far every language is; with a language to translate into, its rows."""
    desk = services().directory_work.desk
    target = request.args.get("to", "")
    offered = _offered()
    if not target:
        every_language = render_template(
            "translate/languages.html",
            progress=desk.progress(offered),
            source=request.args.get("from", "") or LAST_RESORT,
            offered=sorted(offered, key=languages.autonym),
        )
        return unkept(make_response(every_language))
    asked = _asked(request.args)
    workspace = desk.workspace(asked, reader=reader().chain)
    rows = render_template(
        "translate/workspace.html",
        **_tools(asked),
        workspace=workspace,
        roots=desk.roots(reader=reader().chain),
        shown_values=tuple(Shown),
        previous=max(0, asked.offset - PAGE),
        saved=request.args.get("saved") == "1",
    )
    return unkept(make_response(rows))


@blueprint.get("/translate/<item>")
def one(item: str) -> Response:
    """One capacity, into the reader's language where no other is asked for."""
    asked = _asked({"to": reader().code, **request.args.to_dict()})
    row = services().directory_work.desk.row(item, asked, reader=reader().chain)
    none: dict[str, Any] = {"typed": None, "theirs": None, "error": None}
    return unkept(make_response(render_template("translate/one.html", **_tools(asked), row=row, **none)))


@blueprint.post("/translate/<item>")
def save(item: str) -> Response:
    """Saves a row; a conflict or a refusal shows it again with what was typed."""
    check_form_is_meant()
    asked = _asked(request.form)
    given = _given(item, asked)
    work = services().directory_work
    try:
        count_edit()
        work.saving.save(given, account=acting_account(), reader=reader().chain)
    except (TranslationConflict, InvalidInput, RateLimited) as error:
        return _again(given, asked, error)
    if request.form.get("part") == "1":
        row = work.desk.row(item, asked, reader=reader().chain)
        return unkept(make_response(_part(row, asked, saved=True)))
    return led_to(_address(asked, saved="1"))


def _again(given: Translated, asked: Asked, error: CapxError) -> Response:
    """The row as it is now, with what was typed in its fields and what others wrote beside them."""
    row = services().directory_work.desk.row(given.item, asked, reader=reader().chain)
    theirs = error.theirs if isinstance(error, TranslationConflict) else None
    typed = Words(given.target, given.label, given.description, given.aliases or ())
    if request.form.get("part") == "1":
        part = _part(row, asked, typed=typed, theirs=theirs, error=error)
        return asking_to_wait(unkept(make_response(part, status_of(error))), error)
    page_ = render_template("translate/one.html", **_tools(asked), row=row, typed=typed, theirs=theirs, error=error)
    return asking_to_wait(unkept(make_response(page_, status_of(error))), error)


def _part(row: Row, asked: Asked, **more: Any) -> str:
    values = {"typed": None, "theirs": None, "error": None, "saved": False} | more
    progress = services().directory_work.desk.progress_of(asked.target)
    return render_template("translate/part.html", **_tools(asked), row=row, progress=progress, **values)


def _tools(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "may_write": may_write(),
        "sign_in": sign_in_address(),
        "token": form_token(),
        "translate_address": _address,
        "words_in": _words_in,
        "languages_known": sorted(_offered() | {asked.source, asked.target}, key=languages.autonym),
        "standings": tuple(Standing),
    }


def _asked(given: Any) -> Asked:
    """The two languages, the filter and the page, from an address or from the hidden fields of a form."""
    shown = given.get("show") or Shown.TODO.value
    if shown not in tuple(Shown):
        raise InvalidParameter("show", shown[:40], told("mend-one-of", ", ".join(Shown)))
    return Asked(
        source=(given.get("from") or LAST_RESORT).lower(),
        target=(given.get("to") or "").lower(),
        shown=Shown(shown),
        root=given.get("root") or None,
        offset=whole(request.args, "offset", default=0, most=_FARTHEST),
        limit=PAGE,
    )


def _given(item: str, asked: Asked) -> Translated:
    form = request.form
    aliases = form.get("aliases")
    return Translated(
        item=item,
        source=asked.source,
        target=asked.target,
        base=whole(form, "base"),
        label=form.get("label", ""),
        description=form.get("description", ""),
        aliases=None if aliases is None else tuple(aliases.split(_SEPARATOR)),
    )


def _address(asked: Asked, **changed: Any) -> str:
    """The address of a workspace, with some of its parameters changed."""
    values: dict[str, Any] = {
        "from": asked.source,
        "to": asked.target,
        "show": None if asked.shown is Shown.TODO else asked.shown.value,
        "root": asked.root,
    }
    return url_for("translate.page", **(values | changed))


def _words_in(code: str) -> Markup:
    """The attributes of an element that holds words of a language."""
    direction = "rtl" if languages.is_rtl(code) else "ltr"
    return Markup('lang="{}" dir="{}"').format(languages.bcp47(code), direction)


def _offered() -> set[str]:
    """The languages of the interface, and the reader's own."""
    return {code for code in (*messages().languages, *reader().chain) if code in languages.term_codes()}
