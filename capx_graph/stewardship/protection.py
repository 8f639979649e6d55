"""The guard of people, of records that have managers and of the directory, at the door of every single edit, the
Wikibase's API included.

Given out by the package; the wiring gives it to the repository. Imports come through another door and are not asked.
A person comes into being, and changes, by their own profile alone, whose item belongs to them.
Who an organization's own account is decides who may confirm themselves, so that only those who may edit it say that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capx_graph.accounts import Accounts
from capx_graph.errors import Forbidden
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import values_of
from capx_graph.messages import told
from capx_graph.model import SYSTEM, Account
from capx_graph.repository.refusals import refused_value
from capx_graph.spelling import unseen_in
from capx_graph.stewardship.making import made_now
from capx_graph.stewardship.records import Records
from capx_graph.stewardship.stewards import OPERATORS, Stewards
from capx_graph.stewardship.structure import Structure

TRUSTED = OPERATORS | {"bot"}
"""Groups that an operator gives, whose members' tools may edit any record."""

Content = Mapping[str, Any]


class Protection:
    """Looks at single edits of one repository."""

    def __init__(
        self, accounts: Accounts, records: Records, stewards: Stewards, vocabulary: Vocabulary, structure: Structure
    ) -> None:
        self._accounts = accounts
        self._records = records
        self._stewards = stewards
        self._vocabulary = vocabulary
        self._structure = structure

    def __call__(
        self, actor: str, entity_id: str, before: Content | None, after: Content | None, owner: str | None
    ) -> None:
        """Raises Forbidden for an edit that is not this account's to make, and Refused for texts with characters that
        nobody sees; names that are no accounts are our own.
        """
        if actor.startswith(SYSTEM):
            return
        account = self._accounts.account(actor)
        if account is None or account.groups & TRUSTED:
            return
        _check_texts(before, after)
        self._structure.check(entity_id, before, after)
        self._check_person(account.name, entity_id, before, after, owner)
        self._check_affiliations(entity_id, before, after)
        self._check_record(account, entity_id, before, after)

    def _check_record(self, account: Account, entity_id: str, before: Content | None, after: Content | None) -> None:
        """Who has managers, of their own or of an organization that answers for it, is changed by these."""
        self._stewards.follow()
        managed = self._accounts.managers.has_managers(entity_id)
        self._check_joining(account, entity_id, after, managed=managed)
        answering = self._managed(self._stewards.vouching(before))
        refusal = None
        if managed:
            refusal = told("refused-record", entity_id)
        elif answering:
            refusal = told("refused-record-of", entity_id, ", ".join(sorted(answering)))
        elif self._listed(before) != self._listed(after):
            refusal = told("refused-record-account", entity_id)
        if refusal is not None and not self._stewards.may_edit(account, entity_id):
            raise Forbidden(refusal)
        named = self._stewards.vouching(after) - self._stewards.vouching(before)
        self._check_naming(account, entity_id, named, new=before is None)

    def _check_naming(self, account: Account, entity_id: str, named: frozenset[str], *, new: bool) -> None:
        """That a record belongs to an organization is said by who answers for it, of several by who answers for each;
        or by the accepted proposal that is being made, which happens under its proposer's account."""
        others = self._stewards.unanswered(account, named)
        if others and new:
            one = made_now()
            if one is not None and one.member is not None and one.member.id == account.user_id:
                others -= self._stewards.followed(one.named)
        if others:
            raise Forbidden(told("refused-record-naming", entity_id, ", ".join(sorted(others))))

    def _managed(self, organizations: frozenset[str]) -> frozenset[str]:
        return frozenset(one for one in organizations if self._accounts.managers.has_managers(one))

    def _check_person(
        self, name: str, entity_id: str, before: Content | None, after: Content | None, owner: str | None
    ) -> None:
        """Who nobody owns is nobody's to describe, and one's own item bears no name but one's own."""
        if owner is None and (self._is_person(before) or self._is_person(after)):
            raise Forbidden(told("refused-person", entity_id))
        if owner is not None and self._usernames(after) - self._usernames(before) - {name}:
            raise Forbidden(told("refused-own-name", entity_id))

    def _is_person(self, content: Content | None) -> bool:
        """Whether any of its classes says so, whichever comes first or is preferred: the graph takes the best ones."""
        if content is None or "claims" not in content:
            return False
        classes = values_of(content, self._vocabulary.property_id("instanceOf"))
        return self._vocabulary.item_id("Person") in classes

    def _check_joining(self, account: Account, entity_id: str, after: Content | None, *, managed: bool) -> None:
        """Managers and affiliations follow a redirect, so that only who keeps its target too may make it."""
        target = after.get("redirect") if after is not None else None
        if target is None or not (managed or entity_id in self._accounts.affiliations.organizations()):
            return
        if not self._stewards.may_edit(account, target):
            raise Forbidden(told("refused-joining", entity_id, target))

    def _check_affiliations(self, entity_id: str, before: Content | None, after: Content | None) -> None:
        """A member's affiliation is published once both sides have said it, whichever tool the member uses."""
        added = self._affiliations(after) - self._affiliations(before)
        member = self._accounts.members.of_item(entity_id) if added else None
        if member is None:
            return
        said = self._accounts.affiliations.of_member(member.id)
        missing = added - {one.organization for one in said if one.confirmed}
        if missing:
            raise Forbidden(told("refused-affiliation", ", ".join(sorted(missing))))

    def _usernames(self, content: Content | None) -> frozenset[str]:
        if content is None or "claims" not in content:
            return frozenset()
        return frozenset(values_of(content, self._vocabulary.property_id("username")))

    def _affiliations(self, content: Content | None) -> frozenset[str]:
        if content is None or "claims" not in content:
            return frozenset()
        return frozenset(values_of(content, self._vocabulary.property_id("affiliatedWith")))

    def _listed(self, content: Content | None) -> frozenset[str]:
        """The accounts that a record names as its own, in a state of it."""
        if content is None or "claims" not in content:
            return frozenset()
        return self._records.listed(content)


def _check_texts(before: Content | None, after: Content | None) -> None:
    """What an edit adds is seen as it is; Wikibase takes more, and what is there already stays."""
    there = set(_texts(before))
    for text in _texts(after):
        unseen = unseen_in(text)
        if unseen and text not in there:
            raise refused_value(f"nobody sees {unseen} in it", "illegal-string-chars", text)


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)
