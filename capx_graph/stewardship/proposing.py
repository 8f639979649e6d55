"""New records: proposed by any member, made by the word of somebody who may say so.

Given out by the package. A proposal is seen by its proposer and by those who decide; what is made of it is made under
the proposer's account, who is its first manager. A manager of an organization that a record names needs nobody's word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.directory import DirectoryCache
from capx_graph.errors import Conflict, Forbidden
from capx_graph.membership import Part, kept
from capx_graph.messages import told
from capx_graph.model import Account, Decision
from capx_graph.search import Search
from capx_graph.stewardship.content import line_texts
from capx_graph.stewardship.kinds import RecordKind
from capx_graph.stewardship.making import Making, Waiting
from capx_graph.stewardship.records import Records
from capx_graph.stewardship.stewards import Stewards

_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Alike:
    """What is there already, as items: the record of the same Wikidata item, and those of the same name."""

    same: str | None
    named: tuple[str, ...] = ()


class Proposing:
    """The proposals of one installation."""

    def __init__(
        self,
        accounts: Accounts,
        records: Records,
        stewards: Stewards,
        *,
        making: Making,
        search: Search,
        directory: DirectoryCache,
    ) -> None:
        self._accounts = accounts
        self._making = making
        self._records = records
        self._stewards = stewards
        self._search = search
        self._directory = directory

    def alike(self, kind: RecordKind, parts: Mapping[str, Part], reader: tuple[str, ...]) -> Alike:
        """What is there already of what somebody is about to propose."""
        wikidata = next((line.value for line in parts["wikidata"].lines), "") if "wikidata" in parts else ""
        item = self._directory.current().wikidata.get((kind.kind, wikidata)) if wikidata else None
        found: list[str] = []
        for name in line_texts(parts["names"].lines, "label").values():
            suggested = self._search.suggest(name, kinds=(kind.kind,), reader=reader, limit=_LOOKED_AT)
            found += [one.ref.id for one in suggested if one.matched.casefold() == name.casefold()]
        return Alike(item, tuple(dict.fromkeys(found)))

    def propose(
        self,
        account: Account,
        kind: RecordKind,
        parts: Mapping[str, Part],
        *,
        reason: str = "",
        reader: Sequence[str] = ("en",),
    ) -> str | None:
        """Keeps a proposal, or makes the record where the member answers for it: then its item.

        Raises RecordProblems, InvalidInput, and errors of the writer.
        """
        self._records.check(kind, parts, reader)
        if self._may_make(account, kind, parts):
            item = self._making.create(kind, parts, account=account.name).entity_id
            self._accounts.managers.confirm(item, account.user_id, account.user_id)
            return item
        content = json.dumps({name: kept(part.lines) for name, part in parts.items()}, ensure_ascii=False)
        self._accounts.proposals.add(account.user_id, kind.kind, content, reason=reason)
        return None

    def waiting(self, account: Account | None) -> list[Waiting]:
        """The proposals about which this account decides; all for the operator's commands."""
        found = [self._making.read(proposal) for proposal in self._accounts.proposals.waiting()]
        return [one for one in found if account is None or self._decides(account, one)]

    def of_member(self, account: Account) -> list[Waiting]:
        """What somebody proposed and waits or was decided lately, the oldest first."""
        return [self._making.read(proposal) for proposal in self._accounts.proposals.shown(account.user_id)]

    def accept(self, account: Account | None, number: int) -> str:
        """Makes the record, under its proposer's account, who is its manager from now on; answers its item.

        Raises NotFound, Forbidden, Conflict (somebody decided before), RecordProblems and errors of the writer.
        """
        one = self._to_decide(account, number)
        self._records.check(one.kind, one.parts)
        return self._making.accept(one, decider=account.user_id if account is not None else None)

    def decline(self, account: Account | None, number: int, answer: str) -> None:
        """Says no, with a reason that the proposer reads; raises Forbidden and Conflict."""
        self._to_decide(account, number)
        decider = account.user_id if account is not None else None
        self._accounts.proposals.decide(number, Decision.DECLINED, decider=decider, answer=answer)

    def _to_decide(self, account: Account | None, number: int) -> Waiting:
        """A proposal about which this account decides; that there is another one is told to nobody."""
        one = self._making.read(self._accounts.proposals.get(number))
        if account is not None and not self._decides(account, one):
            raise Forbidden(told("refused-not-yours"))
        if one.proposal.outcome is not Decision.OPEN:
            raise Conflict(told("refused-decided"))
        return one

    def _decides(self, account: Account, one: Waiting) -> bool:
        own = one.member is not None and one.member.id == account.user_id
        return self._stewards.is_operator(account) or (not own and self._may_make(account, one.kind, one.parts))

    def _may_make(self, account: Account, kind: RecordKind, parts: Mapping[str, Part]) -> bool:
        if self._stewards.is_operator(account):
            return True
        named = tuple(line.value for name in kind.vouching if name in parts for line in parts[name].lines)
        return self._stewards.answers_for(account, named)
