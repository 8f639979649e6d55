"""What the datatype of a property demands of a value; raises Refused with Wikibase's message names.

Any room of the repository may import it. ``Validators`` needs to know which entities exist and which languages
are known; it judges values in the normal form that datavalues.py makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from capx_graph.namespaces import WIKIDATA
from capx_graph.repository.datatypes import VALUE_TYPES
from capx_graph.repository.ids import link_to, parse_id
from capx_graph.repository.refusals import refused_value

_SHOWN = 20
_STRING_LENGTH = 400
_URL_LENGTH = 500
_FILE_NAME_BYTES = 240
_EDGE_OR_CONTROL = re.compile(r"^\s|\s$|[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_URL_SCHEMES = (
    "bzr", "cvs", "ftp", "git", "gopher", "http", "https", "irc", "mailto", "ssh", "svn",
)  # fmt: skip
_MIDNIGHT = "T00:00:00Z"
_DAY = 11


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
            "commonsMedia": self._media,
            "geo-shape": self._geo_shape,
            "tabular-data": self._tabular_data,
            "globe-coordinate": self._coordinate,
            "monolingualtext": self._monolingual,
            "quantity": self._quantity,
            "string": self._string,
            "external-id": self._string,
            "time": self._time,
            "url": self._url,
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
        expected = VALUE_TYPES[datatype]
        if datavalue["type"] != expected:
            raise refused_value(
                f"the value is of type {datavalue['type']}, not {expected}",
                "bad-value-type",
                datavalue["type"],
                expected,
            )
        self._by_datatype[datatype](datavalue["value"])

    def _string(self, text: str) -> None:
        check_length(text, _STRING_LENGTH)
        _check_characters(text)

    def _url(self, text: str) -> None:
        check_length(text, _URL_LENGTH)
        _check_characters(text)
        scheme = _SCHEME.match(text)
        if not scheme:
            raise refused_value("the URL has no scheme", "url-scheme-missing", text)
        if scheme[1].lower() not in _URL_SCHEMES:
            raise refused_value(f"URLs of scheme {scheme[1]} are not taken", "bad-url-scheme", scheme[1])
        if not re.match(_URL_FORMS.get(scheme[1].lower(), _ANY_URL), text[len(scheme[0]) :]):
            raise refused_value("the URL is malformed", "bad-url", text)

    def _media(self, name: str) -> None:
        check_length(name, _FILE_NAME_BYTES)
        _check_characters(name)
        if re.search(r"[#/:\\]", name):
            raise refused_value("a file name has no #, / or :", "illegal-file-chars")
        if not re.search(r".\.\w{2,5}\Z", name):
            raise refused_value("a file name has an extension", "illegal-file-chars")

    def _geo_shape(self, name: str) -> None:
        _data_page(name, ".map")

    def _tabular_data(self, name: str) -> None:
        _data_page(name, ".tab")

    def _coordinate(self, value: Mapping[str, Any]) -> None:
        if value["precision"] is None:
            raise refused_value("a coordinate has a precision", "missing-field", "precision")
        _check_iri(value["globe"])

    def _monolingual(self, value: Mapping[str, Any]) -> None:
        check_length(value["text"], _STRING_LENGTH)
        _check_characters(value["text"])
        if not self._known_language(value["language"]):
            raise refused_value("the language is not known", "not-a-known-language", value["language"])

    def _quantity(self, value: Mapping[str, Any]) -> None:
        unit = value["unit"]
        if unit == "1":
            return
        local = unit.removeprefix(self._entity_base)
        if local == unit or parse_id(local) is None or not local.startswith("Q"):
            raise refused_value("the unit is 1 or the IRI of an item here", "not-allowed", unit)

    def _time(self, value: Mapping[str, Any]) -> None:
        time = value["time"]
        _check_iri(value["calendarmodel"])
        precision = value["precision"]
        month_and_day = time[-15:-10]
        whole_day = precision != _DAY or "00" not in (month_and_day[:2], month_and_day[3:])
        if not time.endswith(_MIDNIGHT) or precision > _DAY or not whole_day:
            raise refused_value("the time is not a whole day, month or year", "malformed-value", time)

    def _item(self, value: Mapping[str, Any]) -> None:
        self._entity(value, "item")

    def _property(self, value: Mapping[str, Any]) -> None:
        self._entity(value, "property")

    def _entity(self, value: Mapping[str, Any], kind: str) -> None:
        if value["entity-type"] != kind:
            raise refused_value(f"the value is no {kind}", "bad-entity-type", value["entity-type"])
        if not self._exists(value["id"]):
            raise refused_value(f"there is no {value['id']}", "no-such-entity", link_to(value["id"]))


_ANY_URL = r"\S+\Z"
_URL_FORMS = {
    "http": r"//[^\s/]+(?:/\S*)?\Z",
    "https": r"//[^\s/]+(?:/\S*)?\Z",
    "mailto": r"[^\s@]+@[^\s@]+\Z",
}


def check_length(text: str, most: int, *, prefix: str = "") -> None:
    """Refuses empty text and text of more than ``most`` characters."""
    if not text:
        raise refused_value("the text is empty", f"{prefix}too-short", "1", "")
    if len(text) > most:
        raise refused_value(f"the text is longer than {most}", f"{prefix}too-long", str(most), shortened(text))


def shortened(text: str) -> str:
    """The beginning of a long text, as messages quote it."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _check_characters(text: str) -> None:
    if _EDGE_OR_CONTROL.search(text):
        raise refused_value(
            "the text begins or ends with space or has control characters", "illegal-string-chars", text
        )


def _check_iri(text: str) -> None:
    check_length(text, _STRING_LENGTH)
    if not text.startswith(WIKIDATA):
        raise refused_value(f"the IRI does not begin with {WIKIDATA}", "bad-prefix", text, WIKIDATA)


def _data_page(name: str, suffix: str) -> None:
    check_length(name, _FILE_NAME_BYTES)
    _check_characters(name)
    if not name.startswith("Data:") or not name.endswith(suffix):
        raise refused_value(f"a data page is called Data:…{suffix}", "illegal-geo-shape-title", name)
