"""Services that answer fixed read models, for tests of the pages: no graph, no repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from capx_graph import settings
from capx_graph.analytics import Line, PanelAnswer, PanelRequest, panel
from capx_graph.errors import NotFound
from capx_graph.matching import (
    LISTS,
    RANKED,
    Asker,
    CapacityToConsider,
    CommonLanguage,
    EventMatch,
    Match,
    Matches,
    Served,
    Via,
)
from capx_graph.model import (
    EntityKind,
    FacetValue,
    Hit,
    Reason,
    ReasonKind,
    Ref,
    Role,
    SearchPage,
    SearchRequest,
)
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance, Ontology, load_instance, load_ontology
from capx_graph.profiles import (
    CapacityNode,
    CapacityProfile,
    CapacityStatement,
    Count,
    EventLine,
    EventProfile,
    Evidence,
    LanguageSkill,
    Manager,
    OrganizationLine,
    OrganizationProfile,
    PeoplePage,
    PersonLine,
    PersonProfile,
    ProjectProfile,
    RoleTallies,
    Tally,
    TerritoryNode,
    TerritoryProfile,
    Text,
)
from tests.doubles.quiet import FakeAccounts, FakeStanding, FakeStore, wiki_app

K = EntityKind
ROOT = Ref("Q200", "communication", "en", K.CAPACITY, wikidata="Q11024", colour="#BE0078")
MEDIA = Ref("Q201", "media", "en", K.CAPACITY, colour="#BE0078")
EDITING = Ref("Q202", "video editing", "en", K.CAPACITY, colour="#BE0078")
TECHNOLOGY = Ref("Q203", "technology", "en", K.CAPACITY, wikidata="Q11016", colour="#27AE60")
PORTUGUESE = Ref("Q300", "Portuguese", "en", K.LANGUAGE, "pt", "Q5146")
BRAZIL = Ref("Q400", "Brazil", "en", K.TERRITORY, "BR", "Q155")
REGION = Ref("Q401", "Latin America", "en", K.TERRITORY, "R-LAC")
COMMONS = Ref("Q500", "Wikimedia Commons", "en", K.WIKIMEDIA_PROJECT, "commonswiki")
CHAPTER = Ref("Q600", "Wikimedia Brazil", "en", K.ORGANIZATION, "ORG001")
ANA = Ref("Q700", "Ana", "en", K.PERSON, "Ana (demo)/café")
DEMONSTRATION = Ref("Q37", "demonstration data", "en", code="demonstration")
TYPE = Ref("Q30", "chapter", "en", code="chapter")
PROJECT = Ref("Q900", "Film school", "en", K.PROJECT, "PR0001")
EVENT = Ref("Q800", "Editing week", "en", K.EVENT, "EV0001")


def roots() -> tuple[CapacityNode, ...]:
    """Two roots, one with two levels beneath."""
    counts = RoleTallies(Tally(3, 7), Tally(1, 2), Tally(4, 9))
    editing = CapacityNode(EDITING, None, counts)
    media = CapacityNode(MEDIA, Text("Pictures, sound and video.", "en"), counts, (editing,))
    return (CapacityNode(ROOT, Text("Saying things well.", "en"), counts, (media,)), CapacityNode(TECHNOLOGY))


def hits() -> tuple[Hit, ...]:
    """A person and an organization with reasons of every kind."""
    reasons = (
        Reason(ReasonKind.CAPACITY, EDITING, MEDIA, Role.OFFERS),
        Reason(ReasonKind.LANGUAGE, PORTUGUESE, None, level="n"),
        Reason(ReasonKind.TERRITORY, BRAZIL, REGION),
        Reason(ReasonKind.PROJECT, COMMONS),
        Reason(ReasonKind.ORGANIZATION, CHAPTER),
        Reason(ReasonKind.NAME, text="Ana"),
    )
    person = Hit(ANA, ANA.code or "", "I cut films & <teach> it.", "2026-05-30T10:00:00Z", reasons)
    organization = Hit(CHAPTER, "ORG001", None, None, (Reason(ReasonKind.CAPACITY, ROOT, role=Role.WANTS),))
    return (person, organization)


def facets() -> Mapping[str, tuple[FacetValue, ...]]:
    """Every facet, capacities and territories as trees."""
    return {
        "class": (FacetValue(Ref("person", "person", code="person"), 40),),
        "role": tuple(FacetValue(Ref(role, role, code=role), 12) for role in Role),
        "capacity": (
            FacetValue(ROOT, 30),
            FacetValue(MEDIA, 20, parent="Q200"),
            FacetValue(EDITING, 10, parent="Q201"),
            FacetValue(TECHNOLOGY, 5),
        ),
        "language": (FacetValue(PORTUGUESE, 9),),
        "level": (FacetValue(Ref("n", "n", code="n"), 4),),
        "territory": (FacetValue(REGION, 8), FacetValue(BRAZIL, 7, parent="Q401")),
        "organization": (FacetValue(CHAPTER, 3),),
        "project": (FacetValue(COMMONS, 2),),
    }


EVERYBODY = SearchRequest(classes=(EntityKind.PERSON,), limit=0, facets=())
"""What is asked to see whether anybody is here."""


@dataclass
class FakeSearch:
    """Answers the same page to every search and remembers what was asked."""

    page: SearchPage = field(default_factory=lambda: SearchPage(42, hits(), facets(), 20, 1))
    people: int = 40
    """How many people there are, whatever a search finds."""
    asked: list[SearchRequest] = field(default_factory=list)
    failure: Exception | None = None

    def run(self, request: SearchRequest) -> SearchPage:
        self.asked.append(request)
        if self.failure:
            raise self.failure
        return SearchPage(self.people, ()) if request == EVERYBODY else self.page

    def query(self, request: SearchRequest) -> str:
        self.asked.append(request)
        return "SELECT ?entity { ?entity a capx:Person }"

    def suggest(self, text: str, *, kinds: tuple[EntityKind, ...], reader: tuple[str, ...], limit: int) -> Any:
        refs = (ref for ref in (EDITING, ANA, BRAZIL) if not kinds or ref.kind in kinds)
        return [FakeSuggestion(ref, text) for ref in refs][:limit]


@dataclass(frozen=True)
class FakeSuggestion:
    ref: Ref
    matched: str


def matches() -> Matches:
    """Every list with a hit that has everything to say."""
    learn = Served((TECHNOLOGY,), (Via(MEDIA, EDITING, (MEDIA, EDITING)),))
    share = Served((ROOT,))
    levels = (CommonLanguage(PORTUGUESE, "n", "3"),)
    ana = Match(
        ANA,
        ANA.code or "",
        4321,
        1,
        learn,
        share,
        levels,
        (BRAZIL,),
        None,
        (COMMONS,),
        (CHAPTER,),
        "2026-05-30T10:00:00Z",
        DEMONSTRATION,
    )
    chapter = Match(CHAPTER, "ORG001", 999, 0, learn, Served(), near=REGION, affiliations=(CHAPTER,))
    return Matches(
        person=ANA.code or "",
        lists={name: (chapter if name.endswith("organizations") else ana,) for name in RANKED},
        events=(EventMatch(EVENT, "2026-07-01T12:00:00Z", Served((EDITING,)), Served((), learn.via)),),
        capacities=(
            CapacityToConsider(EDITING, 12, 3, part_of=MEDIA),
            CapacityToConsider(TECHNOLOGY, 1, 0, beside=ROOT),
        ),
        totals=dict.fromkeys(LISTS, 31),
        hierarchy=True,
    )


@dataclass
class FakeMatching:
    """Knows one person, and answers the same matches for whoever asks; remembers the askers."""

    answer: Matches = field(default_factory=matches)
    stamp: str = "1"
    asked: list[tuple[Asker, int]] = field(default_factory=list)

    def asker(self, username: str) -> Asker:
        if username != ANA.code:
            raise NotFound(f"there is no person {username!r}")
        return Asker(item=ANA.id, name=username, wants=frozenset({MEDIA.id}), languages={PORTUGUESE.id: "n"})

    def matches(self, asker: Asker, *, reader: tuple[str, ...], limit: int) -> Matches:
        self.asked.append((asker, limit))
        return self.answer


def people() -> PeoplePage:
    return PeoplePage(30, (PersonLine(ANA, (EDITING,), "2026-05-30T10:00:00Z"),), 20)


def statement(role: Role) -> CapacityStatement:
    return CapacityStatement(
        role,
        EDITING,
        (ROOT, MEDIA),
        Ref("Q52", "advanced", "en"),
        (Ref("Q40", "mentoring", "en"),),
        Ref("Q45", "available", "en"),
        (Evidence("https://example.org/proof", "My talk"), Evidence("javascript:alert(1)", None)),
    )


@dataclass
class FakeProfiles:
    """Knows one thing of each class; ``label`` and ``text`` let a test put hostile text everywhere."""

    person_profile: PersonProfile = field(
        default_factory=lambda: PersonProfile(
            ANA,
            "Ana (demo)/café",
            "Ana",
            "she-her",
            "Ana.jpg",
            (Text("Corto filmes.", "pt"),),
            "2020-01-01T00:00:00Z",
            "2026-05-30T10:00:00Z",
            DEMONSTRATION,
            (statement(Role.OFFERS),),
            (statement(Role.WANTS),),
            (),
            (LanguageSkill(PORTUGUESE, "n"),),
            (BRAZIL,),
            (CHAPTER,),
            (COMMONS,),
            (CHAPTER,),
        )
    )
    nodes: tuple[CapacityNode, ...] = field(default_factory=roots)

    def directory(self, *, reader: tuple[str, ...]) -> tuple[CapacityNode, ...]:
        return self.nodes

    def capacity(self, value: str, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0) -> CapacityProfile:
        if value not in {"Q202", "wikidata:Q202"}:
            raise NotFound(f"there is no capacity {value!r}")
        return CapacityProfile(
            EDITING,
            Text("Cutting films.", "en"),
            (Text("video editing", "en"), Text("edição de vídeo", "pt")),
            (Text("film cutting", "en"),),
            (ROOT, MEDIA),
            (CapacityNode(TECHNOLOGY),),
            RoleTallies(Tally(3, 7), Tally(1, 2), Tally(4, 9)),
            people(),
            people(),
            PeoplePage(),
            (OrganizationLine(CHAPTER, TYPE, (EDITING,)),),
            (),
            (EventLine(EVENT, "2026-07-01T00:00:00Z"),),
            (Count(BRAZIL, 5), Count(REGION, 2)),
        )

    def person(self, username: str, *, reader: tuple[str, ...]) -> PersonProfile:
        if username != self.person_profile.username:
            raise NotFound(f"there is no person {username!r}")
        return self.person_profile

    def organization(
        self, value: str, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0
    ) -> OrganizationProfile:
        if value not in {"ORG001", "Q600"}:
            raise NotFound(f"there is no organization {value!r}")
        return OrganizationProfile(
            CHAPTER,
            Text("A chapter.", "en"),
            (Text("Wikimedia Brazil", "en"),),
            TYPE,
            ("https://wmb.example/", "javascript:alert(1)"),
            ("https://meta.example/WMB",),
            ("news",),
            ("Report.pdf",),
            DEMONSTRATION,
            (statement(Role.OFFERS),),
            (),
            (),
            (BRAZIL,),
            (Manager(ANA, "2024-01-01T00:00:00Z"),),
            people(),
            (EventLine(EVENT, "2026-07-01T00:00:00Z"),),
            (PROJECT,),
        )

    def territory(self, value: str, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0) -> TerritoryProfile:
        if value not in {"BR", "Q400"}:
            raise NotFound(f"there is no territory {value!r}")
        return TerritoryProfile(
            BRAZIL,
            (Text("Brazil", "en"), Text("البرازيل", "ar")),
            (REGION,),
            (TerritoryNode(Ref("Q402", "São Paulo", "en", K.TERRITORY, "BR-SP"), 4, 1),),
            Tally(3, 7),
            people(),
            (OrganizationLine(CHAPTER, TYPE),),
            (Count(PORTUGUESE, 6),),
            (Count(EDITING, 3),),
            (Count(ROOT, 1),),
        )

    def item(self, item_id: str, *, reader: tuple[str, ...]) -> Ref:
        known = {ref.id: ref for ref in (EDITING, ANA, BRAZIL, PORTUGUESE)}
        if item_id not in known:
            raise NotFound(f"there is no item {item_id!r}")
        return known[item_id]

    def event(self, value: str, *, reader: tuple[str, ...]) -> EventProfile:
        if value not in {"EV0001", "Q800"}:
            raise NotFound(f"there is no event {value!r}")
        return EventProfile(
            EVENT,
            Text("A week of editing.", "en"),
            "2026-07-01T12:00:00Z",
            "2026-07-07T12:00:00Z",
            Ref("Q34", "online", "en", code="virtual"),
            "Main hall",
            ("https://event.example/",),
            DEMONSTRATION,
            (CHAPTER,),
            (ANA,),
            (EDITING,),
            (BRAZIL,),
        )

    def project(self, value: str, *, reader: tuple[str, ...], limit: int = 20, offset: int = 0) -> ProjectProfile:
        if value not in {"PR0001", "Q900"}:
            raise NotFound(f"there is no project {value!r}")
        return ProjectProfile(
            PROJECT, Text("Films.", "en"), ("https://p.example/",), None, (CHAPTER,), (ANA,), (EDITING,)
        )


@dataclass
class FakeAnalytics:
    """Answers every panel with one line: labels that a test chooses, a count for each measure, the last one hidden."""

    label: str = "Brazil"
    stamp: str = "1"
    asked: list[PanelRequest] = field(default_factory=list)

    def panel(self, request: PanelRequest) -> PanelAnswer:
        self.asked.append(request)
        found = panel(request.name)
        key = tuple(self._ref(name) for name in found.keys)
        counts: tuple[int | None, ...] = (*range(7, 6 + len(found.measures)), None)
        return PanelAnswer(found, 1, (Line(key, counts),), 1, 5)

    def _ref(self, name: str) -> Ref:
        kinds = {"capacity": K.CAPACITY, "territory": K.TERRITORY, "language": K.LANGUAGE}
        words = {
            "month": "2026-05",
            "measure": "people",
            "class": "capacity",
            "severity": "Info",
            "language_code": "pt",
        }
        if name in kinds:
            return Ref("Q400", self.label, "en", kinds[name], "X1")
        return Ref(words.get(name, name), self.label, code=words.get(name, name))


ontology = cache(load_ontology)
instance = cache(lambda: load_instance("embedded"))


@dataclass
class FakeServices:
    search: FakeSearch = field(default_factory=FakeSearch)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    matching: FakeMatching = field(default_factory=FakeMatching)
    analytics: Any = field(default_factory=FakeAnalytics)
    groups: Any = None
    store: FakeStore = field(default_factory=FakeStore)
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    settings: settings.Settings = field(default_factory=lambda: settings.load({}))
    ontology: Ontology = field(default_factory=ontology)
    instance: Instance = field(default_factory=instance)
    namespaces: WikibaseNamespaces = field(default_factory=lambda: WikibaseNamespaces("http://capx.test"))
    standing: Any = field(default_factory=FakeStanding)
    demonstration: bool = True
    wiki_app: Any = field(default=wiki_app)
