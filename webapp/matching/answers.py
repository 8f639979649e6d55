"""The JSON of somebody's matches, as /help/matching documents it; stable, so other tools build on it.

A capacity is ``{"id", "wikidata", "label"}`` wherever it appears, anything else ``{"id", "code", "label"}``; an event
is known by its code, as organizations are. Labels and sentences are in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from capx_graph.matching import CapacityToConsider, EventMatch, Match, Matches, Served, Via
from capx_graph.messages import Translator
from capx_graph.model import Ref
from webapp.matching.sentences import plain
from webapp.search.answers import Json, ref_json

Address = Callable[[Ref], str | None]
"""The address of a thing's page, if it has one."""

_FIRST = ("learn_from", "share_with", "swaps", "same_language")
_ORGANIZATIONS = ("learn_from_organizations", "share_with_organizations")
_TEACHING = ("share_with", "share_with_organizations")
_LEARNING = ("learn_from", "learn_from_organizations")


def matches_answer(matches: Matches, tr: Translator, *, address: Address) -> Json:
    """Every list with its hits, the best first, and how many there are in all."""
    writer = _Writer(tr, address)
    lists: Json = {name: [writer.person(name, hit) for hit in matches.lists[name]] for name in _FIRST}
    lists |= {name: [writer.organization(name, hit) for hit in matches.lists[name]] for name in _ORGANIZATIONS}
    return {
        "person": matches.person,
        **lists,
        "events": [writer.event(event) for event in matches.events],
        "capacities": [writer.capacity(capacity) for capacity in matches.capacities],
        "totals": dict(matches.totals),
        "hierarchy": int(matches.hierarchy),
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one answer; what stands in it many times is made once, and written as often."""

    tr: Translator
    address: Address
    _things: dict[str, Json] = field(default_factory=dict)

    def person(self, name: str, hit: Match) -> Json:
        return {"name": hit.name, "id": hit.ref.id, "label": hit.ref.label, **self._hit(name, hit)}

    def organization(self, name: str, hit: Match) -> Json:
        return {
            "code": hit.name,
            "name": hit.ref.label,
            "id": hit.ref.id,
            "label": hit.ref.label,
            **self._hit(name, hit),
        }

    def _hit(self, name: str, hit: Match) -> Json:
        """What people and organizations have alike; a swap says each direction apart too."""
        both = name not in (*_TEACHING, *_LEARNING)
        sides = [hit.learn] if name in _LEARNING else [hit.share] if name in _TEACHING else [hit.learn, hit.share]
        found: Json = {
            "url": self.address(hit.ref),
            "count": hit.count,
            "points": hit.points,
            "capacities": self._refs({capacity.id: capacity for side in sides for capacity in side.exact}.values()),
            "via": [self._via(via) for side in sides for via in side.via],
            "languages": [
                {**self._ref(common.language), "mine": common.mine or None, "theirs": common.theirs or None}
                for common in hit.languages
            ],
            "territories": self._refs(hit.territories),
            "near": self._ref(hit.near) if hit.near else None,
            "projects": self._refs(hit.projects),
            "affiliations": self._refs(hit.affiliations),
            "last_active": hit.last_active,
            "source": hit.source.code if hit.source else None,
            "reasons": plain(hit, self.tr),
        }
        if both:
            found |= {"learn": self._served(hit.learn), "share": self._served(hit.share)}
        return found

    def event(self, event: EventMatch) -> Json:
        return {
            "id": event.ref.code or event.ref.id,
            "item": event.ref.id,
            "label": event.ref.label,
            "url": self.address(event.ref),
            "begin": event.begin,
            "count": event.count,
            "capacities": self._refs((*event.wanted.exact, *event.known.exact)),
            "via": [self._via(via) for via in (*event.wanted.via, *event.known.via)],
            "reasons": plain(event, self.tr),
        }

    def capacity(self, capacity: CapacityToConsider) -> Json:
        return {
            **self._ref(capacity.ref),
            "url": self.address(capacity.ref),
            "count": capacity.peers,
            "offerers": capacity.offerers,
            "part_of": self._ref(capacity.part_of) if capacity.part_of else None,
            "beside": self._ref(capacity.beside) if capacity.beside else None,
            "reasons": plain(capacity, self.tr),
        }

    def _served(self, served: Served) -> Json:
        return {"capacities": self._refs(served.exact), "via": [self._via(via) for via in served.via]}

    def _via(self, via: Via) -> Json:
        return {"wanted": self._ref(via.wanted), "offered": self._ref(via.offered), "path": self._refs(via.path)}

    def _refs(self, refs: Iterable[Ref]) -> list[Json]:
        return [self._ref(ref) for ref in refs]

    def _ref(self, ref: Ref) -> Json:
        known = self._things.get(ref.id)
        if known is None:
            known = self._things[ref.id] = ref_json(ref)
        return known


FIELDS = ("count", "points", "via", "languages", "near", "reasons", "totals")
"""Members of the answer that need words; their meaning is the message ``matches-field-NAME``."""
EXAMPLE = """{
  "person": "Ana (demo)",
  "learn_from": [{
    "name": "Ben (demo)", "count": 1, "points": 843900,
    "capacities": [{"id": "Q232", "wikidata": "Q11016", "label": "technology"}],
    "via": [{
      "wanted": {"id": "Q230", "wikidata": null, "label": "media"},
      "offered": {"id": "Q231", "wikidata": null, "label": "video editing"},
      "path": [{"id": "Q230", ...}, {"id": "Q231", ...}]
    }],
    "languages": [{"id": "Q310", "code": "pt", "label": "Portuguese", "mine": "n", "theirs": "3"}],
    "territories": [], "near": {"id": "Q401", "code": "R-LAC", "label": "Latin America"},
    "projects": [], "affiliations": [], "last_active": "2026-05-30T10:00:00Z",
    "reasons": ["you want media; they offer video editing, a part of it"]
  }],
  "share_with": [], "swaps": [], "same_language": [],
  "learn_from_organizations": [{"code": "WMB", ...}], "share_with_organizations": [],
  "events": [{"id": "EV0001", "begin": "2026-07-01T12:00:00Z", ...}],
  "capacities": [{"id": "Q233", "wikidata": null, "label": "writing", "count": 12, "offerers": 3, ...}],
  "totals": {"learn_from": 31, ...}, "hierarchy": 1
}"""
"""What an answer looks like."""
