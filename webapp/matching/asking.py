"""Whose matches a request is about: a person as everybody sees them, or oneself with all that only oneself knows.

Rooms that show matches import it. Who has signed in asks for themselves by what they keep private too, and is not shown
whom they have saved, unless they ask for those as well (``saved=1``); nobody else learns of either.
"""

from __future__ import annotations

from dataclasses import replace

from flask import request

from capx_graph.accounts import Member
from capx_graph.matching import Asker
from capx_graph.membership import asker_of, holder_of
from webapp.needs import accounts, services
from webapp.request.visitor import identity, is_limited
from webapp.search import parameters

MOST = 2_000
"""The longest part of a list that is given at once, whatever is asked: whole lists of a community of 1,000 people (the
longest has 815), while 10,000 hits of each took 2 s and 4.6 MB among 100,000. ``totals`` says how many there are."""


def asker_named(name: str) -> tuple[Asker, bool]:
    """The person of this name as whoever asks may see them, and whether they ask for themselves.

    Raises NotFound, InvalidParameter.
    """
    switched("saved", default=False)
    asker = services().matching.asker(name)
    account = identity().account
    if account is not None and not is_limited():
        member = accounts().members.of(account)
        if member.item == asker.item:
            return asker_themselves(member), True
    return _as_asked(asker), False


def asker_themselves(member: Member) -> Asker:
    """A member who asks for themselves."""
    profile = services().membership.own.read(member)
    saved = switched("saved", default=False)
    left_out = () if saved else accounts().saved.items(profile.item or holder_of(profile))
    return _as_asked(asker_of(profile, left_out=left_out))


def switched(name: str, *, default: bool) -> bool:
    """A parameter of the address that is 1 or 0; raises InvalidParameter."""
    return parameters.switched(name, request.args.get(name, ""), default=default)


def _as_asked(asker: Asker) -> Asker:
    return replace(asker, hierarchy=switched("hierarchy", default=True))
