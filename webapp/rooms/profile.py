"""Editing one's own profile: one form, drawn anew by every button until it is saved.

Without scripts each button sends the form and the page comes again with what was typed; a script only lets one choose
while typing. A conflict shows both versions: what was typed in the fields, what is there now beside them.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request, url_for

from capx_graph.accounts import DraftOutcome
from capx_graph.errors import Conflict, Forbidden, InvalidInput, InvalidParameter, RateLimited, Unavailable
from capx_graph.membership import (
    CHOSEN_FROM,
    ConsentMissing,
    Field,
    Problematic,
    Profile,
    ProfileConflict,
)
from capx_graph.messages import Told, line_of, told
from webapp.errors import asking_to_wait
from webapp.forms.choosing import found_answer, things_found
from webapp.forms.lines import is_to_be_drawn_again, searched_in, take_whole_forms
from webapp.forms.profile import draft_from, draft_of
from webapp.forms.profilepage import from_drafts, profile_page
from webapp.members.consent import agreed, wording
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_member
from webapp.needs import services
from webapp.request.reader import reader
from webapp.response.headers import led_to

blueprint = Blueprint("profile", __name__)

take_whole_forms(blueprint)
for_members_themselves(blueprint)


@blueprint.get("/me/edit")
def form() -> Response:
    """The form as the profile is."""
    return profile_page(draft_of(services().membership.own.read(own_member())))


@blueprint.post("/me/edit")
def save() -> Response:
    """Saves, or searches and draws the form again."""
    check_form_of_member()
    draft = draft_from(request.form)
    searched = searched_in(request.form, CHOSEN_FROM)
    if is_to_be_drawn_again(request.form, searched):
        return profile_page(replace(draft, found=things_found(searched, CHOSEN_FROM), searched=searched))
    member = own_member()
    try:
        services().membership.own.save(
            member,
            draft.changes,
            agreed=agreed(),
            wording=wording(),
            language=reader().tr.code,
            reader=reader().chain,
        )
        if agreed():
            services().reconfirmation.confirm(own_member(), wording=wording(), language=reader().tr.code)
    except ProfileConflict as error:
        theirs = {part: content.mark for part, content in error.theirs.items()}
        return profile_page(replace(draft, seen={**draft.seen, **theirs}), theirs=error.theirs, status=409)
    except Problematic as error:
        missing = "consent" if error.unagreed else None
        return profile_page(draft, problems=error.problems, failure=missing, status=400)
    except ConsentMissing:
        return profile_page(draft, failure="consent", status=400)
    except (Forbidden, InvalidInput) as error:
        return profile_page(draft_of(_present()), failure="refused", detail=error, status=400)
    except (Unavailable, Conflict) as error:
        # What was chosen is kept already, and the item follows it by itself: the form shows it as it is. What an engine
        # has to say of itself, in English, helps no member.
        status = 429 if isinstance(error, RateLimited) else 503
        detail = line if isinstance(line := line_of(error), Told) else ""
        return asking_to_wait(profile_page(draft_of(_present()), failure="later", detail=detail, status=status), error)
    services().membership.offers.settle(member, from_drafts(), DraftOutcome.USED)
    return led_to(url_for("me.home", saved="1"))


@blueprint.get("/me/choices.json", endpoint="choices")
def choices() -> Response:
    """Things of a field's kind whose names begin with ``q``; what may be chosen, not who chose it."""
    part = request.args.get("field", "")
    if part not in CHOSEN_FROM:
        raise InvalidParameter("field", part[:40], told("mend-one-of", ", ".join(CHOSEN_FROM)))
    chosen = Field(part)
    found = things_found({chosen: request.args.get("q", "").strip()[:100]}, CHOSEN_FROM)
    return jsonify(found_answer(found[chosen]))


def _present() -> Profile:
    return services().membership.own.read(own_member())
