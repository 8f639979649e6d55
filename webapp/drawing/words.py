"""What templates draw with: messages, numbers, dates, names of things with their language and mark.

Everything here answers Markup or plain values; text is escaped, and a name in another language than the page's says
so in its ``lang`` attribute.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from markupsafe import Markup, escape

from capx_graph import languages
from capx_graph.errors import CapxError, ShapeViolation
from capx_graph.messages import Parameter, Told, gender_of, line_of
from capx_graph.model import EntityKind, Reason, Ref
from capx_graph.spelling import seen
from webapp.assets.files import asset
from webapp.assets.palette import root_class
from webapp.matching import sentences as matchsentences
from webapp.members.signingin import sign_in_address
from webapp.needs import messages, services
from webapp.request.links import entity_url
from webapp.request.reader import APPEARANCES, Reader, reader
from webapp.request.visitor import form_token, identity
from webapp.search import sentences

ICONS: dict[EntityKind | None, str] = {
    EntityKind.PERSON: "person",
    EntityKind.ORGANIZATION: "organization",
    EntityKind.CAPACITY: "capacity",
    EntityKind.EVENT: "event",
    EntityKind.PROJECT: "project",
    EntityKind.TERRITORY: "territory",
    EntityKind.LANGUAGE: "language",
    EntityKind.WIKIMEDIA_PROJECT: "globe",
}


def message(key: str, *parameters: Parameter) -> Markup:
    """The message as HTML."""
    return reader().tr.html(key, *parameters)


def words(key: str, *parameters: Parameter) -> str:
    """The message as text, for attributes."""
    return reader().tr.text(key, *parameters)


def named(ref: Ref) -> Markup:
    """The label, isolated, with the language it is in where that is not the page's; of capacities a mark says it too.

    They are words that a reader may not understand and another may translate; other things bear names of their own.
    """
    return isolated(ref.label, ref.language) + (_fallback_mark(ref) if ref.kind is EntityKind.CAPACITY else "")


def _fallback_mark(ref: Ref) -> Markup:
    """The code of the language that a name is borrowed from, in words for who hears the page."""
    language = borrowed(ref)
    if not language:
        return Markup("")
    said = words("in-language", language)
    return Markup(
        '<sup class="fallback" title="{}"><bdi aria-hidden="true">{}</bdi>'
        '<span class="visually-hidden"> {}</span></sup>'
    ).format(said, languages.bcp47(ref.language or ""), said)


def isolated(text: str, language: str | None) -> Markup:
    """Text that may run in another direction than the page; ``language`` is a wiki code."""
    if language in (None, "mul", "und", "zxx", "mis") or languages.bcp47(language or "") == reader().tr.tag:
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="{}">{}</bdi>').format(languages.bcp47(language or ""), text)


def typed(text: str) -> Markup:
    """What a visitor wrote, without what nobody sees."""
    return isolated(seen(text), None)


def tell(said: CapxError | str) -> Markup:
    """What is wrong, in the reader's words; a text that is no message is in them already, as the shapes' advice is."""
    if isinstance(said, ShapeViolation):
        return escape(str(said))
    line = line_of(said) if isinstance(said, CapxError) else said
    if not isinstance(line, Told):
        return escape(line)
    parameters = (isolated(each, None) if isinstance(each, str) else each for each in line.parameters)
    return reader().tr.html(line.message, *parameters)


def borrowed(ref: Ref) -> str:
    """The language a name is borrowed from, in the reader's words; empty where it is theirs, or a variant of theirs."""
    known = ref.language is not None and languages.is_known(ref.language)
    if not known or _without_variant(ref.language or "") == _without_variant(reader().code):
        return ""
    return languages.name(ref.language or "", reader().code)


def _without_variant(code: str) -> str:
    """``pt`` for ``pt-br``, ``zh`` for ``zh-hans``."""
    return languages.bcp47(code).partition("-")[0]


def linked(ref: Ref) -> Markup:
    """The name as a link to its page, capacities with the mark of their root."""
    return _linked(ref, reader().tr.tag, reader().uselang, request.script_root)


@lru_cache(maxsize=8192)
def _linked(ref: Ref, tag: str, uselang: str | None, script_root: str) -> Markup:  # noqa: ARG001 the key of the cache
    """A page names the same things many times, and the next page again: kept for each language and address form."""
    address = entity_url(ref)
    mark = marked(ref) if ref.kind is EntityKind.CAPACITY else Markup("")
    if address is None:
        return Markup("{}{}").format(mark, named(ref))
    return Markup('<a class="{}" href="{}">{}{}</a>{}').format(
        "capacity-link" if mark else "plain-link", address, mark, named(ref), _retired(ref)
    )


