"""A member as the one who asks for matches, with all that they say of themselves; given out by the package."""

from __future__ import annotations

from collections.abc import Collection

from capx_graph.matching import Asker
from capx_graph.membership.fields import Field, Profile


def asker_of(profile: Profile, *, left_out: Collection[str] = ()) -> Asker:
    """What only the member knows of themselves serves their own matches and nobody else's."""
    return Asker(
        item=profile.item or "",
        name=profile.name,
        knows=profile.values(Field.KNOWS),
        offers=profile.values(Field.OFFERS),
        wants=profile.values(Field.WANTS),
        languages={line.value: line.level for line in profile.lines(Field.LANGUAGES) if line.level != "0"},
        territories=profile.values(Field.TERRITORY),
        affiliations=profile.values(Field.AFFILIATIONS),
        projects=profile.values(Field.PROJECTS),
        left_out=frozenset(left_out),
    )
