"""The page of the form of a profile, drawn anew by every button; the rooms of the profile and of drafts show it."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request, url_for

from capx_graph import languages
from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.membership import CHOSEN_FROM, SKILLS, Field, Profile, State
from capx_graph.model import Ref
from webapp.forms import profile as profileform
from webapp.forms.choosing import skill_choices
from webapp.forms.lines import text_languages
from webapp.forms.profile import Draft
from webapp.members.consent import agreed
from webapp.members.signingin import own_member
from webapp.needs import services
from webapp.request.numbers import is_whole
from webapp.request.reader import reader
from webapp.request.visitor import form_token


def profile_page(draft: Draft, *, status: int = 200, **more: Any) -> Response:
    """The form as it stands; ``more`` is what to tell about it, and ``filled`` the drafts that it was filled with."""
    own, member = services().membership.own, own_member()
    values: dict[str, Any] = {
        "theirs": {},
        "problems": {},
        "failure": None,
        "detail": "",
        "agreed": agreed(),
        "filled": from_drafts(),
    } | more
    shown = Draft({part: values["theirs"].get(part, content) for part, content in draft.parts.items()}, draft.seen)
    page = render_template(
        "me/edit.html",
        draft=draft,
        fields=tuple(Field),
        states=tuple(State),
        chosen_from=CHOSEN_FROM,
        names=_names_of(draft) | _names_of(shown),
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
        unconfirmed=own.unconfirmed(member),
        declined=own.declined(member),
        waiting=len(services().membership.offers.waiting(member)),
        there=own.there,
        waits_for_consent=own.waits_for_consent(member),
        token=form_token(),
        **values,
    )
    return make_response(page, status)


def _names_of(profile: Profile | Draft) -> dict[str, Ref]:
    """What the lines of a profile name, for this reader; nothing while the engine is silent, and the form shows ids."""
    values = [line.value for part in CHOSEN_FROM for line in profile.parts[part].lines]
    try:
        return services().membership.naming.refs(values, reader().chain)
    except (Unavailable, LimitExceeded):
        return {}


def from_drafts() -> list[int]:
    """The drafts from elsewhere that the form was filled with."""
    return [int(text) for text in request.form.getlist("draft") if is_whole(text)]
