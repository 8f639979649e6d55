"""What a member has saved for themselves: the list, and the form of the button that adds to it and takes from it.

Nobody but its owner ever sees any of it. The form leads back to where the button stood; a script is answered as JSON.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from capx_graph.accounts import LONGEST_NOTE, RELATIONS, Saved
from capx_graph.errors import InvalidInput, InvalidParameter
from capx_graph.messages import told
from capx_graph.model import Ref
from capx_graph.repository.ids import parse_id
from capx_graph.spelling import seen
from webapp.errors import wants_json
from webapp.members.savebutton import SAVED_KINDS, OwnList, own_list
from webapp.members.signingin import check_form_of_member, for_members_themselves
from webapp.needs import accounts, services
from webapp.request.links import local_path
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to

blueprint = Blueprint("saving", __name__)
for_members_themselves(blueprint)

ACTS = ("save", "remove", "note")
MOST_SAVED = 2_000
"""Entries of a list; the longest of the bench data has 12."""
_LONGEST_NAME = 60


@blueprint.get("/me/saved")
def page() -> Response:
    """The list, the newest first, with what its owner noted."""
    own = _own()
    entries = accounts().saved.of(own.holder)[::-1]
    refs = services().membership.naming.refs([entry.item for entry in entries], reader().chain)
    page = render_template(
        "me/saved.html",
        entries=[(entry, refs[entry.item]) for entry in entries],
        relations=RELATIONS,
        longest=LONGEST_NOTE,
        token=form_token(),
    )
    return make_response(page)


@blueprint.post("/me/saved")
def change() -> Response:
    """Saves, forgets, or keeps a note."""
    check_form_of_member()
    act, item = request.form.get("act", ""), parse_id(request.form.get("item", "")[:40])
    if act not in ACTS:
        raise InvalidParameter("act", act[:40], told("mend-one-of", ", ".join(ACTS)))
    if item is None:
        raise InvalidParameter("item", request.form.get("item", "")[:40], told("mend-entry"))
    own = _own()
    if act == "remove":
        accounts().saved.remove(own.holder, item)
    elif act == "save":
        _save(own, item)
    elif item in own.items:
        accounts().saved.add(own.holder, Saved(item, _relation(), _note()))
    if wants_json():
        return jsonify(item=item, saved=act != "remove")
    back = request.form.get("return")
    place = re.sub(r"[^\w-]", "", request.form.get("place", item)[:60], flags=re.ASCII)
    return led_to(f"{local_path(back) if back else url_for('saving.page')}#{place}")


def _save(own: OwnList, item: str) -> None:
    if item in own.items:
        return
    if len(own.items) >= MOST_SAVED:
        raise InvalidInput(told("refused-list-full", MOST_SAVED))
    ref: Ref = services().profiles.item(item, reader=reader().chain)
    if ref.id == own.holder:
        raise InvalidInput(told("refused-save-oneself"))
    if ref.kind not in SAVED_KINDS:
        raise InvalidInput(told("refused-save-kind", ref.label[:_LONGEST_NAME]))
    accounts().saved.add(own.holder, Saved(ref.id))


def _relation() -> str:
    relation = request.form.get("relation", "")
    if relation not in RELATIONS:
        raise InvalidParameter("relation", relation[:40], told("mend-one-of", "learner, sharer"))
    return relation


def _note() -> str:
    note = seen(request.form.get("note", ""))
    if len(note) > LONGEST_NOTE:
        raise InvalidParameter("note", note[:40] + "…", told("mend-long", LONGEST_NOTE, f"{note[:40]}…"))
    return note


def _own() -> OwnList:
    own = own_list()
    assert own is not None  # the room is open to members who are here themselves alone
    return own
