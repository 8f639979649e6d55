"""A Wikibase elsewhere at which people are at work."""

from __future__ import annotations

import random

from tests.houses.upstream import Remote


def random_edits(remote: Remote, count: int, seed: int) -> None:
    """Edits as people make them: create, relabel, rank, redirect, delete, bring back."""
    chance = random.Random(seed)
    mine: list[str] = []
    gone: list[str] = []
    for number in range(count):
        remote.clock.tick(chance.choice((0, 0, 1, 7)))
        what = chance.random()
        if what < 0.35 or len(mine) < 4:
            claims = [("broader", chance.choice(mine))] if mine else []
            mine.append(remote.item(f"thing {seed} {number}", claims=claims))
        elif what < 0.7:
            remote.label(chance.choice(mine), f"another {seed} {number}")
        elif what < 0.8:
            _rank(remote, chance.choice(mine), chance)
        elif what < 0.88:
            source = mine.pop(chance.randrange(len(mine)))
            remote.redirect(source, chance.choice(mine))
        elif what < 0.95 or not gone:
            gone.append(mine.pop(chance.randrange(len(mine))))
            remote.delete(gone[-1])
        else:
            back = gone.pop()
            remote.undelete(back)
            mine.append(back)


def _rank(remote: Remote, entity_id: str, chance: random.Random) -> None:
    claims = remote.content(entity_id)["claims"]
    for group in claims.values():
        for statement in group:
            statement["rank"] = chance.choice(("preferred", "normal", "deprecated"))
    remote.change(entity_id, claims=claims)
