"""What a wiki gives a member's session here: the right to edit there in their own name, once the wiki has answered.

The rooms of granting and of signing in import it: a consumer has one callback for both.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, url_for

from capx_graph.connected import AnotherPerson, MemberGrants, OnlyIdentifies
from capx_graph.errors import CapxError, Forbidden, NotFound, Unavailable
from capx_graph.messages import told
from webapp.members.signingin import own_member
from webapp.members.wikisignin import Waiting, callback_address
from webapp.needs import services
from webapp.response.headers import led_to


def granted(answer: Mapping[str, str], waiting: Waiting) -> Response:
    """The browser comes back from the wiki."""
    member = own_member()
    if member.id != waiting.member:
        return led_back("lost")
    try:
        grants().finish(member, answer, waiting.begun, callback_address())
    except CapxError as error:
        return led_back(_problem(error))
    return led_back("given")


def _problem(error: CapxError) -> str:
    """What to tell; whatever else went wrong is the site's own error."""
    for kind, outcome in ((AnotherPerson, "other"), (OnlyIdentifies, "identify"), (Forbidden, "refused")):
        if isinstance(error, kind):
            return outcome
    if isinstance(error, Unavailable):
        return "later"
    raise error


def led_back(outcome: str) -> Response:
    """To the page of the grant, which tells what became of it."""
    return led_to(url_for("granting.page", told=outcome))


def grants() -> MemberGrants:
    """The grants of members; raises NotFound where this site edits nowhere else."""
    found = services().grants
    if found is None:
        raise NotFound(told("refused-gone"))
    return found
