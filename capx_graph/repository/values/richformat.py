"""Values as wikitext and as HTML, in the forms that ``wbformatvalue`` and ``wbformatentities`` answer.

Any room of the repository may import it. Everything that comes from data is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from capx_graph import languages
from capx_graph.repository.ids import ITEM, kind_of, title_of
from capx_graph.repository.values import plainformat
from capx_graph.repository.values.words import value_words

COMMONS = "https://commons.wikimedia.org/wiki/"
_WIKITEXT = {
    '"': "&#34;",
    "&": "&#38;",
    "'": "&#39;",
    "<": "&#60;",
    "=": "&#61;",
    ">": "&#62;",
    "[": "&#91;",
    "]": "&#93;",
    "{": "&#123;",
    "|": "&#124;",
    "}": "&#125;",
    ";": "&#59;",
    "!!": "&#33;!",
    "__": "_&#95;",
    "://": "&#58;//",
    "~~~": "~~&#126;",
}
_LINE_START = {mark: f"&#{ord(mark)};" for mark in "!#*:+- "}
_ESCAPED = re.compile(r"(?<=\n)[!#*:+\- ]|!!|__|://|~~~|[\"&'<=>\[\]{|};]")


def escape_wikitext(text: str) -> str:
    """Text that means itself in wikitext."""
    return _ESCAPED.sub(lambda found: _WIKITEXT.get(found[0]) or _LINE_START[found[0]], f"\n{text}")[1:]


@dataclass(frozen=True, slots=True)
class Label:
    """An entity's name for a reader, and the language it is in."""

    text: str
    language: str


