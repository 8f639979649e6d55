"""Random items: the fast mapping to RDF agrees with a slow, literal reading of the rules."""

from __future__ import annotations

import json
from hashlib import sha1
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.rdf.times import xsd_date_time
from capx_graph.terms import RdfFormat, parse_rdf
from tests.houses.rdf import BASE, NAMESPACES, Wiki, canonical, item, prop
from tests.plain.rdf import JULIAN, WD, lexical_date, reading

DATATYPES = {
    "P1": "string",
    "P2": "external-id",
    "P3": "external-id",
    "P4": "url",
    "P5": "wikibase-item",
    "P6": "wikibase-property",
    "P7": "monolingualtext",
    "P8": "quantity",
    "P9": "time",
    "P10": "globe-coordinate",
    "P11": "commonsMedia",
    "P12": "tabular-data",
}
text = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='"\\\n'), min_size=1, max_size=12)
languages = st.sampled_from(["en", "pt-br", "ja", "sr-ec", "mul"])
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9).map(
    "{:+}".format
)
coordinates = st.one_of(st.integers(-90, 90), st.floats(-180, 180), st.floats(-0.001, 0.001))


@st.composite
def times(draw: st.DrawFn) -> dict[str, Any]:
    year = draw(st.one_of(st.integers(0, 5000), st.integers(0, 2_000_000)))
    month, day = draw(st.integers(0, 13)), draw(st.integers(0, 32))
    return {
        "time": f"{draw(st.sampled_from('+-'))}{year:04d}-{month:02d}-{day:02d}T00:00:00Z",
        "timezone": draw(st.sampled_from([0, 60, -90])),
        "before": 0,
        "after": draw(st.integers(0, 3)),
        "precision": draw(st.integers(0, 11)),
        "calendarmodel": draw(st.sampled_from([WD + "Q1985727", JULIAN])),
    }


@st.composite
def quantities(draw: st.DrawFn) -> dict[str, Any]:
    value = {"amount": draw(amounts), "unit": draw(st.sampled_from(["1", f"{BASE}/entity/Q9"]))}
    if draw(st.booleans()):
        value |= {"upperBound": draw(amounts), "lowerBound": draw(amounts)}
    return value


def _value(datatype: str) -> st.SearchStrategy[dict[str, Any]]:
    strings = text.map(lambda content: {"type": "string", "value": content})
    if datatype == "url":
        return st.sampled_from(["http://a.example/x?y=z#é", "mailto:a@b.c"]).map(
            lambda u: {"type": "string", "value": u}
        )
    if datatype in ("wikibase-item", "wikibase-property"):
        ids = ["Q8", "Q9", "Q404"] if datatype == "wikibase-item" else ["P1", "P404"]
        return st.sampled_from(ids).map(lambda i: {"type": "wikibase-entityid", "value": {"id": i}})
    if datatype == "monolingualtext":
        return st.builds(lambda t, c: {"type": datatype, "value": {"text": t, "language": c}}, text, languages)
    if datatype == "quantity":
        return quantities().map(lambda v: {"type": datatype, "value": v})
    if datatype == "time":
        return times().map(lambda v: {"type": datatype, "value": v})
    if datatype == "globe-coordinate":
        return st.builds(
            lambda lat, lon, precision, globe: {
                "type": "globecoordinate",
                "value": {"latitude": lat, "longitude": lon, "altitude": None, "precision": precision, "globe": globe},
            },
            coordinates,
            coordinates,
            st.sampled_from([1, 0.1, 1 / 3600, 1e-9, 1e20]),
            st.sampled_from([WD + "Q2", WD + "Q111"]),
        )
    return strings


@st.composite
def snaks(draw: st.DrawFn) -> dict[str, Any]:
    property_id = draw(st.sampled_from(sorted(DATATYPES)))
    snaktype = draw(st.sampled_from(["value", "value", "value", "somevalue", "novalue"]))
    snak = {"snaktype": snaktype, "property": property_id}
    if snaktype == "value":
        snak["datavalue"] = draw(_value(DATATYPES[property_id]))
    return snak


def _groups(found: list[dict[str, Any]]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for snak in found:
        groups.setdefault(snak["property"], []).append(snak)
    return groups


def _reference(found: list[dict[str, Any]]) -> dict[str, Any]:
    groups = _groups(found)
    return {"hash": sha1(json.dumps(groups, sort_keys=True).encode()).hexdigest(), "snaks": groups}


statements = st.fixed_dictionaries(
    {
        "mainsnak": snaks(),
        "rank": st.sampled_from(["normal", "normal", "preferred", "deprecated"]),
        "qualifiers": st.lists(snaks(), max_size=2).map(_groups),
        "references": st.lists(st.lists(snaks(), min_size=1, max_size=2).map(_reference), max_size=2),
    }
)
terms = st.dictionaries(languages, text, max_size=2)


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    entity = item("Q1", *draw(st.lists(statements, max_size=4)))
    for kind in ("labels", "descriptions"):
        entity[kind] = {code: {"language": code, "value": value} for code, value in draw(terms).items()}
    aliases = draw(st.dictionaries(languages, st.lists(text, min_size=1, max_size=2), max_size=2))
    entity["aliases"] = {code: [{"value": value} for value in values] for code, values in aliases.items()}
    return entity


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items(), st.sampled_from([Flavor.DUMP, Flavor.LONG, Flavor.SIMPLE]))
def test_the_mapping_agrees_with_a_literal_reading_of_the_rules(entity: dict[str, Any], flavor: Flavor) -> None:
    wiki = Wiki(formatters={"P2": "http://ids.example/$1/x"})
    for property_id, datatype in DATATYPES.items():
        wiki.add(prop(property_id, datatype))
    wiki.add(entity)
    expected = "".join(f"{s} {p} {o} .\n" for s, p, o in reading(wiki, "Q1", flavor))
    actual = EntityRdf(NAMESPACES, wiki).triples(wiki.pages["Q1"], flavor)
    assert canonical(actual) == canonical(list(parse_rdf(expected, RdfFormat.N_TRIPLES)))


@settings(max_examples=500, deadline=None)
@given(times())
def test_dates_agree_with_a_count_of_days(value: dict[str, Any]) -> None:
    found = xsd_date_time(value["time"], value["precision"], value["calendarmodel"])
    assert lexical_date(value).startswith(f'"{found or value["time"]}"')


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items())
def test_skolem_iris_name_the_same_graph_as_blank_nodes(entity: dict[str, Any]) -> None:
    wiki = Wiki()
    wiki.add(entity)
    rdf = EntityRdf(NAMESPACES, wiki)
    named = "".join(f"{triple} .\n" for triple in rdf.triples(wiki.pages["Q1"], Flavor.DUMP, skolem=True))
    blank = named.replace(f"<{BASE}/.well-known/genid/", "<urn:x>").split("<urn:x>")
    again = blank[0] + "".join(f"_:{part.replace('>', '', 1)}" for part in blank[1:])
    expected = rdf.triples(wiki.pages["Q1"], Flavor.DUMP)
    assert canonical(list(parse_rdf(again, RdfFormat.N_TRIPLES))) == canonical(expected)
