"""The words of a language in plain values: days and months, eras, spans of years, calendars, what was deleted.

Only plainformat.py and richformat.py import it. Languages that are not here use the words of the first one in their
chain of fallbacks that is, English at last; names of months come from CLDR for every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from capx_graph import languages

Forms = tuple[str, str]
"""What is written for one, and for any other number."""


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of one language. ``ce`` and ``bce`` go around years, ``spans_ce`` and ``spans_bce`` around spans.

    ``periods_bce`` is for decades, centuries and millennia where they have an era of their own.
    """

    day: str = "{day} {month} {year}"
    month: str = "{month} {year}"
    abbreviated: bool = False
    billion: Forms = ("{} billion years", "{} billion years")
    million: Forms = ("{} million years", "{} million years")
    years: Forms = ("{} year", "{} years")
    millennium: Forms = ("{}. millennium", "{}. millennium")
    century: Forms = ("{}. century", "{}. century")
    decade: str = "{}s"
    ce: str = "{} CE"
    bce: str = "{} BCE"
    spans_ce: str = "{} CE"
    spans_bce: str = "{} BCE"
    periods_bce: str = ""
    gregorian: str = "Gregorian"
    julian: str = "Julian"
    deleted_item: str = "Deleted Item"
    deleted_property: str = "Deleted Property"


_GERMAN = Words(
    day="{day}. {month} {year}",
    billion=("{} Milliarden Jahre", "{} Milliarden Jahre"),
    million=("{} Millionen Jahre", "{} Millionen Jahre"),
    years=("Ein Jahr", "{} Jahre"),
    millennium=("{}. Jahrtausend", "{}. Jahrtausend"),
    century=("{}. Jahrhundert", "{}. Jahrhundert"),
    decade="{}er Jahre",
    ce="{}\N{NO-BREAK SPACE}n.\N{NO-BREAK SPACE}u.\N{NO-BREAK SPACE}Z.",
    bce="{}\N{NO-BREAK SPACE}v.\N{NO-BREAK SPACE}u.\N{NO-BREAK SPACE}Z.",
    spans_ce="{} n. Chr.",
    spans_bce="{} v. Chr.",
    periods_bce="{} v. u. Z.",
    gregorian="Gregorianisch",
    julian="Julianisch",
    deleted_item="Gelöschtes Datenobjekt",
    deleted_property="Gelöschte Eigenschaft",
)
_FRENCH = Words(
    billion=("{} milliard d’années", "{} milliards d’années"),
    million=("{} million d’années", "{} millions d’années"),
    years=("{} an", "{} ans"),
    millennium=("{}er millénaire", "{}e millénaire"),
    century=("{}er siècle", "{}e siècle"),
    decade="années {}",
    ce="{} EC",
    bce="{}\N{NO-BREAK SPACE}av. J.\N{WORD JOINER}-\N{WORD JOINER}C.",
    spans_ce="{}",
    spans_bce="{} av. J.\N{WORD JOINER}-\N{WORD JOINER}C.",
    gregorian="Grégorien",
    julian="Julien",
    deleted_item="Élément supprimé",
    deleted_property="Propriété supprimée",
)
_SPANISH = Words(
    abbreviated=True,
    billion=("{} mil millones de años", "{} mil millones de años"),
    million=("{} millones de años", "{} millones de años"),
    years=("{} año", "{} años"),
    millennium=("{}. milenio", "{}. milenio"),
    century=("{}. siglo", "{}. siglo"),
    bce="{}\N{NO-BREAK SPACE}a.\N{NO-BREAK SPACE}e.\N{NO-BREAK SPACE}c.",
    spans_ce="{} EC",
    spans_bce="{} AEC",
    gregorian="Gregoriano",
    julian="Juliano",
    deleted_item="Elemento borrado",
    deleted_property="Propiedad borrada",
)
_PORTUGUESE = Words(
    billion=("{} mil milhões de anos", "{} mil milhões de anos"),
    million=("{} milhões de anos", "{} milhões de anos"),
    years=("{} ano", "{} anos"),
    millennium=("{}. milénio", "{}. milénio"),
    century=("{}. século", "{}. século"),
    ce="{} d.C. (EC)",
    bce="{} a.C. (AEC)",
    spans_ce="{} d.C. (EC)",
    spans_bce="{} a.C. (AEC)",
    gregorian="Gregoriano",
    julian="Juliano",
    deleted_item="Objeto eliminado",
    deleted_property="Propriedade eliminada",
)
_BRAZILIAN = Words(
    billion=("{} biliões de anos", "{} biliões de anos"),
    million=("{} milhões de anos", "{} milhões de anos"),
    years=("{} ano", "{} anos"),
    millennium=("{}. milênio", "{}. milênio"),
    century=("{}. século", "{}. século"),
    gregorian="Gregoriano",
    julian="Juliano",
    deleted_item="Item excluído",
    deleted_property="Propriedade excluída",
)
_ITALIAN = Words(
    abbreviated=True,
    billion=("{} miliardi di anni", "{} miliardi di anni"),
    million=("{} milioni di anni", "{} milioni di anni"),
    years=("{} anno", "{} anni"),
    millennium=("{}º millennio", "{}º millennio"),
    century=("{}º secolo", "{}º secolo"),
    decade="anni {}",
    ce="{} d.C.",
    bce="{} a.C.",
    spans_ce="{} d.C.",
    spans_bce="{} a.C.",
    gregorian="Gregoriano",
    julian="Giuliano",
    deleted_item="Elemento cancellato",
    deleted_property="Proprietà cancellata",
)
_JAPANESE = Words(
    day="{year}年{month}{day}日",
    month="{year}年{month}",
    billion=("{}十億年", "{}十億年"),
    million=("{}百万年", "{}百万年"),
    years=("{}年", "{}年"),
    millennium=("{}千年紀", "{}千年紀"),
    century=("{}世紀", "{}世紀"),
    decade="{}年代",
    ce="西暦 {}",
    bce="紀元前 {}",
    spans_ce="西暦{}",
    spans_bce="紀元前{}",
    gregorian="グレゴリオ暦",
    julian="ユリウス暦",
    deleted_item="削除された項目",
    deleted_property="削除されたプロパティ",
)
_ARABIC = Words(
    billion=("{} مليار سنة", "{} مليار سنة"),
    million=("{} مليون سنة", "{} مليون سنة"),
    years=("{} سنة", "{} سنوات"),
    millennium=("الألفية {}", "الألفية {}"),
    century=("القرن {}", "القرن {}"),
    decade="عقد {}",
    ce="{} بعد الميلاد",
    bce="{} قبل الميلاد",
    spans_ce="{} بعد الميلاد",
    spans_bce="{} قبل الميلاد",
    gregorian="غريغوري",
    julian="يولياني",
    deleted_item="عنصر محذوف",
    deleted_property="خاصية محذوفة",
)
_WORDS = {
    "en": Words(),
    "ar": _ARABIC,
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "it": _ITALIAN,
    "ja": _JAPANESE,
    "pt": _PORTUGUESE,
    "pt-br": _BRAZILIAN,
}


@cache
def value_words(language: str) -> Words:
    """The patterns of a language or of the nearest one that has some."""
    return next((_WORDS[code] for code in (language, *languages.fallback(language)) if code in _WORDS), _WORDS["en"])
