"""What needs a member's attention, what they manage and what they proposed: for their own start page.

Rooms of members' own pages import it; ``steward_link`` is for pages of records, which everybody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from capx_graph.accounts import Manager, Member, Standing
from capx_graph.model import Account, Ref
from capx_graph.stewardship import Waiting
from webapp.members.signingin import may_maintain
from webapp.needs import services
from webapp.request.reader import reader
from webapp.request.visitor import identity, is_limited


@dataclass(frozen=True, slots=True)
class Attention:
    """``decisions`` is how many proposals wait for the member; ``claims`` how many by organization they manage."""

    decisions: int
    claims: Mapping[str, int]
    to_manage: tuple[str, ...]
    to_belong: tuple[str, ...]
    managed: tuple[Manager, ...]
    proposed: tuple[Waiting, ...]
    names: Mapping[str, Ref]

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.decisions or self.claims or self.to_manage or self.to_belong)


def attention_of(account: Account, member: Member) -> Attention:
    """Everything of a member, read anew."""
    work = services().stewardship
    standing = work.stewards.of_member(account)
    claims = work.affiliates.waiting(account)
    to_belong = tuple(work.affiliates.invitations(member))
    items = {*(one.item for one in standing), *claims, *to_belong}
    return Attention(
        decisions=len(work.proposing.waiting(account)) + len(work.stewards.waiting(account)),
        claims=claims,
        to_manage=tuple(one.item for one in standing if one.state is Standing.INVITED),
        to_belong=to_belong,
        managed=tuple(one for one in standing if one.state is not Standing.INVITED),
        proposed=tuple(work.proposing.of_member(account)),
        names=services().membership.naming.refs(items, reader().chain),
    )


def install(app: Flask) -> None:
    """Let templates ask what a reader may do with a record, and with the directory."""
    app.jinja_env.globals.update(steward_link=_steward_link, may_maintain=may_maintain)


def _steward_link(ref: Ref) -> str | None:
    """What a signed-in member may do with a record: ``edit`` it, ``ask`` to; None for visitors and programs."""
    account = identity().account
    if account is None or is_limited():
        return None
    stewards = services().stewardship.stewards
    return "edit" if stewards.may_edit(account, ref.id) else "ask"
