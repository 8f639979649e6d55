"""What managers work with, put together; the wiring imports it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.instants import Clock
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.drafts import Vocabulary
from capx_graph.membership import Membership, Surroundings
from capx_graph.shapes import Shapes
from capx_graph.stewardship.affiliates import Affiliates
from capx_graph.stewardship.checking import RecordCheck
from capx_graph.stewardship.making import Making
from capx_graph.stewardship.proposing import Proposing
from capx_graph.stewardship.protection import Protection
from capx_graph.stewardship.records import Records
from capx_graph.stewardship.stewards import Stewards
from capx_graph.stewardship.structure import Structure


@dataclass(frozen=True, slots=True)
class Stewardship:
    """Records, who manages them, what is proposed, and who belongs to an organization."""

    records: Records
    stewards: Stewards
    proposing: Proposing
    affiliates: Affiliates

    @classmethod
    def over(
        cls,
        around: Surroundings,
        accounts: Accounts,
        membership: Membership,
        *,
        shapes: Callable[[], Shapes],
        clock: Clock,
    ) -> Stewardship:
        """The records of one installation; single edits of them are guarded from now on."""
        vocabulary = Vocabulary(around.instance)
        asking = ShapeCheck(around.instance, around.repository.namespaces, shapes=shapes, clock=clock)
        check = RecordCheck(around.repository, around.instance, around.directory, asking)
        records = Records(around.repository, around.writer, vocabulary=vocabulary, check=check)
        stewards = Stewards(accounts, around.repository, records)
        structure = Structure(around.instance, around.repository)
        around.repository.guarded_by(Protection(accounts, records, stewards, vocabulary, structure))
        return cls(
            records,
            stewards,
            Proposing(
                accounts,
                records,
                stewards,
                making=Making(accounts, around.writer, vocabulary),
                search=around.search,
                directory=around.directory,
            ),
            Affiliates(accounts, stewards, membership.own),
        )
