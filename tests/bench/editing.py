"""From an edit to where it is seen: search, matches, SPARQL; and moving a capacity with all who hold one below it.

Edits are made as any tool makes them: signed in, by ``wbeditentity`` over HTTP. People are owned pages, so the bench
first makes an account the owner of a few of them, in the repository's file.
"""

from __future__ import annotations

import http.client
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from capx_graph.accounts import Accounts
from capx_graph.connected import load_embedded
from capx_graph.errors import Conflict
from capx_graph.repository.store import FILE_NAME
from tests.bench.client import Editor, Reader, item_statement
from tests.bench.dataset import DataSet
from tests.bench.figures import IDLE, Row, spread
from tests.bench.reading import matches_path, panel_path

_ACCOUNT, _PASSWORD = "Bench", "a password of the bench"
_OWNED = 10
_MANY = 10
"""So many want a capacity that one more changes the matches of whoever wants it too, and no count is hidden."""
_COUNTS = panel_path("capacities")
_GIVE_UP = 60.0


@dataclass(frozen=True, slots=True)
class Member:
    """A person that the bench may edit."""

    name: str
    item: str


def become_owner(data: Path, items: Sequence[str]) -> None:
    """An account that may edit these people; the service may run meanwhile."""
    # a data directory that was measured before has the account
    with closing(Accounts(data)) as accounts, suppress(Conflict):
        accounts.add(_ACCOUNT, _PASSWORD, groups=["bot"])
        accounts.add_bot_password(_ACCOUNT, "bench", password=_PASSWORD)
    with closing(sqlite3.connect(data / FILE_NAME)) as file, file:
        file.executemany("UPDATE page SET owner = ? WHERE entity_id = ?", [(_ACCOUNT, item) for item in items])


