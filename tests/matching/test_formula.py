"""The published formula, and ways through the tree of capacities, also where a wiki bent it into a circle."""

from __future__ import annotations

import pytest

from capx_graph.directory import Tree
from capx_graph.matching.closeness import above, beneath, way
from capx_graph.matching.weights import SCALE, Demand, closeness, language_weight, weight

TREE = Tree.of([("Q2", "Q1"), ("Q3", "Q2"), ("Q4", "Q2"), ("Q5", "Q9"), ("Q5", "Q2"), ("Q9", "Q8"), ("Q8", "Q1")])
CIRCLE = Tree.of([("Q1", "Q3"), ("Q2", "Q1"), ("Q3", "Q2")])


def test_a_capacity_that_two_offer_weighs_more_than_one_that_a_thousand_offer() -> None:
    assert weight(10_000, 2, Demand(2, 2)) > weight(10_000, 1000, Demand(1000, 1000))


def test_a_capacity_that_everybody_asks_of_a_few_weighs_less() -> None:
    weights = [weight(10_000, 5, Demand(5, seekers)) for seekers in (0, 5, 50, 500, 5000)]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


@pytest.mark.parametrize(("population", "holders"), [(0, 0), (1, 1), (1, 1000), (10**9, 1), (3, 0)])
def test_every_match_weighs_something_and_none_more_than_the_scale(population: int, holders: int) -> None:
    for demand in (Demand(0, 0), Demand(0, 10**9), Demand(10**9, 0)):
        assert 1 <= weight(population, holders, demand) <= 2 * SCALE
    assert 1 <= language_weight(population, holders) <= 2 * SCALE


def test_points_are_whole_numbers_that_fall_with_every_level_apart() -> None:
    assert [closeness(900, steps) for steps in range(4)] == [900, 450, 300, 225]
    assert closeness(1, 5) == 1


def test_levels_lie_by_their_distance() -> None:
    assert beneath(TREE, "Q1", hierarchy=True) == [("Q1",), ("Q2", "Q8"), ("Q3", "Q4", "Q5", "Q9")]
    assert above(TREE, "Q5", hierarchy=True) == [("Q5",), ("Q2", "Q9"), ("Q1", "Q8")]
    assert beneath(TREE, "Q1", hierarchy=False) == above(TREE, "Q1", hierarchy=False) == [("Q1",)]


def test_a_way_is_the_shortest_from_the_wanted_capacity_down() -> None:
    assert way(TREE, "Q5", "Q1") == ("Q1", "Q2", "Q5")
    assert way(TREE, "Q5", "Q8") == ("Q8", "Q9", "Q5")
    assert way(TREE, "Q5", "Q5") == ("Q5",)


def test_a_circle_of_parents_ends_where_it_began() -> None:
    assert beneath(CIRCLE, "Q1", hierarchy=True) == [("Q1",), ("Q2",), ("Q3",)]
    assert above(CIRCLE, "Q1", hierarchy=True) == [("Q1",), ("Q3",), ("Q2",)]
    assert way(CIRCLE, "Q2", "Q1") == ("Q1", "Q2")
    assert way(CIRCLE, "Q1", "Q2") == ("Q2", "Q3", "Q1")
