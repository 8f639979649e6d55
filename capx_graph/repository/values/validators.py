"""What the datatype of a property demands of a value; raises Refused with Wikibase's message names.

Any room of the repository may import it. ``Validators`` needs to know which entities exist and which languages
are known; it judges values in the normal form that datavalues.py makes. Names of files and data pages are checked
for their form only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from capx_graph.namespaces import WIKIDATA
from capx_graph.repository.ids import ITEM, PROPERTY, kind_of, link_to, parse_id, parse_of_kind
from capx_graph.repository.refusals import refused_value
from capx_graph.repository.values.datatypes import VALUE_TYPES

_STRING_LENGTH = 400
_URL_BYTES = 500
_IRI_BYTES = 255
_FILE_NAME_LENGTH = 240
_SHOWN = 32
_VERTICAL_OR_EDGE = re.compile(r"^\s|[\n\v\f\r\x85\u2028\u2029\t]|\s$")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SCHEME = re.compile(r"([-+.a-zA-Z0-9]+):")
_URL_CHARACTER = r"[^\]\[<>\"\x00-\x20\x7F\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufffd]"
_SLASHED = ("bzr", "cvs", "ftp", "git", "http", "https", "irc", "ircs", "ssh", "svn", "telnet")
_URL_FORMS = {scheme: re.compile(rf"{scheme}://{_URL_CHARACTER}+\Z", re.IGNORECASE) for scheme in _SLASHED} | {
    "mailto": re.compile(rf"mailto:{_URL_CHARACTER}+@{_URL_CHARACTER}+\Z", re.IGNORECASE)
}
_FILE_EXTENSION = re.compile(r"\.\w{2,}\Z")
_FILE_CHARACTERS = re.compile(r"[^#/:\[\\\]{|}]+\Z")
_DATA_PAGE = r"Data:[^\[\]#\\:{|}]+"
_GEO_SHAPE = re.compile(rf"{_DATA_PAGE}\.map\Z")
_TABULAR_DATA = re.compile(rf"{_DATA_PAGE}\.tab\Z")
_MIDNIGHT = "T00:00:00Z"
_MONTH_PRECISION = 10
_DAY_PRECISION = 11


class Validators:
    """Judges values by the datatype of their property."""

    def __init__(
        self,
        *,
        entity_base: str,
        exists: Callable[[str], bool],
        known_language: Callable[[str], bool],
    ) -> None:
        self._entity_base = entity_base
        self._exists = exists
        self._known_language = known_language
        self._by_datatype: dict[str, Callable[[Any], None]] = {
            "commonsMedia": _media,
            "geo-shape": _geo_shape,
            "tabular-data": _tabular_data,
            "globe-coordinate": _coordinate,
            "monolingualtext": self._monolingual,
            "quantity": self._quantity,
            "string": _string,
            "external-id": _string,
            "time": _time,
            "url": _url,
            "wikibase-item": self._item,
            "wikibase-property": self._property,
        }

    def also_existing(self, ids: frozenset[str]) -> Validators:
        """The same rules where these entities count as existing, because they are about to be written."""
        exists = self._exists
        return Validators(
            entity_base=self._entity_base,
            exists=lambda entity_id: entity_id in ids or exists(entity_id),
            known_language=self._known_language,
        )

    def check(self, datavalue: Mapping[str, Any], datatype: str) -> None:
        """Raises Refused when a property of this datatype cannot have the value."""
        actual, expected = datavalue["type"], VALUE_TYPES[datatype]
        if actual != expected:
            raise refused_value(f"Bad value type: {actual}, expected {expected}", "bad-value-type", actual, expected)
        self._by_datatype[datatype](datavalue["value"])

    def _monolingual(self, value: Mapping[str, Any]) -> None:
        _text(value["text"], _STRING_LENGTH)
        if not self._known_language(value["language"]):
            raise refused_value("the language is not known", "not-a-language", value["language"])

    def _quantity(self, value: Mapping[str, Any]) -> None:
        unit = value["unit"]
        local = unit.removeprefix(self._entity_base)
        if unit != "1" and (local == unit or parse_of_kind(local, ITEM) != local):
            raise refused_value("the unit is 1 or the IRI of an item here", "not-allowed", unit)

    def _item(self, value: Mapping[str, Any]) -> None:
        self._entity(value, ITEM)

    def _property(self, value: Mapping[str, Any]) -> None:
        self._entity(value, PROPERTY)

    def _entity(self, value: Mapping[str, Any], kind: str) -> None:
        if value["entity-type"] != kind:
            raise refused_value(f"the value is no {kind}", "bad-entity-type", value["entity-type"])
        if not self._exists(value["id"]):
            raise refused_value(f"there is no {value['id']}", "no-such-entity", link_to(value["id"]))


def check_length(text: str, most: int, *, least: int = 1, prefix: str = "", in_bytes: bool = False) -> None:
    """Refuses text of fewer or more characters (or bytes), under ``<prefix>too-short`` and ``<prefix>too-long``."""
    length = len(text.encode()) if in_bytes else len(text)
    if length < least:
        raise refused_value(f"the text is shorter than {least}", f"{prefix}too-short", str(least), text)
    if length > most:
        raise refused_value(f"the text is longer than {most}", f"{prefix}too-long", str(most), _shortened(text))


def _shortened(text: str) -> str:
    """The beginning of a long text as messages quote it: 29 bytes and three dots."""
    return text.encode()[: _SHOWN - 3].decode(errors="replace") + "..."


def _text(text: str, most: int) -> None:
    check_length(text, most)
    # Control characters pass in Wikibase, but XML and therefore RDF/XML has no way to write them.
    if _VERTICAL_OR_EDGE.search(text) or _CONTROL.search(text):
        raise refused_value("space at the ends, or a tab or newline", "illegal-string-chars", text)


def _string(text: str) -> None:
    _text(text, _STRING_LENGTH)


def _url(text: str) -> None:
    check_length(text, _URL_BYTES, least=2, in_bytes=True)
    scheme = _SCHEME.match(text)
    if not scheme:
        raise refused_value("the URL has no scheme", "url-scheme-missing", text)
    name = scheme[1].lower()
    form = _URL_FORMS.get(name)
    if form is None:
        raise refused_value(f"URLs of scheme {name} are not taken", "bad-url-scheme", name)
    if not form.match(text):
        raise refused_value("the URL is malformed", "bad-url", text)


def _media(name: str) -> None:
    _text(name, _FILE_NAME_LENGTH)
    if not _FILE_EXTENSION.search(name):
        raise refused_value("the name of a file has an extension", "check-file-type", name)
    if not _FILE_CHARACTERS.match(name):
        raise refused_value("the name of a file has no # / : [ ] { | }", "illegal-file-chars", name)


def _geo_shape(name: str) -> None:
    _text(name, _FILE_NAME_LENGTH)
    if not _GEO_SHAPE.match(name):
        raise refused_value("a geographic shape is called Data:….map", "illegal-geo-shape-title", name)


def _tabular_data(name: str) -> None:
    _text(name, _FILE_NAME_LENGTH)
    if not _TABULAR_DATA.match(name):
        raise refused_value("tabular data is called Data:….tab", "illegal-tabular-data-title", name)


def _coordinate(value: Mapping[str, Any]) -> None:
    if value["precision"] is None:
        raise refused_value("a coordinate has a precision", "missing-field", "precision")
    _entity_iri(value["globe"], WIKIDATA)


def _time(value: Mapping[str, Any]) -> None:
    time, precision = value["time"], value["precision"]
    _entity_iri(value["calendarmodel"], WIKIDATA)
    if not time.endswith(_MIDNIGHT):
        raise refused_value("times of day are not taken", "malformed-value", time)
    if precision > _DAY_PRECISION:
        raise refused_value(
            f"the precision is at most {_DAY_PRECISION}", "too-high", str(_DAY_PRECISION), str(precision)
        )
    month, day = time[-15:-13], time[-12:-10]
    if (precision >= _MONTH_PRECISION and month == "00") or (precision == _DAY_PRECISION and day == "00"):
        raise refused_value("a month or day is missing", "malformed-value", time)


def _entity_iri(iri: str, base: str) -> None:
    check_length(iri, _IRI_BYTES, least=2, in_bytes=True)
    scheme = _SCHEME.match(iri)
    if not scheme:
        raise refused_value("the IRI has no scheme", "url-scheme-missing", iri)
    name = scheme[1].lower()
    if name not in ("http", "https"):
        raise refused_value(f"IRIs of scheme {name} are not taken", "bad-url-scheme", name)
    if not _URL_FORMS[name].match(iri):
        raise refused_value("the IRI is malformed", "bad-url", iri)
    local = iri.removeprefix(base)
    if local == iri:
        raise refused_value(f"the IRI does not begin with {base}", "bad-prefix", iri, base)
    entity_id = parse_id(local)
    if entity_id != local:
        raise refused_value("the IRI does not end with an entity id", "bad-entity-id", local)
    if kind_of(entity_id) != ITEM:
        raise refused_value("the IRI is not that of an item", "bad-entity-type", kind_of(entity_id))