class Edits:
    """Edits of one service by one client, each watched by another until it is seen."""

    def __init__(self, address: str, data: Path, data_set: DataSet) -> None:
        self._reader = Reader(address)
        self._data_set = data_set
        names = " ".join(f'"{name}"' for name in data_set.bench_users[:_OWNED])
        found = self._reader.select(f"SELECT ?n ?p {{ VALUES ?n {{ {names} }} ?p capx:username ?n }}")
        self._members = [Member(row["n"], _id(row["p"])) for row in found]
        rows = self._reader.select("SELECT ?q ?c { ?c a capx:Capacity ; capx:wikidataId ?q }")
        self._capacities = {row["q"]: _id(row["c"]) for row in rows}
        self._has_analytics = self._reader.ask(_COUNTS).status == http.client.OK
        self._has_matches = self._reader.ask(matches_path(self._members[0].name)).status == http.client.OK
        above = {self._capacities[parent] for parent in data_set.parents.values()}
        wanted = [item for item, count in self._counts().items() if count > _MANY] or [*self._capacities.values()]
        # who wants one below a capacity counts as one who wants it already
        self._popular = [item for item in wanted if item not in above]
        become_owner(data, [member.item for member in self._members])
        self._editor = Editor(address, f"{_ACCOUNT}@bench", _PASSWORD)

    def rows(self, count: int, *, state: str = IDLE) -> Iterator[Row]:
        """Edits of people: sent, and seen everywhere."""
        times = [self._seen(number) for number in range(count)]
        everywhere = [max(each[name] for name in each if name != "analytics") for each in times]
        yield spread(
            "an edit of a person until search, matches and SPARQL show it", everywhere, key="edit", state=state
        )
        for name in times[0]:
            yield spread(f"... until {name}", [each[name] for each in times], key=f"edit-{name}", state=state)

    def moves(self, count: int) -> Iterator[Row]:
        """Branches of the capacities to another root and back; seen when everything that follows is there."""
        branches = sorted(self._data_set.branches(), key=self._holders, reverse=True)[:count]
        roots = self._data_set.roots()
        times = []
        for branch in branches:
            home = self._data_set.parents[branch]
            away = next(root for root in roots if root != home)
            times += [self._moved(branch, away), self._moved(branch, home)]
        held = self._holders(branches[0])
        yield spread("moving a capacity with all it changes", times, key="move", note=f"up to {held} holders")

    def _seen(self, number: int) -> dict[str, float]:
        """Seconds from sending an edit to its answer, and to being seen in each place."""
        member = self._members[number % len(self._members)]
        wants = load_embedded().property_id("wants")
        said = self._editor.statements(member.item, wants)
        wanted = {statement["mainsnak"]["datavalue"]["value"]["id"] for statement in said}
        free = [item for item in self._popular if item not in wanted]
        capacity = free[number * 37 % len(free)]
        before, counts = self._matches(member), self._counts()
        begin = time.perf_counter()
        self._editor.edit(member.item, {"claims": [item_statement(wants, capacity)]})
        times = {"its answer": time.perf_counter()}
        search = {"q": member.name, "role": "wants", "capacity": capacity, "descendants": "0", "class": "person"}
        times["search"] = _until(lambda: member.item in self._found(search))
        if self._has_matches:
            times["matches"] = _until(lambda: self._matches(member) != before)
        times["SPARQL"] = _until(lambda: self._reader.holds(f"wd:{member.item} capx:wants wd:{capacity}"))
        if self._has_analytics:
            times["analytics"] = _until(lambda: self._counts() != counts)
        return {name: moment - begin for name, moment in times.items()}

    def _counts(self) -> dict[str, int]:
        """How many want each capacity, as the analytics tell it; those that are hidden, because they are few, not."""
        if not self._has_analytics:
            return {}
        rows = self._reader.get(_COUNTS).json()["panels"]["capacities"]["rows"]
        return {row["capacity"]["id"]: row["wants"] for row in rows if row["wants"]}

    def _matches(self, member: Member) -> bytes:
        return self._reader.get(matches_path(member.name)).body if self._has_matches else b""

    def _found(self, search: Mapping[str, str]) -> set[str]:
        return {hit["id"] for hit in self._reader.get("/search.json?" + urlencode(search)).json()["hits"]}

    def _moved(self, branch: str, target: str) -> float:
        """Seconds from sending a move to the moment at which search and SPARQL count the same people below both."""
        broader = load_embedded().property_id("broader")
        item, root = self._capacities[branch], self._capacities[target]
        [statement] = self._editor.statements(item, broader)
        changed = {**statement, "mainsnak": item_statement(broader, root)["mainsnak"]}
        begin = time.perf_counter()
        self._editor.edit(item, {"claims": [changed]})
        _until(lambda: self._reader.holds(f"wd:{item} skos:broaderTransitive wd:{root}"))
        missing = f"?p capx:offersUnder wd:{item} FILTER NOT EXISTS {{ ?p capx:offersUnder wd:{root} }}"
        _until(lambda: not self._reader.holds(missing))
        both = {"class": "person", "role": "offers", "limit": "1"}
        count = f"SELECT (COUNT(*) AS ?n) {{ ?p capx:offersUnder wd:{root} ; a capx:Person }}"
        [row] = self._reader.select(count)
        _until(lambda: self._total({**both, "capacity": root}) == int(row["n"]))
        return time.perf_counter() - begin

    def _holders(self, capacity: str) -> int:
        return self._total({"class": "person", "capacity": self._capacities[capacity]})

    def _total(self, search: Mapping[str, str]) -> int:
        return int(self._reader.get("/search.json?" + urlencode(search)).json()["total"])


def _until(seen: Callable[[], bool]) -> float:
    """The moment at which something is seen; raises RuntimeError when it never is."""
    give_up = time.perf_counter() + _GIVE_UP
    while not seen():
        if time.perf_counter() > give_up:
            raise RuntimeError("an edit was answered and is not seen")
    return time.perf_counter()


def _id(iri: str) -> str:
    return iri.rpartition("/")[2]
