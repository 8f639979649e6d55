"""Functions that queries call by IRI, as on the Wikidata Query Service; run by ``store.workermain``.

Places are GeoSPARQL's well-known texts, ``Point(longitude latitude)``, as Wikibase writes coordinates. What a function
cannot take gives no value, like an error in any other expression.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode

GEOF = "http://www.opengis.net/def/geosparql/function/"
_WIKIBASE = "http://wikiba.se/ontology#"
_SOME_VALUE = "/.well-known/genid/"
_NUMBER = r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
_POINT = re.compile(rf"\s*(?:<[^>]*>\s*)?point\s*\(\s*{_NUMBER}\s+{_NUMBER}\s*\)\s*", re.IGNORECASE)
_EARTH = 6371.0088
"""Its mean radius in kilometres (International Union of Geodesy and Geophysics)."""


def distance(here: object, there: object, *unit: object) -> Literal | None:
    """The kilometres between two places along a great circle; a unit may be given and is not looked at, as there."""
    first, second = _point(here), _point(there)
    if first is None or second is None or len(unit) > 1:
        return None
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (first, second))
    part = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return Literal(2 * _EARTH * math.asin(math.sqrt(min(1.0, part))))


def latitude(place: object) -> Literal | None:
    """The second number of a place."""
    point = _point(place)
    return Literal(point[1]) if point else None


def longitude(place: object) -> Literal | None:
    """The first number of a place."""
    point = _point(place)
    return Literal(point[0]) if point else None


def is_some_value(term: object) -> Literal:
    """Whether a value is 'unknown value': there is one, nobody says which."""
    return Literal(isinstance(term, BlankNode) or (isinstance(term, NamedNode) and _SOME_VALUE in term.value))


def decode_uri(term: object) -> Literal | NamedNode | None:
    """A text or an IRI without percent signs."""
    if isinstance(term, Literal):
        return Literal(unquote(term.value))
    return NamedNode(unquote(term.value)) if isinstance(term, NamedNode) else None


FUNCTIONS: Mapping[NamedNode, Callable[..., Any]] = {
    NamedNode(GEOF + "distance"): distance,
    NamedNode(GEOF + "latitude"): latitude,
    NamedNode(GEOF + "longitude"): longitude,
    NamedNode(_WIKIBASE + "isSomeValue"): is_some_value,
    NamedNode(_WIKIBASE + "decodeUri"): decode_uri,
}


def _point(term: object) -> tuple[float, float] | None:
    match = _POINT.fullmatch(term.value) if isinstance(term, Literal) else None
    return (float(match[1]), float(match[2])) if match else None
