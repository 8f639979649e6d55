"""Who may edit which record, and how somebody comes to: proposed, invited, confirmed, or named by the record itself.

Given out by the package. An operator (``sysop``, ``maintainer``) may everything; a record's own account, where it names
one, confirms itself. Records that were joined into others take their managers and affiliations along, which is looked
after whenever somebody asks and the wiki has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from capx_graph.accounts import Accounts, Manager, Standing
from capx_graph.errors import Forbidden, NotFound
from capx_graph.messages import told
from capx_graph.model import Account, EntityJson
from capx_graph.repository.store import Repository
from capx_graph.stewardship.records import Records

OPERATORS = frozenset({"sysop", "maintainer"})
"""Groups whose members decide about proposals and may edit any record."""

_FEW = 500
"""Changes that are looked at one by one; after more of them everything is looked at."""


class Stewards:
    """The managers of the records of one installation."""

    def __init__(self, accounts: Accounts, repository: Repository, records: Records) -> None:
        self._accounts = accounts
        self._managers = accounts.managers
        self._repository = repository
        self._records = records
        self._lock = Lock()
        self._head = -1

    # -- who may

    def is_operator(self, account: Account) -> bool:
        """Whether this account keeps the installation."""
        return bool(account.groups & OPERATORS)

    def may_edit(self, account: Account, item: str) -> bool:
        """Whether this account may edit a record: as operator, its manager, or manager of who answers for it."""
        self.follow()
        return self.is_operator(account) or self._keeps(account, item)

    def check(self, account: Account, item: str) -> None:
        """Raises Forbidden for everybody who may not edit the record."""
        if not self.may_edit(account, item):
            raise Forbidden(told("refused-managers"))

    def is_listed(self, account: Account, item: str) -> bool:
        """Whether the record itself names this account as its own."""
        return account.name in self._listed(item)

    def answers_for(self, account: Account, organizations: Iterable[str]) -> bool:
        """Whether this account decides for one of these organizations, and for each of them that has managers."""
        return bool(self._managed_by(account, organizations)) and not self.unanswered(account, organizations)

    def unanswered(self, account: Account, organizations: Iterable[str]) -> frozenset[str]:
        """Those of these organizations for which others decide than this account."""
        self.follow()
        managed = {one for one in self.followed(organizations) if self._managers.has_managers(one)}
        return frozenset(managed - self._managed_by(account, organizations))

    def vouching(self, content: EntityJson | None) -> frozenset[str]:
        """The organizations that a state of a record says answer for it; of joined ones what they were joined into."""
        return self.followed(self._records.vouching(content)) if content is not None else frozenset()

    # -- how somebody comes to

    def propose(self, account: Account, item: str) -> Manager:
        """Somebody wants to keep a record; confirmed at once for its own account, and for operators."""
        record = self._records.read(item).item
        if self.is_operator(account) or self.is_listed(account, record):
            return self._managers.confirm(record, account.user_id, account.user_id)
        return self._managers.propose(record, account.user_id)

    def confirm(self, account: Account | None, item: str, member_id: int) -> Manager:
        """Confirms who proposed themselves; None is the operator's command, which needs no proposal.

        Raises Forbidden, NotFound.
        """
        record = self._records.read(item).item
        if account is not None:
            self._check_decides(account, record)
            if not any(one.member_id == member_id for one in self._managers.of_item(record)):
                raise NotFound(told("refused-claim"))
        return self._managers.confirm(record, member_id, account.user_id if account is not None else None)

    def invite(self, account: Account, item: str, name: str) -> Manager:
        """Asks a member to keep the record too; raises NotFound for a name that nobody has here."""
        self.check(account, item)
        invited = self._accounts.account(name)
        if invited is None:
            raise NotFound(told("refused-nobody", name[:80]))
        return self._managers.invite(item, self._accounts.members.of(invited).id, account.user_id)

    def accept(self, account: Account, item: str) -> Manager:
        """Takes up an invitation; raises NotFound where there is none."""
        self.follow()
        return self._managers.accept(item, account.user_id)

    def remove(self, account: Account | None, item: str, member_id: int) -> None:
        """Ends it, or declines it: oneself, a manager, an operator; raises Forbidden."""
        if account is not None and account.user_id != member_id:
            self._check_decides(account, item)
        self._managers.remove(item, member_id)

    # -- what there is

    def of_item(self, account: Account, item: str) -> list[Manager]:
        """All managers of a record, for those who may decide about them; raises Forbidden."""
        self._check_decides(account, item)
        return self._managers.of_item(item)

    def of_member(self, account: Account) -> list[Manager]:
        """What somebody manages or may come to; of things that are still there."""
        self.follow()
        return [one for one in self._managers.of_member(account.user_id) if self._repository.exists(one.item)]

    def waiting(self, account: Account) -> list[Manager]:
        """Those who proposed themselves and about whom this account decides."""
        self.follow()
        found = [one for one in self._managers.waiting() if self._repository.exists(one.item)]
        return [one for one in found if one.member_id != account.user_id and self.decides(account, one.item)]

    def is_last(self, item: str, member_id: int) -> bool:
        """Whether nobody would be left without this one."""
        confirmed = [one.member_id for one in self._managers.of_item(item) if one.state is Standing.CONFIRMED]
        return confirmed == [member_id]

    def decides(self, account: Account, item: str) -> bool:
        """Whether this account may say who manages a record."""
        return self.may_edit(account, item) or self.is_listed(account, item)

    # -- inside

    def follow(self) -> None:
        """Brings managers and affiliations along where records were joined since the last look."""
        with self._lock:
            head = self._repository.head()
            if head == self._head:
                return
            for item in self._changed():
                page = self._repository.page(item)
                if page is not None and page.redirect_to is not None:
                    self._managers.move(item, page.redirect_to)
                    self._accounts.affiliations.move(item, page.redirect_to)
            self._head = head

    def _changed(self) -> set[str]:
        """Things of which anything is kept here and that have changed since the last look, or may have."""
        kept = {*self._managers.items(), *self._accounts.affiliations.organizations()}
        changes = self._repository.changes_after(max(self._head, 0), limit=_FEW)
        if self._head < 0 or len(changes) == _FEW:
            return kept
        return kept & {change.entity_id for change in changes}

    def _managed_by(self, account: Account, organizations: Iterable[str]) -> set[str]:
        self.follow()
        return {one for one in self.followed(organizations) if self._managers.manages(account.user_id, one)}

    def _check_decides(self, account: Account, item: str) -> None:
        if not self.decides(account, item):
            raise Forbidden(told("refused-managers"))

    def _keeps(self, account: Account, item: str) -> bool:
        if self._managers.manages(account.user_id, item):
            return True
        return any(self._managers.manages(account.user_id, other) for other in self.vouching(self._entity(item)))

    def _listed(self, item: str) -> frozenset[str]:
        entity = self._entity(item)
        return self._records.listed(entity) if entity is not None else frozenset()

    def followed(self, organizations: Iterable[str]) -> frozenset[str]:
        """These organizations, of joined ones what they were joined into."""
        found = [self._repository.followed(value) for value in organizations]
        return frozenset(page.entity_id for page in found if page is not None)

    def _entity(self, item: str) -> EntityJson | None:
        page = self._repository.page(item)
        return page.entity if page is not None else None