class RichFormat:
    """Formats for readers of one language; ``label_of`` finds names along its fallbacks."""

    def __init__(
        self, language: str, *, label_of: Callable[[str], Label | None], exists: Callable[[str], bool]
    ) -> None:
        self._language = language
        self._label_of = label_of
        self._exists = exists

    def plain(self, datavalue: Mapping[str, Any], options: Mapping[str, Any]) -> str:
        """Plain text."""
        if datavalue["type"] == "time":
            shown = _shows_calendar(datavalue["value"], options, default=False)
            return plainformat.time(datavalue["value"], self._language, show_calendar=shown)
        return plainformat.plain(datavalue, self._language, self._name)

    def wikitext(self, datavalue: Mapping[str, Any], datatype: str | None, options: Mapping[str, Any]) -> str:
        """Wikitext."""
        value = datavalue["value"]
        if datavalue["type"] == "wikibase-entityid":
            return self._wikitext_link(value["id"])
        if datavalue["type"] == "monolingualtext":
            return f'<span lang="{escape_wikitext(value["language"])}">{escape_wikitext(value["text"])}</span>'
        if datatype == "url":
            return str(value)
        if datatype == "commonsMedia":
            return f"[[File:{value}|frameless]]"
        if datatype in ("geo-shape", "tabular-data"):
            return f"[{_data_page_address(value)} {escape_wikitext(value)}]"
        return escape_wikitext(self.plain(datavalue, options))

    def verbose(self, datavalue: Mapping[str, Any], datatype: str | None, options: Mapping[str, Any]) -> str:
        """HTML with more about the value, which is the caption of a media file here."""
        if datatype != "commonsMedia":
            return self.html(datavalue, datatype, options)
        name = str(datavalue["value"])
        address = f"{COMMONS}File:{quote(name.replace(' ', '_'), safe=_PATH)}"
        return f'<div class="commons-media-caption"><a href="{_attribute(address)}">{_text(name)}</a></div>'

    def html(self, datavalue: Mapping[str, Any], datatype: str | None, options: Mapping[str, Any]) -> str:
        """HTML."""
        value = datavalue["value"]
        match datavalue["type"]:
            case "wikibase-entityid":
                return self.html_link(value["id"], base="")
            case "monolingualtext":
                return self._html_monolingual(value)
            case "time":
                text = escape(plainformat.time(value, self._language), quote=False)
                shown = _shows_calendar(value, options, default=plainformat.needs_calendar(value))
                return f'{text}<sup class="wb-calendar-name">{self._calendar(value)}</sup>' if shown else text
            case "quantity":
                return self._html_quantity(value)
        return self._html_string(value, datatype) or _escape_html5(self.plain(datavalue, options))

    def _html_string(self, value: object, datatype: str | None) -> str | None:
        text = str(value)
        if datatype == "url":
            address = _attribute(text)
            return f'<a rel="nofollow" class="external free" href="{address}">{_text(text)}</a>'
        if datatype == "commonsMedia":
            address = f"//commons.wikimedia.org/wiki/File:{quote(text.replace(' ', '_'), safe=_PATH)}"
            return f'<a class="extiw" href="{_attribute(address)}">{_text(text)}</a>'
        if datatype in ("geo-shape", "tabular-data"):
            return f'<a class="extiw" href="{_attribute(_data_page_address(text))}">{_text(text)}</a>'
        return None

    def html_external_id(self, text: str, template: str | None) -> str:
        """An external id, as a link when its property has a formatter."""
        address = _address(text, template)
        if address is None:
            return f'<span class="wb-external-id">{_text(text)}</span>'
        return f'<a class="wb-external-id external" href="{_attribute(address)}" rel="nofollow">{_text(text)}</a>'

    def wikitext_external_id(self, text: str, template: str | None) -> str:
        """An external id in wikitext."""
        address = _address(text, template)
        if address is None:
            return escape_wikitext(text)
        for character in "[]<>' \r\n\t":
            address = address.replace(character, f"%{ord(character):02X}")
        return f"[{address} {escape_wikitext(text)}]"

    def html_link(self, entity_id: str, *, base: str) -> str:
        """A link to the entity's page, under the entity's name."""
        label = self._label_of(entity_id)
        if label is None and not self._exists(entity_id):
            texts = value_words(self._language).texts
            gone = texts["deleted item" if kind_of(entity_id) == ITEM else "deleted property"]
            return f'{_broken_link(entity_id, base)} <span class="wb-entity-undefinedinfo">({_text(gone)})</span>'
        title = title_of(entity_id)
        name = label.text if label else entity_id
        foreign = label is not None and label.language != self._language
        lang = f' lang="{label.language}"' if label and foreign else ""
        link = f'<a title="{title}" href="{base}/wiki/{title}"{lang}>{_text(name)}</a>'
        if label is None or not foreign or _stem(label.language) == _stem(self._language):
            return link
        language_name = _text(languages.name(label.language, self._language))
        return f'{link}&nbsp;<sup class="wb-language-fallback-indicator">{language_name}</sup>'

    def _wikitext_link(self, entity_id: str) -> str:
        label = self._label_of(entity_id)
        name = escape_wikitext(label.text) if label else ""
        if kind_of(entity_id) != ITEM:
            return name or entity_id
        return f"[[{title_of(entity_id)}|{name}]]" if name else f"[[{title_of(entity_id)}]]"

    def _html_monolingual(self, value: Mapping[str, Any]) -> str:
        tag = escape(languages.bcp47(value["language"]))
        name = escape(languages.name(value["language"], self._language))
        return (
            f'<span lang="{tag}" class="wb-monolingualtext-value">{escape_wikitext(value["text"])}</span> '
            f'<span class="wb-monolingualtext-language-name" dir="auto">({name})</span>'
        )

    def _html_quantity(self, value: Mapping[str, Any]) -> str:
        number = escape(plainformat.quantity({**value, "unit": "1"}, self._language, self._name))
        unit = plainformat.unit_name(value["unit"], self._name)
        return f'{number} <span class="wb-unit">{escape(unit)}</span>' if unit else number

    def _calendar(self, value: Mapping[str, Any]) -> str:
        return escape(plainformat.calendar_name(value, self._language))

    def _name(self, entity_id: str) -> str | None:
        label = self._label_of(entity_id)
        return label.text if label else None


_PATH = "/:;@$!*(),~-._"


def _shows_calendar(value: Mapping[str, Any], options: Mapping[str, Any], *, default: bool) -> bool:
    asked = options.get("showcalendar")
    if asked == "auto":
        return plainformat.needs_calendar(value)
    return default if asked is None else bool(asked)


def _address(text: str, template: str | None) -> str | None:
    """The web address of an external id, unless its property has no formatter, or one that makes none."""
    address = template.replace("$1", quote(text, safe="/~")) if template else ""
    return address if address.partition(":")[0].lower() in ("http", "https", "tel") else None


def _broken_link(entity_id: str, base: str) -> str:
    """A deleted item is told by its id alone, a deleted property by a link to the page that is not there."""
    if kind_of(entity_id) == ITEM:
        return entity_id
    title = title_of(entity_id)
    return f'<a title="{title} (page does not exist)" href="{base}/wiki/{title}" class="new">{entity_id}</a>'


def _stem(language: str) -> str:
    return language.partition("-")[0]


def _data_page_address(name: str) -> str:
    return COMMONS + quote(name.replace(" ", "_"), safe=_PATH)


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _escape_html5(text: str) -> str:
    return escape(text).replace("&#x27;", "&apos;")
