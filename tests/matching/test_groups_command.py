"""``capx rings`` and ``capx team`` about groups in which nobody is, or nobody who could."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from capx_graph.profiles import CapacityNode
from tests.houses.command import Run
from tests.houses.demo import demonstration


def test_a_group_of_nobody_is_told_as_that(capx: Run, tmp_path: Path) -> None:
    with demonstration(tmp_path) as services:
        (hit,) = services.search.suggest("public speaking", limit=1)
    names = tmp_path / "names"
    names.write_text("Nobody at all\n", encoding="utf-8")
    told = "nobody here is called: Nobody at all\nthere is nobody in this group\n"
    assert capx("rings", "--people", str(names)) == (0, told, "")
    assert capx("team", hit.ref.id, "--people", str(names)) == (0, told, "")


def test_a_team_that_cannot_be_says_what_nobody_offers(capx: Run, tmp_path: Path) -> None:
    with demonstration(tmp_path) as services:
        roots = services.profiles.directory(reader=("en",))
    lacking = next(node.capacity for root in roots for node in below(root))
    assert capx("team", lacking.id) == (0, f"no team\nnobody offers {lacking.label}\n", "")


def below(node: CapacityNode) -> Iterator[CapacityNode]:
    """The capacities from here down that nobody offers."""
    if not node.counts.offers.within:
        yield node
    for child in node.children:
        yield from below(child)
