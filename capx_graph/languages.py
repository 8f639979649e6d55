"""Language codes as MediaWiki knows them: fallback chains, directions, names, and what Wikibase accepts.

Anyone may import this leaf. The codes, autonyms and fallbacks are facts of MediaWiki (Names.php and the
message files of 1.39 to 1.43) and of Wikibase's list of content languages, kept in ``languages.tsv``; names of
languages in other languages, plural rules and formats come from CLDR through Babel. A wiki code is not a BCP 47
tag: ``sr-ec`` is Serbian in Cyrillic and ``simple`` is English, so ``bcp47`` stands between the two worlds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

LAST_RESORT = "en"
"""The end of every chain."""

_HOME = {"pt": "PT"}
"""Countries of codes that CLDR takes for the language of another one, which has a code of its own in wikis."""

_TABLE = Path(__file__).with_name("languages.tsv")

_BCP47 = {
    "als": "gsw",
    "bat-smg": "sgs",
    "be-x-old": "be-tarask",
    "cbk-zam": "cbk",
    "crh-ro": "crh-Latn-RO",
    "de-formal": "de-x-formal",
    "eml": "egl",
    "en-rtl": "en-x-rtl",
    "es-formal": "es-x-formal",
    "fiu-vro": "vro",
    "hu-formal": "hu-x-formal",
    "map-bms": "jv-x-bms",
    "mo": "ro-Cyrl-MD",
    "nl-informal": "nl-x-informal",
    "nrm": "nrf",
    "roa-rup": "rup",
    "roa-tara": "nap-x-tara",
    "simple": "en-simple",
    "sr-ec": "sr-Cyrl",
    "sr-el": "sr-Latn",
    "zh-classical": "lzh",
    "zh-cn": "zh-Hans-CN",
    "zh-hk": "zh-Hant-HK",
    "zh-min-nan": "nan",
    "zh-mo": "zh-Hant-MO",
    "zh-my": "zh-Hans-MY",
    "zh-sg": "zh-Hans-SG",
    "zh-tw": "zh-Hant-TW",
    "zh-yue": "yue",
}
"""Wiki codes whose standard tag is another; the rest differ by capitals only."""


_CLDR = {"pt": "pt-PT", "tl": "fil"}
"""Wiki codes whose names and conventions CLDR keeps under another tag: its ``pt`` is Brazilian, MediaWiki's is not."""

_MOST_KEPT = 16_384
"""Answers kept of each question; codes come from outside, so that there is no end to them."""

_LONGEST_TAG = 35
"""Characters of a tag that are read: as many as the longest that RFC 5646, section 4.4.1, wants room for."""


@dataclass(frozen=True, slots=True)
class _Language:
    """A row of the table. ``rtl`` is None where the direction is that of the next language of the chain."""

    code: str
    autonym: str
    fallback: tuple[str, ...]
    term: bool
    monolingual: bool
    rtl: bool | None
    english: str


@cache
def _table() -> Mapping[str, _Language]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["code"]: _language(row) for row in rows}


def _language(row: Mapping[str, str]) -> _Language:
    """``flags``: d known to MediaWiki, t accepted for terms besides, m for monolingual text besides, x not for
    monolingual text, r right to left, l left to right though it falls back to a language that is not."""
    flags = row["flags"]
    return _Language(
        code=row["code"],
        autonym=row["autonym"],
        fallback=tuple(code for code in row["fallback"].split(",") if code),
        term="d" in flags or "t" in flags,
        monolingual=any(flag in flags for flag in "dtm") and "x" not in flags,
        rtl=True if "r" in flags else False if "l" in flags else None,
        english=row["english"],
    )


def is_known(code: str) -> bool:
    """Whether MediaWiki or Wikibase takes this code for something; codes are lower case."""
    known = _table().get(code)
    return known is not None and (known.term or known.monolingual)


@cache
def term_codes() -> frozenset[str]:
    """Codes that Wikibase accepts for labels, descriptions and aliases, without ``mul`` (a setting of the wiki)."""
    return frozenset(code for code, language in _table().items() if language.term)


@cache
def monolingual_codes() -> frozenset[str]:
    """Codes that Wikibase accepts for monolingual text: nearly all term codes, CLDR's languages, mis, mul, und, zxx."""
    own = {code for code, language in _table().items() if language.monolingual}
    cldr = {str(code).replace("_", "-").lower() for code in _locale("en").languages}
    refused = {code for code, language in _table().items() if not language.monolingual}
    return frozenset(own | (cldr - refused))


@lru_cache(_MOST_KEPT)
def fallback(code: str) -> tuple[str, ...]:
    """The languages to try for a reader of ``code``, itself first and English last.

    ``fallback("pt-br") == ("pt-br", "pt", "en")``. An unknown code has itself and English.
    """
    known = _table().get(code)
    chain = (code, *(known.fallback if known else ()), LAST_RESORT)
    return tuple(dict.fromkeys(chain))


