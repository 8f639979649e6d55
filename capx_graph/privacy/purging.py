"""What was erased leaves the files: graph and text index built anew aside and swapped, databases written anew.

Jobs call it, in the process that holds the graph. The engine and the text index keep deleted literals in their files
even after they are optimised, so nothing less than building anew removes them. Whatever fails is tried again by the
next run, because the lines stay on the due list until everything is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capx_graph.accounts import Accounts
from capx_graph.ingest import Ingest
from capx_graph.privacy.beside import Beside
from capx_graph.privacy.duelist import DueList, Stage
from capx_graph.repository.store import Repository


@dataclass(frozen=True, slots=True)
class Purge:
    """The files of one installation; ``forget`` ends what still reads older states, ``publish`` makes dumps anew."""

    repository: Repository
    accounts: Accounts
    ingest: Ingest
    beside: Beside
    due: DueList
    forget: Callable[[], None]
    publish: Callable[[], object]

    def run(self) -> int:
        """Works off everything that is hidden by now; answers how many erasures that were. Raises Unavailable."""
        lines = [line for line in self.due.all() if line.stage is Stage.HIDDEN]
        if not lines:
            return 0
        for line in lines:
            self.due.withdrew(line.number, self.beside.withdraw(line.requested))
            self.beside.erase(line.names, line.items)
        self.ingest.rebuild()
        self.forget()
        self.repository.compact()
        numbers = [line.number for line in lines]
        had_dumps = any(line.dumps for line in self.due.all() if line.number in numbers)
        if had_dumps and not self.beside.dumps.publications():
            self.publish()
        self.due.forget_names(numbers)
        self.accounts.database.compact()
        self.due.end(numbers)
        return len(lines)
