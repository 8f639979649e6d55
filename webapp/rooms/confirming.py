"""A member's answer to the yearly question: it is still true, show it again, or leave it private."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from capx_graph.errors import InvalidParameter
from capx_graph.messages import told
from webapp.members.consent import is_in_words, wording
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_member
from webapp.needs import services
from webapp.request.links import local_path
from webapp.request.reader import reader
from webapp.response.headers import led_to

blueprint = Blueprint("confirming", __name__)
for_members_themselves(blueprint)

ACTS = ("confirm", "restore")


@blueprint.post("/me/confirm")
def answer() -> Response:
    """Keeps the answer with its time, and leads back to where the question stood."""
    check_form_of_member()
    act = request.form.get("act", "")
    if act not in ACTS:
        raise InvalidParameter("act", act[:40], told("mend-one-of", ", ".join(ACTS)))
    if act == "restore" and services().membership.own.there is not None:
        return led_to(url_for("profile.form"))  # where the consent to that is asked for
    if is_in_words():  # else the question stays
        asked = services().reconfirmation
        does = asked.restore if act == "restore" else asked.confirm
        does(own_member(), wording=wording(), language=reader().tr.code)
    back = request.form.get("return")
    return led_to(local_path(back) if back else url_for("me.home"))
