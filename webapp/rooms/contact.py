"""Writing to a person: a page before the channel that they chose, and where a member chooses it.

The page says what the channel is, and tells a signed-in member why they match, in words to copy into the message. It
shows nobody's address: the links lead to a wiki's own page, which sends the message.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.membership import Channel, channel_of, common, name_there
from capx_graph.messages import Translator, gender_of, told
from capx_graph.profiles import PersonProfile
from webapp.members.contacting import contact_with, unmarked
from webapp.members.signingin import asked_to_sign_in, check_form_of_member, own_member
from webapp.needs import accounts, services
from webapp.request.reader import reader
from webapp.request.visitor import form_token, identity, is_limited
from webapp.response.headers import led_to, unkept

blueprint = Blueprint("contact", __name__)
_MOST_NAMED = 8
"""Capacities that a message names; it is a first word, not a list."""

blueprint.after_request(unkept)


@blueprint.get("/person/<path:name>/contact")
def page(name: str) -> Response:
    """How to write to somebody, and why; raises NotFound for who is not to be contacted, whatever the reason."""
    profile = services().profiles.person(name, reader=reader().chain)
    contact = contact_with(profile)
    if contact is None:
        raise NotFound(told("contact-not-here", name[:80]))
    shown = render_template(
        "things/contact.html",
        profile=profile,
        contact=contact,
        wiki=services().settings.channels.host,
        draft=_draft(profile),
    )
    return make_response(shown)


@blueprint.get("/me/contact")
def settings() -> Response:
    """The choice of a channel."""
    if refused := asked_to_sign_in():
        return refused
    member = own_member()
    shown = render_template(
        "me/contact.html",
        channels=tuple(Channel),
        chosen=channel_of(member, accounts().contacts.of(member.id)),
        there=name_there(member),
        vouched=bool(member.issuer),
        wiki=services().settings.channels.host,
        kept=request.args.get("kept") == "1",
        token=form_token(),
    )
    return make_response(shown)


@blueprint.post("/me/contact")
def choose() -> Response:
    """Keeps the choice; the link on the member's page follows at once."""
    check_form_of_member()
    channel = request.form.get("channel", "")
    if channel not in tuple(Channel):
        raise InvalidParameter("channel", channel[:40], told("mend-one-of", ", ".join(Channel)))
    accounts().contacts.choose(own_member().id, channel)
    return led_to(url_for("contact.settings", kept="1"))


def _draft(profile: PersonProfile) -> str:
    """What a member may begin their message with; empty for strangers, and for oneself."""
    account = identity().account
    if account is None or is_limited():
        return ""
    membership = services().membership
    asker = membership.own.read(accounts().members.of(account))
    if asker.item == profile.ref.id:
        return ""
    found = common(asker, profile, membership.directory.current().tree)
    tr = reader().tr
    name, gender = profile.display_name or profile.username, gender_of(profile.pronoun)
    lines = [tr.text("contact-hello", name, services().settings.site_name, gender)]
    if found.learn:
        lines.append(tr.text("contact-learn", _named(found.learn, tr)))
    if found.share:
        lines.append(tr.text("contact-share", _named(found.share, tr)))
    if found.languages:
        lines.append(tr.text("contact-speak", _named(found.languages, tr)))
    return unmarked("\n\n".join(lines))


def _named(items: tuple[str, ...], tr: Translator) -> str:
    refs = services().membership.naming.refs(items[:_MOST_NAMED], reader().chain)
    return tr.listing(refs[item].label for item in items[:_MOST_NAMED]).unescape()
