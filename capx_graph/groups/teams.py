"""The smallest team that covers a set of capacities, with a speaker of a language among them.

People who cover the same are one choice, people who cover less than another are none: with k needs there are at most
2^k choices, however many people there are. HiGHS then takes the fewest, in which case the answer is proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from capx_graph.errors import InvalidParameter
from capx_graph.groups.model import Seat, Team, TeamRequest
from capx_graph.groups.solving import Solver
from capx_graph.index.families import CLASS, SPEAKS
from capx_graph.index.graphsets import Sets
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref

MOST_NEEDS = 40
_ALTERNATES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Items asked for: capacities, the language if any, and who may be chosen (None: everybody)."""

    capacities: tuple[str, ...]
    language: str | None
    among: BitMap | None
    descendants: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Who covers which need, and what one person at most can cover, in a fixed order."""

    coverers: Mapping[str, BitMap]
    choices: Sequence[frozenset[str]]

    @property
    def needs(self) -> list[str]:
        """The needs that somebody covers."""
        return [need for need, people in self.coverers.items() if people]


@dataclass(frozen=True, slots=True)
class TeamFound:
    """A team as item numbers: each with the needs that they cover, and others who cover the same."""

    seats: tuple[tuple[int, frozenset[str], tuple[int, ...]], ...]
    bound: int
    covered: frozenset[str]

    def people(self) -> set[str]:
        """The ids of all people that an answer names."""
        return {f"Q{number}" for first, _, others in self.seats for number in (first, *others)}


def check(request: TeamRequest) -> None:
    """Raises InvalidParameter for a request without needs, or with too many."""
    if not request.capacities:
        raise InvalidParameter("capacity", "", told("team-nothing"))
    if len(request.capacities) > MOST_NEEDS:
        raise InvalidParameter("capacity", len(request.capacities), told("mend-values", MOST_NEEDS))


def prepare(wanted: Wanted, sets: Sets) -> Choices:
    """What is to be chosen from."""
    coverers = _coverers(wanted, sets)
    return Choices(coverers, _choices(coverers))


def solve(prepared: Choices, solver: Solver, *, seconds: float, client: str) -> tuple[list[frozenset[str]], int]:
    """The fewest choices that cover all, and the size that no team can be below.

    Raises AllowanceSpent, WorkersBusy, QueryTooLong.
    """
    needs, choices = prepared.needs, prepared.choices
    if not choices:
        return [], 0
    places = {need: place for place, need in enumerate(needs)}
    task = {
        "sets": [sorted(places[need] for need in choice) for choice in choices],
        "costs": [len(needs) - len(choice) for choice in choices],
    }
    answer = solver.solve("cover", task, seconds=seconds, client=client)
    chosen = [choices[number] for number in answer["chosen"]]
    return sorted(chosen, key=lambda choice: (-len(choice), sorted(choice))), answer["bound"]


def seat(prepared: Choices, solved: tuple[list[frozenset[str]], int], sets: Sets) -> TeamFound:
    """People for the chosen choices, the recently active first."""
    chosen, bound = solved
    seats: list[tuple[int, frozenset[str], tuple[int, ...]]] = []
    for choice in chosen:
        able = BitMap.intersection(*(prepared.coverers[need] for need in choice))
        first, *others = islice(sets.in_order(able, "active"), _ALTERNATES + 1)
        seats.append((first, choice, tuple(others)))
    return TeamFound(tuple(seats), bound, frozenset(prepared.needs))


def _coverers(wanted: Wanted, sets: Sets) -> dict[str, BitMap]:
    """For each need, and for the language, the people who cover it."""
    everybody = sets.things(CLASS, EntityKind.PERSON)
    people = everybody if wanted.among is None else everybody & wanted.among
    family = "offersUnder" if wanted.descendants else "offers"
    found = {item: sets.things(family, int(item[1:])) & people for item in wanted.capacities}
    if wanted.language:
        found[wanted.language] = sets.things(SPEAKS, int(wanted.language[1:])) & people
    return found


def _choices(coverers: Mapping[str, BitMap]) -> list[frozenset[str]]:
    """What somebody covers, for everybody who covers nothing less than another; in a fixed order."""
    parts: list[tuple[frozenset[str], BitMap]] = [(frozenset(), BitMap().union(*coverers.values()))]
    for need, people in coverers.items():
        split = [(have | {need}, members & people) for have, members in parts]
        parts = [*split, *((have, members - people) for have, members in parts)]
        parts = [(have, members) for have, members in parts if members]
    distinct = sorted({have for have, _ in parts if have}, key=lambda have: (-len(have), sorted(have)))
    kept: list[frozenset[str]] = []
    for have in distinct:
        if not any(have < other for other in kept):
            kept.append(have)
    return kept


def shown(found: TeamFound, wanted: Wanted, refs: Mapping[str, Ref], unknown: tuple[str, ...] = ()) -> Team:
    """The answer with names; ``unknown`` are those of the group that nobody has."""
    return Team(
        bound=found.bound,
        seats=tuple(
            Seat(
                refs[f"Q{number}"],
                tuple(refs[item] for item in wanted.capacities if item in covers),
                wanted.language in covers,
                tuple(refs[f"Q{other}"] for other in others),
            )
            for number, covers, others in found.seats
        ),
        needs=tuple(refs[item] for item in wanted.capacities),
        uncovered=tuple(refs[item] for item in wanted.capacities if item not in found.covered),
        language=refs[wanted.language] if wanted.language else None,
        spoken=wanted.language in found.covered,
        people=None if wanted.among is None else len(wanted.among),
        unknown=unknown,
    )
