"""Who reads: language, direction, appearance and time zone of a request, settled once before its handler runs.

The language is ``?uselang=``, else the kept choice (a cookie), else the first of the browser's languages that has
messages, else the site's. Any language MediaWiki knows may be asked for; what has no translation falls back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request, g, request

from capx_graph import languages, zones
from capx_graph.messages import KEYS, Messages, Translator
from webapp.needs import messages, services

LANGUAGE_COOKIE = "capx_language"
APPEARANCE_COOKIE = "capx_appearance"
ZONE_COOKIE = "capx_zone"
APPEARANCES = ("auto", "light", "dark")
_MOST_OF_BROWSER = 10


@dataclass(frozen=True, slots=True)
class Reader:
    """``uselang`` is the language asked for in the address, kept in every link of the page; ``chain`` is what labels
    fall back along; ``zone`` is the time zone that the reader chose, if they did."""

    code: str
    uselang: str | None
    chain: tuple[str, ...]
    tr: Translator
    appearance: str
    zone: str | None = None

    @property
    def key(self) -> str:
        """What of the reader shows in a page, for its ETag."""
        return f"{self.code}.{'.'.join(self.chain)}.{self.uselang}.{self.appearance}.{self.zone}"


def reader() -> Reader:
    """The reader of the present request."""
    found: Reader | None = g.get("reader")
    if found is None:
        found = g.reader = _settle(request, messages(), _site_languages())
    return found


def _site_languages() -> tuple[str, ...]:
    site: tuple[str, ...] = services().settings.languages
    return site


def _settle(asked: Request, messages: Messages, site: tuple[str, ...]) -> Reader:
    tags = [tag for tag, weight in asked.accept_languages if weight > 0 and tag != "*"]
    browser = [code for tag in tags[:_MOST_OF_BROWSER] if (code := _known(tag)) is not None]
    uselang = _known(asked.args.get("uselang")) or _keys(asked.args.get("uselang"))
    kept = _known(asked.cookies.get(LANGUAGE_COOKIE))
    code = uselang or kept or _first_translated([*browser, *site], messages)
    wished = [code, *browser[:5], *site]
    appearance = asked.cookies.get(APPEARANCE_COOKIE, "auto")
    zone = asked.cookies.get(ZONE_COOKIE, "")
    return Reader(
        code=code,
        uselang=uselang,
        chain=languages.reader_chain(dict.fromkeys(wish for wish in wished if languages.is_known(wish))),
        tr=messages.translator(code),
        appearance=appearance if appearance in APPEARANCES else "auto",
        zone=zone if zones.is_zone(zone) else None,
    )


def _known(code: str | None) -> str | None:
    """The wiki code that is meant, also by a standard tag or a retired one; what no wiki knows means nothing."""
    meant = languages.from_bcp47(code or "")
    return meant if languages.is_known(meant) else None


def _keys(code: str | None) -> str | None:
    """The keys of the messages instead of a language: for one page that asks for them, never kept as a choice."""
    return KEYS if (code or "").lower() == KEYS else None


def _first_translated(wished: Sequence[str], messages: Messages) -> str:
    """The first wished language whose own chain, English aside, has messages."""
    for code in filter(languages.is_known, wished):
        own = [
            relative for relative in languages.fallback(code) if relative != languages.LAST_RESORT or relative == code
        ]
        if any(relative in messages.languages for relative in own):
            return code
    return languages.LAST_RESORT
