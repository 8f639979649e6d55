"""Who belongs to an organization, from the organization's side: claims to confirm or decline, members to invite.

Given out by the package. The member's side is their profile; an affiliation that both have said is where the member
shows it, so a confirmation makes the member's item follow, now or, after a crash, with the next tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capx_graph.accounts import Accounts, Affiliation, Member
from capx_graph.errors import Conflict, NotFound
from capx_graph.membership import PROPERTIES, Change, Field, Line, OwnProfiles, Part
from capx_graph.messages import told
from capx_graph.model import Account
from capx_graph.stewardship.stewards import Stewards


@dataclass(frozen=True, slots=True)
class Affiliate:
    """A member of an organization, or somebody who may become one."""

    member: Member
    said: Affiliation


class Affiliates:
    """The affiliations of one installation."""

    def __init__(self, accounts: Accounts, stewards: Stewards, own: OwnProfiles) -> None:
        self._accounts = accounts
        self._said = accounts.affiliations
        self._stewards = stewards
        self._own = own

    def of(self, account: Account, organization: str) -> list[Affiliate]:
        """Everybody of whom something is said, for its managers; what it declined is past."""
        self._stewards.check(account, organization)
        said = [one for one in self._said.of_organization(organization) if not one.declined]
        members = {one.member_id: self._accounts.members.by_id(one.member_id) for one in said}
        return [Affiliate(member, one) for one in said if (member := members[one.member_id]) is not None]

    def waiting(self, account: Account) -> dict[str, int]:
        """How many claims wait for this account, by organization that it manages."""
        managed = [one.item for one in self._stewards.of_member(account) if one.confirmed]
        counts = {item: sum(one.waiting for one in self._said.of_organization(item)) for item in managed}
        return {item: count for item, count in counts.items() if count}

    def confirm(self, account: Account, organization: str, member_id: int) -> None:
        """The organization says that a member belongs to it who says so; raises NotFound for anybody else."""
        self._stewards.check(account, organization)
        member = self._claimant(organization, member_id)
        self._said.confirm(member.id, organization)
        self._follow(member)

    def end(self, account: Account, organization: str, member_id: int) -> None:
        """The organization declines a claim, withdraws an invitation, or ends an affiliation; raises NotFound."""
        self._stewards.check(account, organization)
        member = self._accounts.members.by_id(member_id)
        if member is None or not any(one.member_id == member_id for one in self._said.of_organization(organization)):
            raise NotFound(told("refused-claim"))
        self._said.decline(member.id, organization)
        self._follow(member)

    def invite(self, account: Account, organization: str, name: str) -> None:
        """The organization says it first, the member may say so too; raises NotFound for an unknown name."""
        self._stewards.check(account, organization)
        found = self._accounts.account(name)
        if found is None:
            raise NotFound(told("refused-nobody", name[:80]))
        member = self._accounts.members.of(found)
        self._said.confirm(member.id, organization)
        self._follow(member)

    # -- the member's side

    def invitations(self, member: Member) -> list[str]:
        """Organizations that say that the member belongs to them, of which the member says nothing."""
        self._stewards.follow()
        said = self._said.of_member(member.id)
        return [one.organization for one in said if one.by_organization and not one.by_member]

    def accept(self, member: Member, organization: str, reader: Sequence[str] = ("en",)) -> None:
        """The member says so too; it is shown to whom they show their affiliations. Raises NotFound."""
        if organization not in self.invitations(member):
            raise NotFound(told("refused-invitation"))
        held = self._own.read(member).parts[Field.AFFILIATIONS]
        line = Line(PROPERTIES[Field.AFFILIATIONS][0], organization)
        change = Change(Part(held.state, (*held.lines, line)), held.mark)
        self._own.save(
            member, {Field.AFFILIATIONS: change}, agreed=False, wording="", language=reader[0], reader=reader
        )

    def refuse(self, member: Member, organization: str) -> None:
        """The member says no; the invitation is gone. Raises NotFound."""
        if organization not in self.invitations(member):
            raise NotFound(told("refused-invitation"))
        self._said.confirm(member.id, organization, belongs=False)

    # -- inside

    def _claimant(self, organization: str, member_id: int) -> Member:
        claimed = any(one.member_id == member_id and one.by_member for one in self._said.of_organization(organization))
        member = self._accounts.members.by_id(member_id) if claimed else None
        if member is None:
            raise NotFound(told("refused-claim"))
        return member

    def _follow(self, member: Member) -> None:
        """The member's item follows what was said; noted first, so that nothing is forgotten when it cannot now."""
        self._accounts.values.wait(member.id)
        try:
            self._own.settle(member)
        except Conflict:
            return  # the next tick tries again
