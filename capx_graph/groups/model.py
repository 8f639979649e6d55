"""What is asked about groups, and the answers with everything named for a reader; doors import it.

Values of requests are as people give them (usernames, ``Q12``, ``wikidata:Q11024``, ``pt-br``, ``ORG001``).
"""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.model import Ref


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a question is about: people by username, those of organizations, those based in territories, together."""

    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.organizations or self.territories)


@dataclass(frozen=True, slots=True)
class RingsRequest:
    """Rings of ``shortest`` to ``longest`` people, at least one language in common between teacher and learner.

    ``descendants``: an offer beneath the wanted capacity counts. ``seconds`` is the time for the search. One search
    of each ``client`` runs at a time, of the empty one any number.
    """

    group: Group
    shortest: int = 3
    longest: int = 5
    common_language: bool = True
    descendants: bool = True
    seconds: float = 8.5
    reader: tuple[str, ...] = ("en",)
    client: str = ""


@dataclass(frozen=True, slots=True)
class Teaching:
    """One step of a ring: who teaches whom what; ``wanted`` where that is wider than what is offered."""

    teacher: Ref
    learner: Ref
    capacity: Ref
    wanted: Ref | None
    languages: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Rings:
    """Disjoint rings. ``bound`` is the number of people that no choice of rings can pass; exact when it is served.

    ``people`` counts the group, ``alone`` those in no ring; ``unknown`` are usernames that nobody here has.
    """

    people: int
    served: int
    bound: int
    seconds: float
    rings: tuple[tuple[Teaching, ...], ...]
    alone: tuple[Ref, ...]
    unknown: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it is proven that no more people can be served."""
        return self.served == self.bound


@dataclass(frozen=True, slots=True)
class TeamRequest:
    """The smallest team that offers these capacities with a speaker of the language; of everybody, or of a group."""

    capacities: tuple[str, ...]
    language: str | None = None
    group: Group = Group()
    descendants: bool = True
    seconds: float = 8.5
    reader: tuple[str, ...] = ("en",)
    client: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a team: what of the needs they cover, and who could cover the same in their place."""

    person: Ref
    covers: tuple[Ref, ...]
    speaks: bool
    alternates: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """The team; ``uncovered`` are needs that nobody covers. ``bound`` is the size that no team can be smaller than.

    ``language`` is the asked one, ``spoken`` tells whether somebody of those who could be chosen speaks it. ``people``
    counts the group to choose from, None for everybody; ``unknown`` are usernames of it that nobody here has.
    """

    bound: int
    seats: tuple[Seat, ...]
    needs: tuple[Ref, ...]
    uncovered: tuple[Ref, ...]
    language: Ref | None
    spoken: bool
    people: int | None = None
    unknown: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many people it has."""
        return len(self.seats)

    @property
    def exact(self) -> bool:
        """Whether it is proven that no smaller team does."""
        return self.size == self.bound


@dataclass(frozen=True, slots=True)
class Fillers:
    """People who offer something, the recently active first; ``total`` counts all."""

    total: int
    people: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A capacity that is wanted: by the organization itself, by so many of its people; and who could fill it where."""

    capacity: Ref
    itself: bool
    people: int
    inside: Fillers
    near: Fillers
    elsewhere: Fillers


@dataclass(frozen=True, slots=True)
class Partner:
    """An organization whose strengths and gaps complement another's: what it gives, what it would get."""

    organization: Ref
    gives: tuple[Ref, ...]
    gets: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs of an organization or an event, the hardest to fill first."""

    ref: Ref
    places: tuple[Ref, ...]
    needs: tuple[Need, ...]
    partners: tuple[Partner, ...]
