"""The operations of the API: where each answers, its parameters, its example; parameters come from what parses them.

An operation's meaning is the message ``api-NAME``, a parameter's is named beside it. Examples are of the starter
directory and the demonstration, so they answer on a first run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from capx_graph.matching import LIMIT
from webapp.matching.asking import MOST as MOST_MATCHES
from webapp.search.parameters import MOST, PARAMETERS, SUGGESTED, SearchParameter

SWITCH = ("0", "1")
JSON = "application/json"
CALENDAR = "text/calendar"
PAGE, LINE = "text/html", "text/plain"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; its meaning is ``message`` filled with ``fillings``. ``least`` makes it a whole number."""

    name: str
    message: str
    example: str
    choices: tuple[str, ...] = ()
    repeatable: bool = False
    default: str = ""
    least: int | None = None
    most: int | None = None
    required: bool = False
    in_path: bool = False
    fillings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address answers; ``schema`` names the form of a JSON answer, ``forms`` its media types.

    ``refusals`` are the statuses of its refusals; their form is the same everywhere for a client that asks for
    JSON; for any other they come as ``refused_in``.
    """

    name: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    schema: str = ""
    forms: tuple[str, ...] = (JSON,)
    refusals: tuple[int, ...] = (400, 503)
    refused_in: str = JSON

    @property
    def example(self) -> str:
        """An address of this operation, with the parameters that it needs."""
        path = self.path
        for each in self.parameters:
            path = path.replace("{" + each.name + "}", each.example.replace(" ", "%20"))
        needed = [f"{each.name}={each.example}" for each in self.parameters if each.required and not each.in_path]
        return "?".join([path, "&".join(needed).replace(" ", "+")]) if needed else path


def _of_search(given: SearchParameter) -> Parameter:
    whole = {"limit": (0, MOST), "offset": (0, None)}.get(given.name, (None, None))
    return Parameter(
        given.name,
        f"parameter-{given.name}",
        given.example,
        given.choices,
        given.repeatable,
        given.default,
        least=whole[0],
        most=whole[1],
    )


_SEARCH = {each.name: _of_search(each) for each in PARAMETERS}
_USELANG = _SEARCH["uselang"]
_CAPACITY = replace(_SEARCH["capacity"], example="wikidata:Q11024")
_DESCENDANTS = _SEARCH["descendants"]
_GROUP = (
    Parameter("person", "api-parameter-person", "Demo Aster 16", repeatable=True),
    replace(_SEARCH["organization"], example="DEMO03"),
    _SEARCH["territory"],
)
_PERSON = Parameter("name", "api-parameter-name", "Demo Aster 16", required=True, in_path=True)
_ORGANIZATION = Parameter("code", "api-parameter-code", "DEMO03", required=True, in_path=True)
_EVENT = replace(_ORGANIZATION, example="DEMOEV01")
_CHOSEN = tuple(replace(_SEARCH[name], repeatable=False) for name in ("capacity", "territory", "language"))
_ROWS = Parameter("limit", "api-parameter-rows", "5", default="1000", least=0, most=100_000)
_QUERY = Parameter("query", "api-parameter-query", "ASK { ?s ?p ?o }", required=True)
_OF_ONE = (400, 404, 503)
_SOLVED = (400, 404, 429, 503, 504)
_PANEL = Parameter("panel", "api-parameter-panel", "languages", required=True, in_path=True)
_GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")

OPERATIONS = (
    Operation("search", "/search.json", tuple(_SEARCH.values()), "SearchAnswer"),
    Operation(
        "suggest",
        "/suggest.json",
        (
            replace(_SEARCH["q"], required=True, example="commun", message="api-parameter-beginning", most=SUGGESTED),
            _SEARCH["class"],
            _USELANG,
        ),
        "SuggestAnswer",
    ),
    Operation(
        "matches",
        "/person/{name}/matches.json",
        (
            _PERSON,
            Parameter(
                "limit",
                "matches-parameter-limit",
                "5",
                default=str(LIMIT),
                least=0,
                most=MOST_MATCHES,
                fillings=(MOST_MATCHES,),
            ),
            Parameter("hierarchy", "matches-parameter-hierarchy", "0", SWITCH, default="1"),
            Parameter("saved", "matches-parameter-saved", "1", SWITCH, default="0"),
            _USELANG,
        ),
        "MatchesAnswer",
        refusals=_OF_ONE,
    ),
    Operation(
        "rings",
        "/rings.json",
        (
            *(replace(each, required=each.name == "organization") for each in _GROUP),
            Parameter("shortest", "api-parameter-shortest", "2", default="3", least=2, most=5),
            Parameter("longest", "api-parameter-longest", "4", default="5", least=2, most=5),
            Parameter("common_language", "api-parameter-common_language", "0", SWITCH, default="1"),
            _DESCENDANTS,
            _USELANG,
        ),
        "RingsAnswer",
        refusals=_SOLVED,
    ),
    Operation(
        "team",
        "/team.json",
        (
            replace(_CAPACITY, required=True),
            replace(_SEARCH["language"], repeatable=False),
            *_GROUP,
            _DESCENDANTS,
            _USELANG,
        ),
        "TeamAnswer",
        refusals=_SOLVED,
    ),
    Operation(
        "organization-needs",
        "/organization/{code}/needs.json",
        (_ORGANIZATION, _USELANG),
        "NeedsAnswer",
        refusals=_OF_ONE,
    ),
    Operation("event-needs", "/event/{code}/needs.json", (_EVENT, _USELANG), "NeedsAnswer", refusals=_OF_ONE),
    Operation(
        "calendar",
        "/events.ics",
        (_CAPACITY, _SEARCH["territory"], replace(_SEARCH["organization"], example="DEMO03"), _DESCENDANTS, _USELANG),
        forms=(CALENDAR,),
        refused_in=PAGE,
    ),
    Operation(
        "organization-calendar",
        "/organization/{code}/events.ics",
        (_ORGANIZATION, _USELANG),
        forms=(CALENDAR,),
        refusals=_OF_ONE,
        refused_in=PAGE,
    ),
    Operation(
        "event-calendar",
        "/event/{code}.ics",
        (_EVENT, _USELANG),
        forms=(CALENDAR,),
        refusals=_OF_ONE,
        refused_in=PAGE,
    ),
    Operation("analytics", "/analytics.json", (*_CHOSEN, _ROWS, _USELANG), "AnalyticsAnswer"),
    Operation(
        "panel", "/analytics/{panel}.json", (_PANEL, *_CHOSEN, _ROWS, _USELANG), "AnalyticsAnswer", refusals=_OF_ONE
    ),
    Operation(
        "panel-table",
        "/analytics/{panel}.csv",
        (_PANEL, *_CHOSEN, _ROWS, _USELANG),
        forms=("text/csv",),
        refusals=_OF_ONE,
        refused_in=PAGE,
    ),
    Operation(
        "panel-picture",
        "/analytics/{panel}.svg",
        (_PANEL, *_CHOSEN, _USELANG),
        forms=("image/svg+xml",),
        refusals=_OF_ONE,
        refused_in=PAGE,
    ),
    Operation("dumps", "/dumps/index.json", (), "DumpsAnswer", refusals=()),
    Operation("dumps-description", "/dumps/dcat.ttl", (), forms=("text/turtle",), refusals=()),
    Operation("status", "/status.json", (), "StatusAnswer", refusals=()),
    Operation(
        "sparql",
        "/sparql",
        (
            _QUERY,
            Parameter("format", "api-parameter-format", "json"),
            Parameter("default-graph-uri", "api-parameter-graph", "http://example.org/graph", repeatable=True),
            Parameter("named-graph-uri", "api-parameter-graph", "http://example.org/graph", repeatable=True),
            _USELANG,
        ),
        forms=(
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/csv",
            "text/tab-separated-values",
            *_GRAPHS,
        ),
        refusals=(400, 403, 406, 413, 429, 502, 503, 504),
        refused_in=LINE,
    ),
    Operation("void", "/.well-known/void", (), forms=_GRAPHS, refusals=(406, 503), refused_in=LINE),
    Operation("reconcile", "/reconcile", (_USELANG,), refusals=_OF_ONE),
)
"""Every operation, in the order of the page."""