def _retired(ref: Ref) -> Markup:
    """What is said beside the name of a capacity that should not be chosen any more."""
    if not ref.retired:
        return Markup("")
    return Markup(' <span class="retired">{}</span>').format(reader().tr.html("capacity-retired-mark"))


def marked(ref: Ref) -> Markup:
    """The mark of a capacity's root: its colour and its shape; the name beside it says the rest."""
    name = root_class(ref.colour)
    return Markup('<span class="mark {}" aria-hidden="true"></span>').format(name)


def icon(name: str, extra: str = "") -> Markup:
    """An icon of the sprite; what it means is said beside it."""
    return _icon(f"{asset('icons.svg')}#{name}", extra)


@cache
def _icon(address: str, extra: str) -> Markup:
    return Markup('<svg class="icon {}" aria-hidden="true" width="20" height="20"><use href="{}"></use></svg>').format(
        extra, address
    )


def kind_icon(ref: Ref) -> Markup:
    """The icon of the thing's class."""
    return icon(ICONS.get(ref.kind, "article"))


def sentence(reason: Reason, kind: EntityKind | None) -> Markup:
    """Why a hit matched, with links."""
    return sentences.marked_up(reason, kind, reader().tr, linked)


def match_reasons(match: matchsentences.Reasoned) -> list[Markup]:
    """Why a match is one, with links."""
    return matchsentences.marked_up(match, reader().tr, linked)


def link(address: str, text: str) -> Markup:
    """A link for a place in a message; an address that is not of the web or of this site is left out."""
    kept = address if address.startswith(("/", "#")) else web_address(address)
    return Markup('<a href="{}">{}</a>').format(kept, text) if kept else Markup("{}").format(text)


def external(address: str) -> Markup:
    """A link to another site, shown without its scheme; text where it is no web address."""
    kept = web_address(address)
    if kept is None:
        return Markup("<bdi>{}</bdi>").format(address)
    shown = kept.split("://", 1)[1].rstrip("/")
    return Markup('<a class="external" rel="nofollow noopener ugc" href="{}"><bdi>{}</bdi></a>').format(kept, shown)


def web_address(address: str) -> str | None:
    """The address if it is of the web: data of members may hold ``javascript:``."""
    return address if urlsplit(address).scheme in {"http", "https"} else None


def code(text: str) -> Markup:
    """Text as code, for a place in a message."""
    return Markup('<code dir="ltr">{}</code>').format(text)


def checkbox(name: str, value: str, chosen: bool, form: str | None = "search") -> Markup:  # noqa: FBT001  (a template)
    """A box of the form of that id, or of the one around it, in Codex's markup; its label stands around it."""
    return Markup(
        '<span class="cdx-checkbox cdx-checkbox--inline"><input class="cdx-checkbox__input" type="checkbox"{} '
        'name="{}" value="{}"{}><span class="cdx-checkbox__icon"></span></span>'
    ).format(Markup(' form="{}"').format(form) if form else "", name, value, Markup(" checked") if chosen else "")


def pronoun(code: str) -> str:
    """A pronoun in words where it is one of the known ones, as its owner wrote it otherwise."""
    tr = reader().tr
    key = f"pronoun-{code}"
    return tr.text(key) if tr.has(key) else code


def language_name(code: str) -> str:
    """The name of a language in the reader's."""
    return languages.name(code, reader().code) if code else ""


def level_name(level: str) -> str:
    """A level of the Babel scale in words."""
    return sentences.level_name(level, reader().tr)


def globals_of_a_page() -> dict[str, Any]:
    """What every template knows of the request."""
    found: Reader = reader()
    return {
        "reader": found,
        "tr": found.tr,
        "site": services().settings,
        "appearances": APPEARANCES,
        "demonstration": services().demonstration,
        "no_hierarchy_at": services().instance.label if services().instance.lacks_hierarchy else "",
        "account": identity().account,
        "sign_in_page": sign_in_address(),
        "form_token": form_token,
        "offered_languages": [(code, languages.autonym(code), languages.bcp47(code)) for code in messages().languages],
    }


TOOLS = (
    named,
    isolated,
    typed,
    tell,
    borrowed,
    linked,
    marked,
    icon,
    kind_icon,
    sentence,
    match_reasons,
    level_name,
    root_class,
    link,
    external,
    web_address,
    code,
    checkbox,
    pronoun,
)
"""What templates may call."""


def install(app: Flask) -> None:
    """Makes the drawing tools known to templates."""
    app.context_processor(globals_of_a_page)
    for tool in TOOLS:
        app.add_template_global(tool)
    app.add_template_filter(linked)
    app.add_template_filter(typed)
    app.add_template_filter(language_name)
    app.add_template_filter(languages.autonym, "autonym")
    app.add_template_filter(languages.with_country)
    app.add_template_global(gender_of, "gender")
    app.add_template_global(message, "t")
    app.add_template_global(words, "tt")
