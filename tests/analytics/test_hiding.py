"""Small counts are hidden, and what is hidden does not follow from what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.analytics import PanelRequest, panel
from capx_graph.analytics.counting import Key
from capx_graph.analytics.hiding import as_numbers, hidden_cells
from capx_graph.analytics.panels import Panel
from capx_graph.directory import Tree
from tests.bench_data.analytics import AnalyticsBench, bench_of, unhidden
from tests.bench_data.graph import generate

SMALLEST = 5
FLAT = Tree.of(())


def hide(
    counts: Mapping[Key, tuple[int, ...]],
    panel: Panel,
    tree: Tree,
    *,
    smallest: int,
    whole: Mapping[Key, tuple[int, ...]] | None = None,
) -> dict[Key, tuple[int | None, ...]]:
    """The counts with None for those that are hidden; ``whole`` are the same counts before they were narrowed."""
    keys = list(counts)
    numbers = as_numbers(counts, keys, panel)
    hidden = hidden_cells(keys, numbers, panel, tree, smallest=smallest, whole=whole)
    return {
        key: tuple(None if gone else value for value, gone in zip(counts[key], row, strict=True))
        for key, row in zip(keys, hidden.tolist(), strict=True)
    }


@pytest.fixture(scope="module")
def made(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AnalyticsBench:
    folder = tmp_path_factory.mktemp("hiding")
    return bench_of(folder, generate(shared, 300, folder / "set"))


cells = st.dictionaries(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyzuvw")), st.tuples(st.integers(0, 12)), max_size=24
)


@given(cells)
def test_what_is_hidden_in_a_group_stands_for_enough_people(counts: dict[tuple[str, ...], tuple[int, ...]]) -> None:
    """Languages by territory: one group for each language, over all territories."""
    shown = hide(counts, panel("languages_by_territory"), FLAT, smallest=SMALLEST)
    assert shown.keys() == counts.keys()
    for language in "xyzuvw":
        group = {key: values[0] for key, values in counts.items() if key[1] == language and values[0]}
        hidden = {key for key in group if shown[key] == (None,)}
        assert {key for key, value in group.items() if value < SMALLEST} <= hidden
        if hidden and hidden != set(group):
            assert len(hidden) >= 2
            assert sum(group[key] for key in hidden) >= SMALLEST
    assert all(shown[key] == values for key, values in counts.items() if not values[0])


@given(cells)
def test_nothing_is_hidden_where_that_is_switched_off(counts: dict[tuple[str, ...], tuple[int, ...]]) -> None:
    for smallest in (0, 1):
        assert hide(counts, panel("languages_by_territory"), FLAT, smallest=smallest) == counts


def test_a_count_is_hidden_where_those_left_out_by_a_language_are_few() -> None:
    whole = {("a", "X"): (20, 0), ("a", "Y"): (30, 0), ("a", "Z"): (40, 0)}
    narrowed = {("a", "X"): (18, 0), ("a", "Y"): (20, 0), ("a", "Z"): (40, 0)}
    shown = hide(narrowed, panel("gap"), FLAT, smallest=SMALLEST, whole=whole)
    assert shown["a", "X"] == (None, 0)
    assert shown["a", "Y"] == (None, 0), "else the first would be the total less the others"
    assert shown["a", "Z"] == (40, 0)


def test_what_an_edit_added_between_two_counts_is_shown_as_it_is() -> None:
    """A count that the whole, counted a moment earlier, knows nothing of."""
    narrowed = {("Q1", "Q2"): (9, 9), ("Q1", "Q3"): (7, 7)}
    whole = {("Q1", "Q2"): (20, 20)}
    shown = hide(narrowed, panel("gap"), FLAT, smallest=SMALLEST, whole=whole)
    assert shown[("Q1", "Q3")] == (7, 7)


def test_parts_of_one_place_are_a_group_of_their_own() -> None:
    tree = Tree.of([("Q1", "Q9"), ("Q2", "Q9"), ("Q3", "Q8"), ("Q4", "Q8")])
    counts = {
        (item,): (size, 0, 0) for item, size in (("Q1", 2), ("Q2", 9), ("Q3", 8), ("Q4", 7), ("Q8", 15), ("Q9", 11))
    }
    shown = hide(counts, panel("territories"), tree, smallest=SMALLEST)
    assert {key[0] for key, values in shown.items() if values[0] is None} == {"Q1", "Q2"}


def test_a_place_in_two_others_is_in_the_group_of_each() -> None:
    tree = Tree.of([("Q1", "Q9"), ("Q2", "Q9"), ("Q3", "Q8"), ("Q3", "Q9"), ("Q4", "Q8"), ("Q5", "Q8")])
    sizes = {"Q1": 9, "Q2": 8, "Q3": 2, "Q4": 7, "Q5": 20}
    shown = hide({(item,): (size, 0, 0) for item, size in sizes.items()}, panel("territories"), tree, smallest=SMALLEST)
    assert {key[0] for key, values in shown.items() if values[0] is None} == {"Q2", "Q3", "Q4"}


def test_a_hidden_place_does_not_follow_from_the_number_that_another_panel_shows_above_it() -> None:
    """``gap`` shows the people of Q9 who offer X, ``capacities_by_territory`` those of the places in it."""
    tree = Tree.of([("Q1", "Q9"), ("Q2", "Q9"), ("Q3", "Q8"), ("Q4", "Q8")])
    sizes = {"Q1": 4, "Q2": 6, "Q3": 3, "Q4": 4}
    counts = {(item, "X"): (0, size, 0) for item, size in sizes.items()}
    shown = hide(counts, panel("capacities_by_territory"), tree, smallest=SMALLEST)
    assert all(values == (0, None, 0) for values in shown.values())


@pytest.mark.parametrize("name", ["growth", "capacities", "gap", "territories", "languages", "languages_by_territory"])
def test_no_answer_shows_a_small_count(made: AnalyticsBench, name: str) -> None:
    answer = made.by_bitmaps.panel(PanelRequest(name))
    assert answer.smallest == SMALLEST
    assert all(count is None or count == 0 or count >= SMALLEST for line in answer.lines for count in line.counts)
    plain = made.by_bitmaps.panel(unhidden(name))
    assert any(0 < (count or 0) < SMALLEST for line in plain.lines for count in line.counts)


def test_the_order_of_rows_does_not_tell_what_is_hidden(made: AnalyticsBench) -> None:
    lines = made.by_bitmaps.panel(PanelRequest("languages")).lines
    hidden = [int(line.key[0].id[1:]) for line in lines if line.counts == (None, None)]
    assert len(hidden) > 2
    assert hidden == sorted(hidden)


def test_bottlenecks_are_all_whose_number_is_hidden(made: AnalyticsBench) -> None:
    """Else being in the list would tell one or two from three or four."""
    lines = made.by_bitmaps.panel(PanelRequest("bottlenecks")).lines
    offered = made.by_bitmaps.panel(unhidden("capacities_by_territory"))
    assert lines
    assert all(line.counts[0] is None for line in lines)
    assert len(lines) > len(made.by_bitmaps.panel(unhidden("bottlenecks")).lines)
    assert offered.total


@pytest.mark.parametrize("name", ["languages_by_territory", "capacities_by_territory"])
def test_what_is_hidden_in_the_whole_is_hidden_when_one_territory_is_asked_for(made: AnalyticsBench, name: str) -> None:
    """Else a number that is hidden for the sake of another would be had by asking for its place alone."""
    whole = made.by_bitmaps.panel(PanelRequest(name))
    told = {tuple(ref.id for ref in line.key): line.counts for line in whole.lines}
    for code in list(dict.fromkeys(line.key[0].code or "" for line in whole.lines))[:20]:
        narrowed = made.by_bitmaps.panel(PanelRequest(name, {"territory": code}))
        assert narrowed.lines
        assert all(told[tuple(ref.id for ref in line.key)] == line.counts for line in narrowed.lines)
        assert {line.key[0].code for line in narrowed.lines} == {code}
