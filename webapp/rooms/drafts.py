"""What other services' files say of a member, shown to them alone: used for their profile, or deleted for good.

Using it draws the form of the profile with the chosen values filled in; nothing is in the profile before they save.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.accounts import DraftOutcome, Member
from capx_graph.membership import Field, Offer
from capx_graph.model import Ref
from webapp.forms.lines import take_whole_forms
from webapp.forms.profile import Draft
from webapp.forms.profilepage import profile_page
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_member
from webapp.needs import services
from webapp.request.numbers import is_whole
from webapp.request.reader import reader
from webapp.request.visitor import form_token
from webapp.response.headers import led_to

blueprint = Blueprint("drafts", __name__)

take_whole_forms(blueprint)
for_members_themselves(blueprint)


@blueprint.get("/me/draft")
def page() -> Response:
    """The values that wait, each with where it came from."""
    offers = services().membership.offers.shown(own_member(), reader().chain)
    return make_response(
        render_template(
            "me/draft.html",
            offers=offers,
            fields=(*Field, None),
            names=_names(offers),
            done=request.args.get("done") == "1",
            token=form_token(),
        )
    )


@blueprint.post("/me/draft")
def deal() -> Response:
    """Fills the form with what was chosen, or deletes what is not wanted."""
    check_form_of_member()
    member = own_member()
    if unwanted := request.form.get("delete", ""):
        if is_whole(unwanted):
            services().membership.offers.settle(member, [int(unwanted)], DraftOutcome.DISMISSED)
        return led_to(url_for("drafts.page", done="1"))
    return _filled(member)


def _filled(member: Member) -> Response:
    offers = services().membership.offers.shown(member, reader().chain)
    chosen = set(request.form.getlist("value"))
    meant = {key.removeprefix("meant."): item for key, item in request.form.items() if key.startswith("meant.")}
    chosen |= {key for key, item in meant.items() if item}
    used = [offer.draft.id for offer in offers if any(value.key in chosen for value in offer.values)]
    profile = services().membership.own.read(member)
    parts = services().membership.offers.filled(profile, offers, chosen, meant, language=reader().code)
    seen = {part: content.mark for part, content in profile.parts.items()}
    return profile_page(Draft(parts, seen), filled=used)


def _names(offers: Sequence[Offer]) -> dict[str, Ref]:
    items = [value.item for offer in offers for value in offer.values if value.item]
    return services().membership.naming.refs(items, reader().chain)
