"""Editing one's own profile: one form, drawn anew by every button until it is saved.

Without scripts each button sends the form and the page comes again with what was typed; a script only lets one choose
while typing. A conflict shows both versions: what was typed in the fields, what is there now beside them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from capx_graph import languages
from capx_graph.accounts import DraftOutcome, Member
from capx_graph.errors import Conflict, Forbidden, InvalidInput, InvalidParameter, RateLimited, Unavailable
from capx_graph.membership import (
    CHOSEN_FROM,
    SKILLS,
    ConsentMissing,
    Field,
    Membership,
    Problematic,
    Profile,
    ProfileConflict,
    State,
)
from capx_graph.model import Ref
from webapp.errors import asking_to_wait
from webapp.forms import profile as profileform
from webapp.forms.choosing import found_answer, skill_choices, things_found
from webapp.forms.lines import is_to_be_drawn_again, searched_in, text_languages
from webapp.forms.profile import Draft, draft_from, draft_of
from webapp.members.entering import accounts, services
from webapp.members.signingin import check_form_of_member, for_members_themselves, own_account
from webapp.request.reader import reader
from webapp.request.visitor import form_token

blueprint = Blueprint("profile", __name__)

CONSENT = "2026-12"
"""The version of the wordings of the consent, here or elsewhere; raise it with every change of their meaning."""
_LARGEST_FORM = 512 * 1024


@blueprint.before_request
def _roomy() -> None:
    request.max_content_length = _LARGEST_FORM


for_members_themselves(blueprint)


@blueprint.get("/me/edit")
def form() -> Response:
    """The form as the profile is."""
    return drawn(draft_of(membership().own.read(own_member())))


@blueprint.post("/me/edit")
def save() -> Response:
    """Saves, or searches and draws the form again."""
    check_form_of_member()
    draft = draft_from(request.form)
    searched = searched_in(request.form, CHOSEN_FROM)
    if is_to_be_drawn_again(request.form, searched):
        return drawn(replace(draft, found=things_found(searched, CHOSEN_FROM), searched=searched))
    member = own_member()
    try:
        membership().own.save(
            member,
            draft.changes,
            agreed=request.form.get("agreed") == "1",
            wording=wording(),
            language=reader().tr.code,
            reader=reader().chain,
        )
        if request.form.get("agreed") == "1":
            services().reconfirmation.confirm(own_member(), wording=wording(), language=reader().tr.code)
    except ProfileConflict as error:
        theirs = {part: content.mark for part, content in error.theirs.items()}
        return drawn(replace(draft, seen={**draft.seen, **theirs}), theirs=error.theirs, status=409)
    except Problematic as error:
        return drawn(draft, problems=error.problems, status=400)
    except ConsentMissing:
        return drawn(draft, failure="consent", status=400)
    except (Forbidden, InvalidInput) as error:
        return drawn(draft_of(_present()), failure="refused", detail=error, status=400)
    except (Unavailable, Conflict) as error:
        # What was chosen is kept already, and the item follows it by itself: the form shows it as it is.
        status = 429 if isinstance(error, RateLimited) else 503
        return asking_to_wait(drawn(draft_of(_present()), failure="later", detail=error, status=status), error)
    membership().offers.settle(member, from_drafts(), DraftOutcome.USED)
    return make_response(redirect(url_for("me.home", saved="1"), 303))


@blueprint.get("/me/choices.json", endpoint="choices")
def choices() -> Response:
    """Things of a field's kind whose names begin with ``q``; what may be chosen, not who chose it."""
    part = request.args.get("field", "")
    if part not in CHOSEN_FROM:
        raise InvalidParameter("field", part[:40], f"must be one of {', '.join(CHOSEN_FROM)}")
    chosen = Field(part)
    found = things_found({chosen: request.args.get("q", "").strip()[:100]}, CHOSEN_FROM)
    return jsonify(found_answer(found[chosen]))


def wording() -> str:
    """Which wording of the consent this site shows, as the record names it."""
    there = membership().own.there
    return there.wording(CONSENT) if there else CONSENT


def own_member() -> Member:
    """The member whose session this is."""
    return accounts().members.of(own_account())


def membership() -> Membership:
    """Own profiles and what belongs to them."""
    return services().membership


def names_of(profile: Profile | Draft) -> dict[str, Ref]:
    """What the lines of a profile name, for this reader."""
    values = [line.value for part in CHOSEN_FROM for line in profile.parts[part].lines]
    return membership().naming.refs(values, reader().chain)


def from_drafts() -> list[int]:
    """The drafts from elsewhere that the form was filled with."""
    return [int(text) for text in request.form.getlist("draft") if text.isascii() and text.isdigit()]


def _present() -> Profile:
    return membership().own.read(own_member())


def drawn(draft: Draft, *, status: int = 200, **more: Any) -> Response:
    """The form as it stands; ``more`` is what to tell about it, and ``filled`` the drafts that it was filled with."""
    values: dict[str, Any] = {
        "theirs": {},
        "problems": {},
        "failure": None,
        "detail": "",
        "filled": from_drafts(),
    } | more
    shown = Draft({part: values["theirs"].get(part, content) for part, content in draft.parts.items()}, draft.seen)
    page = render_template(
        "me-edit.html",
        draft=draft,
        fields=tuple(Field),
        states=tuple(State),
        chosen_from=CHOSEN_FROM,
        names=names_of(draft) | names_of(shown),
        one=profileform.one,
        skills=SKILLS,
        **skill_choices(),
        babel=profileform.BABEL,
        pronouns=profileform.PRONOUNS,
        written_in=text_languages(
            {line.language for line in draft.parts[Field.ABOUT].lines if line.language}, languages.monolingual_codes()
        ),
        address=url_for("profile.save"),
        own_language=reader().code,
        unconfirmed=membership().own.unconfirmed(own_member()),
        declined=membership().own.declined(own_member()),
        waiting=len(membership().offers.waiting(own_member())),
        there=membership().own.there,
        waits_for_consent=membership().own.waits_for_consent(own_member()),
        token=form_token(),
        **values,
    )
    return make_response(page, status)
