"""Two families crossed: for every pair of values, how many people have both; as a product of sparse matrices.

A hundred thousand intersections of bitmaps would take a second, the product takes a hundredth of one.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from capx_graph.analytics.counting import Counts

Members = Sequence[tuple[str, "array[int]"]]
"""Values with the numbers of those who have them."""


class Crosstab:
    """Rows crossed with columns of several measures, which have the same values."""

    def __init__(self, rows: Members, columns: Sequence[Members]) -> None:
        self._rows = rows
        self._columns = columns

    def counts(self) -> Counts:
        """For each row and column that anybody has both of, the number of people in each measure."""
        values = sorted({value for members in self._columns for value, _ in members})
        place = {value: number for number, value in enumerate(values)}
        everybody = _everybody([members for _, members in self._rows])
        if not len(everybody) or not values:
            return {}
        rows = _matrix([(number, people) for number, (_, people) in enumerate(self._rows)], everybody, len(self._rows))
        tables = [
            (rows @ _matrix([(place[value], people) for value, people in members], everybody, len(values)).T).toarray()
            for members in self._columns
        ]
        stacked = np.stack(tables, axis=-1)
        found = np.argwhere(stacked.any(axis=-1))
        counts = stacked[found[:, 0], found[:, 1]].tolist()
        names = [value for value, _ in self._rows]
        return {
            (names[row], values[column]): tuple(count)
            for (row, column), count in zip(found.tolist(), counts, strict=True)
        }


def _everybody(members: Sequence[array[int]]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """All who are in any row, in order; those in none cannot count."""
    return np.unique(np.concatenate([_numbers(people) for people in members])) if members else np.empty(0, np.uint32)


def _matrix(
    members: Sequence[tuple[int, array[int]]], everybody: np.ndarray[tuple[int], np.dtype[np.uint32]], size: int
) -> sparse.csr_array:
    """A row for each value, a one for each person who has it."""
    own = [np.full(len(people), number, np.int32) for number, people in members]
    people = np.concatenate([_numbers(people) for _, people in members]) if members else np.empty(0, np.uint32)
    places = np.searchsorted(everybody, people)
    places[places == len(everybody)] = 0
    known = everybody[places] == people
    of = np.concatenate(own)[known] if own else np.empty(0, np.int32)
    ones = np.ones(len(of), np.int32)
    return sparse.csr_array((ones, (of, places[known])), shape=(size, len(everybody)))


def _numbers(people: array[int]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.frombuffer(people, dtype=np.uint32) if len(people) else np.empty(0, np.uint32)