def reader_chain(codes: Iterable[str]) -> tuple[str, ...]:
    """The languages to try for somebody who reads several, best first: each with its relatives, English last."""
    chain = [relative for code in codes for relative in fallback(code) if relative != LAST_RESORT or code == relative]
    return tuple(dict.fromkeys((*chain, LAST_RESORT)))


def autonym(code: str) -> str:
    """The language's name in itself, or the code where none is known."""
    known = _table().get(code)
    if known and known.autonym:
        return known.autonym
    return name(code, code)


@lru_cache(_MOST_KEPT)
def name(code: str, in_code: str) -> str:
    """The language's name in the best language that CLDR has for a reader of ``in_code``; the code at worst."""
    if code == in_code:
        known = _table().get(code)
        if known and known.autonym:
            return known.autonym
    known = _table().get(code)
    for reader in fallback(in_code):
        if reader == LAST_RESORT and known and known.english:
            return known.english
        found = _own_locale(reader)
        translated = _cldr_name(code, found) if found is not None else None
        if translated is not None:
            return translated
    return known.autonym if known and known.autonym else code


def own_name(code: str, in_code: str) -> str | None:
    """The language's name in exactly the other language, without falling back; None where CLDR has none."""
    found = _own_locale(in_code)
    return _cldr_name(code, found) if found is not None else None


def territory_name(territory: str, in_code: str) -> str | None:
    """The name of a country or territory (ISO 3166-1, such as ``BR``) in exactly this language; None as above."""
    found = _own_locale(in_code)
    named = found.territories.get(territory) if found is not None else None
    return str(named) if named else None


def _cldr_name(code: str, reader: Locale) -> str | None:
    """The name as CLDR has it, or put together from language, script and country: ``Serbian (Latin)``."""
    first, *rest = bcp47(code).split("-")
    whole = "_".join([first, *rest])
    if whole in reader.languages:
        return str(reader.languages[whole])
    details = [reader.scripts.get(part) or reader.territories.get(part) for part in rest]
    if first not in reader.languages or not all(details):
        return None
    return f"{reader.languages[first]} ({', '.join(str(detail) for detail in details)})" if details else None


@lru_cache(_MOST_KEPT)
def is_rtl(code: str) -> bool:
    """Whether the language is written from right to left."""
    for relative in fallback(code):
        known = _table().get(relative)
        if known and known.rtl is not None:
            return known.rtl
    return False


@lru_cache(_MOST_KEPT)
def bcp47(code: str) -> str:
    """The standard tag of a wiki code, for ``lang`` attributes: ``sr-el`` is ``sr-Latn``, ``pt-br`` is ``pt-BR``."""
    if code in _BCP47:
        return _BCP47[code]
    first, *rest = code.split("-")
    return "-".join([first, *map(_subtag, rest)])


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part


def from_bcp47(tag: str) -> str:
    """The wiki code of a standard tag, as a browser sends it: ``sr-Latn-RS`` is ``sr-el``, ``pt-PT`` is ``pt``.

    The longest known beginning of the tag wins; an unknown tag comes back in lower case, cut to what a tag may have.
    """
    lowered = tag[:_LONGEST_TAG].lower().replace("_", "-")
    parts = lowered.split("-")
    for length in range(len(parts), 0, -1):
        beginning = "-".join(parts[:length])
        if beginning in _from_standard():
            return _from_standard()[beginning]
        if is_known(beginning):
            return beginning
    return lowered


@cache
def _from_standard() -> Mapping[str, str]:
    retired = {"fil": "tl", "in": "id", "iw": "he", "ji": "yi", "jw": "jv"}
    preferred = ("sr-ec", "sr-el", "zh-cn", "zh-hk", "zh-mo", "zh-my", "zh-sg", "zh-tw")
    return retired | {_BCP47[code].lower(): code for code in preferred}


@lru_cache(_MOST_KEPT)
def locale(code: str) -> Locale:
    """CLDR's conventions for a reader of ``code``: the first of the chain that CLDR knows."""
    found = (_own_locale(relative) for relative in fallback(code))
    return next((one for one in found if one is not None), _locale(LAST_RESORT))


def with_country(code: str) -> str:
    """Language and country as Open Graph has them: ``pt_BR``; where the code names no country, the likeliest one."""
    found = locale(code)
    likely = get_global("likely_subtags")
    whole = Locale.parse(likely.get(str(found)) or likely.get(found.language) or str(found))
    return f"{found.language}_{found.territory or _HOME.get(code) or whole.territory}"


def eras(code: str) -> tuple[str, str]:
    """The short names of the eras before and after the beginning of the count of years, from CLDR."""
    names = locale(code).eras["abbreviated"]
    return str(names[0]), str(names[1])


@lru_cache(_MOST_KEPT)
def _own_locale(code: str) -> Locale | None:
    try:
        return _locale(_CLDR.get(code) or bcp47(code))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(_MOST_KEPT)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-", resolve_likely_subtags=False)
