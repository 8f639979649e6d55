"""The JSON of rings, teams and needs, as /help/groups documents it; stable, so other tools build on it.

A capacity is ``{"id", "wikidata", "label"}`` wherever it appears, anything else ``{"id", "code", "label"}``; a person's
``name`` is the username.
"""

from __future__ import annotations

from collections.abc import Iterable

from capx_graph.groups import Fillers, Need, Needs, Partner, Rings, Seat, Teaching, Team
from capx_graph.model import Ref
from webapp.search.answers import Json, ref_json


def rings_answer(rings: Rings) -> Json:
    """Rings: each a list of steps, the learner of one being the teacher of the next."""
    return {
        "people": rings.people,
        "served": rings.served,
        "bound": rings.bound,
        "exact": rings.exact,
        "seconds": round(rings.seconds, 3),
        "rings": [[_step(teaching) for teaching in ring] for ring in rings.rings],
        "alone": [_name(ref) for ref in rings.alone],
        "unknown": list(rings.unknown),
    }


def team_answer(team: Team) -> Json:
    """A team: its members with what each covers, and who could take their place."""
    return {
        "size": team.size,
        "bound": team.bound,
        "exact": team.exact,
        "needs": _refs(team.needs),
        "members": [_seat(seat) for seat in team.seats],
        "uncovered": _refs(team.uncovered),
        "language": ref_json(team.language) if team.language else None,
        "spoken": team.spoken,
        "people": team.people,
        "unknown": list(team.unknown),
    }


def needs_answer(needs: Needs) -> Json:
    """Needs, the hardest to fill first, with who could fill them where; and partners."""
    return {
        **ref_json(needs.ref),
        "places": _refs(needs.places),
        "needs": [_need(need) for need in needs.needs],
        "partners": [_partner(partner) for partner in needs.partners],
    }


def _step(teaching: Teaching) -> Json:
    taught: Json = {"capacity": ref_json(teaching.capacity), "to": _name(teaching.learner)}
    if teaching.wanted:
        taught["wanted"] = ref_json(teaching.wanted)
    return {"name": _name(teaching.teacher), "teaches": taught, "languages": _refs(teaching.languages)}


def _seat(seat: Seat) -> Json:
    return {
        "name": _name(seat.person),
        "covers": _refs(seat.covers),
        "speaks": seat.speaks,
        "alternates": [_name(ref) for ref in seat.alternates],
    }


def _need(need: Need) -> Json:
    return {
        "capacity": ref_json(need.capacity),
        "itself": need.itself,
        "people": need.people,
        "inside": _fillers(need.inside),
        "near": _fillers(need.near),
        "elsewhere": _fillers(need.elsewhere),
    }


def _fillers(fillers: Fillers) -> Json:
    return {"total": fillers.total, "people": [_name(ref) for ref in fillers.people]}


def _partner(partner: Partner) -> Json:
    return {**ref_json(partner.organization), "gives": _refs(partner.gives), "gets": _refs(partner.gets)}


def _name(ref: Ref) -> str:
    return ref.code or ref.id


def _refs(refs: Iterable[Ref]) -> list[Json]:
    return [ref_json(ref) for ref in refs]
