"""What a proposal becomes: the record, made under its proposer's account, with the proposer as its manager.

Given out by the package. It needs no graph, so that the operator's command works beside a running service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from capx_graph.accounts import Accounts, Member, Proposal
from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.items.drafts import Vocabulary
from capx_graph.membership import Part, State, from_kept
from capx_graph.messages import told
from capx_graph.model import Decision, EntityKind, Receipt
from capx_graph.stewardship.content import Content, line_texts
from capx_graph.stewardship.kinds import KINDS, RecordKind
from capx_graph.taxonomy import same_words
from capx_graph.wikibase.writer import Writer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal with what it says and whose it is."""

    proposal: Proposal
    kind: RecordKind
    parts: Mapping[str, Part]
    member: Member | None

    @property
    def named(self) -> frozenset[str]:
        """The organizations that it says answer for the record."""
        lines = [line for name in self.kind.vouching if name in self.parts for line in self.parts[name].lines]
        return frozenset(line.value for line in lines)

    def name_for(self, reader: Sequence[str]) -> str:
        """The name that is proposed, in the best of the reader's languages."""
        names = line_texts(self.parts["names"].lines, "label")
        return next((names[code] for code in (*reader, *names) if code in names), "")


_MAKING: ContextVar[Waiting | None] = ContextVar("making", default=None)


def made_now() -> Waiting | None:
    """The accepted proposal of which a record is being made by this very call, for the guard of single edits."""
    return _MAKING.get()


@contextmanager
def _being_made(one: Waiting) -> Iterator[None]:
    token = _MAKING.set(one)
    try:
        yield
    finally:
        _MAKING.reset(token)


class Making:
    """Makes records of one Wikibase."""

    def __init__(self, accounts: Accounts, writer: Writer, vocabulary: Vocabulary) -> None:
        self._accounts = accounts
        self._writer = writer
        self._content = Content(vocabulary)

    def read(self, proposal: Proposal) -> Waiting:
        """A proposal with what it says."""
        content = json.loads(proposal.content)
        parts = {name: Part(State.PUBLIC, from_kept(lines)) for name, lines in content.items()}
        kind = KINDS[EntityKind(proposal.kind)]
        return Waiting(proposal, kind, parts, self._accounts.members.by_id(proposal.member_id))

    def create(self, kind: RecordKind, parts: Mapping[str, Part], *, account: str) -> Receipt:
        """Makes a record; raises InvalidInput where another item has this name and description."""
        empty = self._content.empty(kind)
        changes = self._content.changes(empty, kind, parts)
        own = [
            {key: value for key, value in statement.items() if key != "id"}
            for held in empty["claims"].values()
            for statement in held
        ]
        draft = {"type": "item", **changes, "claims": [*own, *changes.get("claims", ())]}
        try:
            return self._writer.create(draft, account=account)
        except Conflict as error:
            raise InvalidInput(same_words(error)) from error

    def accept(self, one: Waiting, *, decider: int | None) -> str:
        """Makes the record of a proposal; answers its item; raises NotFound, Conflict and the writer's errors."""
        if one.member is None:
            raise NotFound(told("refused-proposer-gone"))
        number = one.proposal.number
        self._accounts.proposals.decide(number, Decision.ACCEPTED, decider=decider)
        try:
            with _being_made(one):
                item = self.create(one.kind, one.parts, account=one.member.name).entity_id
        except BaseException:
            self._accounts.proposals.reopen(number)
            raise
        self._accounts.managers.confirm(item, one.member.id, decider)
        self._accounts.proposals.made(number, item)
        return item
