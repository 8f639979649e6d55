"""The rules of Wikibase's RDF mapping read slowly and literally, to hold the fast mapping against.

Written from the description of the reference (rule by rule, as text), sharing no code with the mapping: triples are
N-Triples lines, numbers are Decimals, dates go through the day count of Python's own calendar.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from hashlib import md5
from itertools import count
from typing import Any

from tests.houses.rdf import BASE, Wiki

WIKIBASE = "http://wikiba.se/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
WD = "http://www.wikidata.org/entity/"
JULIAN = WD + "Q1985786"
SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"

Line = tuple[str, str, str]
Json = Mapping[str, Any]


def reading(wiki: Wiki, entity_id: str, flavor: str) -> set[Line]:
    """All triples of an item, blank nodes under any name."""
    entity = wiki.pages[entity_id].entity
    assert entity is not None
    statements = [statement for group in entity["claims"].values() for statement in group]
    lines = set(_data_node(wiki, entity, statements, flavor))
    lines |= set(_terms(f"<{BASE}/entity/{entity_id}>", entity, None))
    fresh = (f"_:n{number}" for number in count())
    for property_id, group in entity["claims"].items():
        ranks = [statement["rank"] for statement in group]
        best = "preferred" if "preferred" in ranks else "normal"
        for statement in group:
            if flavor != "long" and statement["rank"] == best:
                lines |= set(_direct(wiki, entity_id, property_id, statement["mainsnak"], fresh))
            if flavor != "simple":
                lines |= set(_statement(wiki, entity_id, statement, fresh, best=best, nodes=flavor != "long"))
    if flavor != "simple":
        unique = {json.dumps(r, sort_keys=True): r for s in statements for r in s.get("references", [])}
        for reference in unique.values():
            lines |= set(_reference(wiki, reference, fresh, nodes=flavor != "long"))
    return lines


def _iri(prefix: str, name: str) -> str:
    return f"<{BASE}/{prefix}{name}>"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'


def _typed(text: str, name: str) -> str:
    return f"{_quoted(text)}^^<{XSD}{name}>"


def _data_node(wiki: Wiki, entity: Json, statements: list[Json], flavor: str) -> Iterator[Line]:
    data, subject = _iri("wiki/Special:EntityData/", entity["id"]), _iri("entity/", entity["id"])
    yield data, TYPE, "<http://schema.org/Dataset>"
    yield data, "<http://schema.org/about>", subject
    yield data, "<http://creativecommons.org/ns#license>", "<http://creativecommons.org/publicdomain/zero/1.0/>"
    yield data, "<http://schema.org/softwareVersion>", '"1.0.0"'
    yield data, "<http://schema.org/version>", _typed("7", "integer")
    yield data, "<http://schema.org/dateModified>", _typed("2026-06-01T12:00:00Z", "dateTime")
    yield subject, TYPE, f"<{WIKIBASE}Item>"
    if flavor == "dump":
        external = [s for s in statements if wiki.datatype(s["mainsnak"]["property"]) == "external-id"]
        yield data, f"<{WIKIBASE}statements>", _typed(str(len(statements)), "integer")
        yield data, f"<{WIKIBASE}sitelinks>", _typed("0", "integer")
        yield data, f"<{WIKIBASE}identifiers>", _typed(str(len(external)), "integer")


def _terms(subject: str, entity: Json, languages: list[str] | None) -> Iterator[Line]:
    for language, label in entity["labels"].items():
        if languages is None or language in languages:
            for predicate in (
                "http://www.w3.org/2000/01/rdf-schema#label",
                "http://www.w3.org/2004/02/skos/core#prefLabel",
                "http://schema.org/name",
            ):
                yield subject, f"<{predicate}>", f"{_quoted(label['value'])}@{language}"
    for language, description in entity["descriptions"].items():
        yield subject, "<http://schema.org/description>", f"{_quoted(description['value'])}@{language}"
    for language, aliases in entity["aliases"].items():
        for alias in aliases:
            yield subject, "<http://www.w3.org/2004/02/skos/core#altLabel>", f"{_quoted(alias['value'])}@{language}"


def _direct(wiki: Wiki, entity_id: str, property_id: str, snak: Json, fresh: Iterator[str]) -> Iterator[Line]:
    subject = _iri("entity/", entity_id)
    if snak["snaktype"] == "novalue":
        yield subject, TYPE, _iri("prop/novalue/", property_id)
    elif snak["snaktype"] == "somevalue":
        yield subject, _iri("prop/direct/", property_id), next(fresh)
    else:
        yield subject, _iri("prop/direct/", property_id), _plain(wiki, snak)
        if property_id in wiki.formatters:
            yield subject, _iri("prop/direct-normalized/", property_id), _normalized(wiki, snak)


def _statement(
    wiki: Wiki, entity_id: str, statement: Json, fresh: Iterator[str], *, best: str, nodes: bool
) -> Iterator[Line]:
    node = _iri("entity/statement/", statement["id"].replace("$", "-"))
    property_id = statement["mainsnak"]["property"]
    yield _iri("entity/", entity_id), _iri("prop/", property_id), node
    yield node, TYPE, f"<{WIKIBASE}Statement>"
    yield node, f"<{WIKIBASE}rank>", f"<{WIKIBASE}{statement['rank'].title()}Rank>"
    if statement["rank"] == best:
        yield node, TYPE, f"<{WIKIBASE}BestRank>"
    yield from _snak(wiki, node, "statement", statement["mainsnak"], fresh, nodes=nodes)
    for group in statement.get("qualifiers", {}).values():
        for snak in group:
            yield from _snak(wiki, node, "qualifier", snak, fresh, nodes=nodes)
    for reference in statement.get("references", []):
        yield node, "<http://www.w3.org/ns/prov#wasDerivedFrom>", _iri("reference/", reference["hash"])


def _reference(wiki: Wiki, reference: Json, fresh: Iterator[str], *, nodes: bool) -> Iterator[Line]:
    node = _iri("reference/", reference["hash"])
    yield node, TYPE, f"<{WIKIBASE}Reference>"
    for group in reference["snaks"].values():
        for snak in group:
            yield from _snak(wiki, node, "reference", snak, fresh, nodes=nodes)


def _snak(wiki: Wiki, node: str, place: str, snak: Json, fresh: Iterator[str], *, nodes: bool) -> Iterator[Line]:
    property_id = snak["property"]
    if snak["snaktype"] == "novalue":
        yield node, TYPE, _iri("prop/novalue/", property_id)
        return
    if snak["snaktype"] == "somevalue":
        yield node, _iri(f"prop/{place}/", property_id), next(fresh)
        return
    yield node, _iri(f"prop/{place}/", property_id), _plain(wiki, snak)
    if property_id in wiki.formatters:
        yield node, _iri(f"prop/{place}/value-normalized/", property_id), _normalized(wiki, snak)
    details = list(_details(snak["datavalue"])) if nodes else []
    if details:
        value = _iri("value/", _name(snak["datavalue"]))
        yield node, _iri(f"prop/{place}/value/", property_id), value
        for predicate, term in details:
            yield value, TYPE if predicate == "a" else f"<{WIKIBASE}{predicate}>", term


def _plain(wiki: Wiki, snak: Json) -> str:
    datatype, value = wiki.datatype(snak["property"]), snak["datavalue"]["value"]
    match datatype:
        case "string" | "external-id":
            return _quoted(value)
        case "url":
            return f"<{value}>"
        case "commonsMedia":
            return f"<http://commons.wikimedia.org/wiki/Special:FilePath/{_percent(value, SAFE)}>"
        case "geo-shape" | "tabular-data":
            return f"<http://commons.wikimedia.org/data/main/{_title(value)}>"
        case "wikibase-item" | "wikibase-property":
            return _iri("entity/", value["id"])
        case "monolingualtext":
            return f"{_quoted(value['text'])}@{value['language']}"
        case "quantity":
            return _typed(value["amount"], "decimal")
        case "time":
            return lexical_date(value)
        case "globe-coordinate":
            globe = "" if value["globe"] == WD + "Q2" else f"<{value['globe']}> "
            point = f"{globe}Point({_number(value['longitude'])} {_number(value['latitude'])})"
            return f'"{point}"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    raise AssertionError(datatype)


def _percent(text: str, safe: str) -> str:
    return "".join(c if c in safe else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)


def _title(text: str) -> str:
    return "+".join(_percent(part, SAFE + ";@$!*(),/:") for part in text.split(" "))


def _normalized(wiki: Wiki, snak: Json) -> str:
    return f"<{wiki.formatters[snak['property']].replace('$1', _title(snak['datavalue']['value']))}>"


def _number(number: float) -> str:
    """At most 14 digits; from 0.0001 to 10^14 as a decimal fraction, else with an exponent."""
    rounded = Context(prec=14).create_decimal(Decimal(number))
    if rounded == 0:
        return "-0" if isinstance(number, float) and str(number).startswith("-") else "0"
    if -4 <= rounded.adjusted() <= 14:
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = "".join(map(str, rounded.as_tuple().digits)).rstrip("0")
    sign = "-" if rounded < 0 else ""
    exponent = rounded.adjusted()
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{'-' if exponent < 0 else '+'}{abs(exponent)}"


def lexical_date(value: Json) -> str:
    text = value["time"]
    years, months, days = text[1:].split("T")[0].split("-")
    year, month, day = int(years), int(months), int(days)
    if year == 0:
        return _quoted(text)
    if text[0] == "-":
        year = -year
    month = 1 if month < 1 else min(month, 12)
    day = max(day, 1)
    precision = value["precision"]
    if value["calendarmodel"] == JULIAN and precision == 11 and -4713 < year <= 1465072 and day <= 31:
        year, month, day = _from_julian(year + 1 if year < 0 else year, month, day)
        return _day(year, month, day)
    if precision < 11:
        day = 1
    if precision < 10:
        month = 1
    astronomical = year + 1 if year < 0 else year
    while day > 28 and not _exists(astronomical, month, day):
        day -= 1
    return _day(astronomical if precision >= 9 else year, month, day)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year % 400 + 2000, month, day)
    except ValueError:
        return False
    return True


def _from_julian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Counts days from 1 March of a Julian leap year, then asks Python's Gregorian calendar."""
    cycles = (year - 4) // 4
    days = cycles * 1461
    inside = year - cycles * 4
    for step_year in range(4, inside):
        days += 366 if step_year % 4 == 0 else 365
    lengths = [31, 29 if inside % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days += sum(lengths[: month - 1]) + day - 1
    # 1 January of Julian year 4 is 30 December of year 3 in the Gregorian calendar.
    ordinal = date(3, 12, 30).toordinal() + days
    shift = (ordinal - 1) // 146097
    found = date.fromordinal(ordinal - shift * 146097)
    return found.year + 400 * shift, found.month, found.day


def _day(year: int, month: int, day: int) -> str:
    sign = "-" if year < 0 else ""
    return _typed(f"{sign}{str(abs(year)).zfill(4)}-{str(month).zfill(2)}-{str(day).zfill(2)}T00:00:00Z", "dateTime")


def _details(datavalue: Json) -> Iterator[tuple[str, str]]:
    value = datavalue["value"]
    if datavalue["type"] == "quantity":
        yield "a", f"<{WIKIBASE}QuantityValue>"
        yield "quantityAmount", _typed(value["amount"], "decimal")
        if "upperBound" in value:
            yield "quantityUpperBound", _typed(value["upperBound"], "decimal")
            yield "quantityLowerBound", _typed(value["lowerBound"], "decimal")
        yield "quantityUnit", f"<{WD}Q199>" if value["unit"] == "1" else f"<{value['unit']}>"
    elif datavalue["type"] == "time":
        yield "a", f"<{WIKIBASE}TimeValue>"
        yield "timeValue", lexical_date(value)
        yield "timePrecision", _typed(str(value["precision"]), "integer")
        yield "timeTimezone", _typed(str(value["timezone"]), "integer")
        yield "timeCalendarModel", f"<{value['calendarmodel']}>"
    elif datavalue["type"] == "globecoordinate":
        yield "a", f"<{WIKIBASE}GlobecoordinateValue>"
        yield "geoLatitude", _typed(_number(value["latitude"]), "double")
        yield "geoLongitude", _typed(_number(value["longitude"]), "double")
        yield "geoPrecision", _typed(_number(value["precision"]), "double")
        yield "geoGlobe", f"<{value['globe']}>"


def _name(datavalue: Json) -> str:
    """The name of a value node: the MD5 of the value as PHP serialises it."""
    value = datavalue["value"]

    def wrapped(name: str, content: str) -> str:
        return f'C:{len(name)}:"{name}":{len(content)}:{{{content}}}'

    def decimal(text: str) -> str:
        return wrapped("DataValues\\DecimalValue", f's:{len(text)}:"{text}";')

    if datavalue["type"] == "globecoordinate":
        numbers = [_number(value[key]) for key in ("latitude", "longitude", "precision")]
        text = "|".join([*numbers, value["globe"]])
    elif datavalue["type"] == "time":
        keys = ["time", "timezone", "before", "after", "precision", "calendarmodel"]
        parts = [json.dumps(value[key]) for key in keys]
        text = wrapped("DataValues\\TimeValue", f"[{','.join(parts)}]".replace("/", "\\/"))
    else:
        items = [decimal(value["amount"]), f's:{len(value["unit"])}:"{value["unit"]}";']
        bounded = "upperBound" in value
        if bounded:
            items += [decimal(value["upperBound"]), decimal(value["lowerBound"])]
        content = "".join(f"i:{index};{item}" for index, item in enumerate(items))
        name = "DataValues\\QuantityValue" if bounded else "DataValues\\UnboundedQuantityValue"
        text = wrapped(name, f"a:{len(items)}:{{{content}}}")
    return md5(text.encode()).hexdigest()
