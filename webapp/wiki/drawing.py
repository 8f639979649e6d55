"""What the templates of the wiki's pages draw with: entities, values, times, ranks, what an edit did.

Everything answers Markup; texts that members wrote are escaped here, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from markupsafe import Markup

from capx_graph import languages
from capx_graph.messages import Parameter
from capx_graph.repository.ids import parse_id
from capx_graph.wikipages import Comment, Line, Moment, Named, Value, ValueKind
from webapp.drawing.words import isolated, language_name
from webapp.request.numbers import is_whole
from webapp.request.reader import reader
from webapp.wiki.links import data_url, special_url, wiki_url

_LAST_YEAR_OF_A_CALENDAR = 9999
_COLONS = (":", "：")


def wiki_linked(named: Named) -> Markup:
    """An entity under its name, linked; one that is not there says so."""
    if named.missing:
        gone = Markup('<span class="wiki-gone">{}</span>').format(named.id)
        return reader().tr.html("wiki-deleted-entity", gone)
    return Markup('<a href="{}" title="{}">{}</a>').format(
        wiki_url(named.id), named.id, isolated(named.label, named.language)
    )


def wiki_value(value: Value) -> Markup:
    """A value as its kind is drawn."""
    match value.kind:
        case ValueKind.ENTITY if value.entity is not None:
            return wiki_linked(value.entity)
        case ValueKind.MONOLINGUAL:
            return Markup('{} <span class="quiet">({})</span>').format(
                isolated(value.text, value.language), language_name(value.language or "")
            )
        case ValueKind.MOMENT if value.moment is not None:
            return _moment(value.moment)
        case ValueKind.QUANTITY:
            return _quantity(value)
        case ValueKind.LINK if value.address is not None:
            return _outward(value.address, value.text)
        case ValueKind.UNKNOWN:
            return Markup('<em class="wiki-empty">{}</em>').format(reader().tr.text("wiki-value-unknown"))
        case ValueKind.NONE:
            return Markup('<em class="wiki-empty">{}</em>').format(reader().tr.text("wiki-value-none"))
    return Markup('<bdi class="wiki-text">{}</bdi>').format(value.text)


def _outward(address: str, text: str) -> Markup:
    return Markup('<a class="external" rel="nofollow noopener ugc" href="{}"><bdi>{}</bdi></a>').format(address, text)


def _quantity(value: Value) -> Markup:
    amount = Markup('<bdi dir="ltr">{}</bdi>').format(value.text)
    if value.entity is not None:
        return Markup("{} {}").format(amount, wiki_linked(value.entity))
    if value.address is not None:
        return Markup("{} {}").format(amount, _outward(value.address, value.address.rpartition("/")[2]))
    return amount


def _moment(moment: Moment) -> Markup:
    tr = reader().tr
    told = _date(moment)
    if moment.before_christ:
        told = tr.text("wiki-time-bce", told)
    if moment.calendar is None:
        return Markup("<bdi>{}</bdi>").format(told)
    calendar = tr.text(f"wiki-calendar-{moment.calendar}")
    return Markup('<bdi>{}</bdi> <span class="quiet">({})</span>').format(told, calendar)


def _date(moment: Moment) -> str:
    tr = reader().tr
    if moment.unit == "years":
        return tr.text("wiki-time-years", moment.number)
    if moment.unit in ("decade", "century", "millennium"):
        return tr.text(f"wiki-time-{moment.unit}", str(moment.number))
    in_calendar = not moment.before_christ and 0 < moment.number <= _LAST_YEAR_OF_A_CALENDAR
    if in_calendar and moment.unit != "year":
        iso = f"{moment.number:04d}-{moment.month:02d}-{moment.day or 1:02d}"
        return tr.day(iso) if moment.unit == "day" else tr.month(iso)
    month = languages.locale(reader().code).months["stand-alone"]["wide"][moment.month] if moment.month else ""
    return " ".join(part for part in (str(moment.day or ""), month, str(moment.number)) if part)


# -- what an edit did


def _count(comment: Comment, place: int = 0) -> int:
    text = comment.arguments[place] if len(comment.arguments) > place else ""
    return int(text) if is_whole(text) else 1


def _of_language(comment: Comment) -> tuple[Parameter, ...]:
    return (_languages(comment.arguments[1:2]),)


def _counted(comment: Comment) -> tuple[Parameter, ...]:
    return (_count(comment),)


def _of_aliases(comment: Comment) -> tuple[Parameter, ...]:
    return (_count(comment), _languages(comment.arguments[1:2]))


def _of_languages(comment: Comment) -> tuple[Parameter, ...]:
    """The languages by name, or how many they are."""
    told = comment.arguments[2] if len(comment.arguments) > 2 else ""
    if is_whole(told):
        return (reader().tr.text("names-in-languages", _count(comment, 2)),)
    return (_languages(told.split(", ")),)


def _languages(codes: tuple[str, ...] | list[str]) -> Markup:
    return reader().tr.listing(language_name(code) if languages.is_known(code) else code for code in codes if code)


def _of_entity(comment: Comment) -> tuple[Parameter, ...]:
    found = [entity_id for entity_id in map(parse_id, comment.arguments[2:]) if entity_id]
    return (Markup('<a href="{}">{}</a>').format(wiki_url(found[-1]), found[-1]) if found else Markup(""),)


def _of_revision(comment: Comment) -> tuple[Parameter, ...]:
    revision, actor = (*comment.arguments[2:4], "", "")[:2]
    if not is_whole(revision):
        return (revision, wiki_actor(actor))
    link = Markup('<a href="{}">{}</a>').format(special_url("revision", revision=revision), revision)
    return (link, wiki_actor(actor))


def _nothing(_: Comment) -> tuple[Parameter, ...]:
    return ()


Parameters = Callable[[Comment], tuple[Parameter, ...]]

_ACTIONS: dict[str, tuple[str, Parameters]] = {
    "wbeditentity-create-item": ("created-item", _nothing),
    "wbeditentity-create-property": ("created-property", _nothing),
    "wbeditentity-update": ("updated", _nothing),
    "wbeditentity-override": ("override", _nothing),
    "wbeditentity-update-languages": ("languages", _of_languages),
    "wbeditentity-update-languages-short": ("languages", _of_languages),
    "wbeditentity-update-languages-and-other": ("languages-and-other", _of_languages),
    "wbeditentity-update-languages-and-other-short": ("languages-and-other", _of_languages),
    "wbsetlabel-add": ("label-add", _of_language),
    "wbsetlabel-set": ("label-set", _of_language),
    "wbsetlabel-remove": ("label-remove", _of_language),
    "wbsetdescription-add": ("description-add", _of_language),
    "wbsetdescription-set": ("description-set", _of_language),
    "wbsetdescription-remove": ("description-remove", _of_language),
    "wbsetaliases-add": ("aliases-add", _of_aliases),
    "wbsetaliases-set": ("aliases-set", _of_aliases),
    "wbsetaliases-update": ("aliases-set", _of_aliases),
    "wbsetaliases-remove": ("aliases-remove", _of_aliases),
    "wbcreateclaim-create": ("statement-add", _counted),
    "wbsetclaim-create": ("statement-add", _counted),
    "wbsetclaim-update": ("statement-set", _counted),
    "wbsetclaimvalue": ("statement-set", _counted),
    "wbsetclaim-update-qualifiers": ("qualifiers", _nothing),
    "wbsetclaim-update-references": ("references", _nothing),
    "wbsetclaim-update-rank": ("rank", _nothing),
    "wbremoveclaims-remove": ("statement-remove", _counted),
    "wbsetqualifier-add": ("qualifiers", _nothing),
    "wbsetqualifier-update": ("qualifiers", _nothing),
    "wbremovequalifiers-remove": ("qualifiers", _nothing),
    "wbsetreference-add": ("references", _nothing),
    "wbsetreference-set": ("references", _nothing),
    "wbremovereferences-remove": ("references", _nothing),
    "wbmergeitems-to": ("merged-into", _of_entity),
    "wbmergeitems-from": ("merged-from", _of_entity),
    "wbcreateredirect": ("redirected", _of_entity),
    "undo": ("undone", _of_revision),
    "restore": ("restored", _of_revision),
}
"""What the program does, to the last part of the message that tells of it."""


def wiki_comment(comment: Comment) -> Markup:
    """What an edit did in the reader's words, then what was said of it."""
    known = _ACTIONS.get(comment.action)
    told: str = comment.action
    if known is not None:
        told = reader().tr.html(f"wiki-summary-{known[0]}", *known[1](comment))
    said = Markup("").join(map(_said, comment.pieces))
    parts = [
        Markup('<span class="wiki-did">{}</span>').format(told) if told else None,
        Markup('<span class="wiki-said">{}</span>').format(said) if said else None,
    ]
    between = Markup(" ") if told.endswith(_COLONS) else Markup(" · ")
    return between.join(part for part in parts if part is not None)


def _said(piece: str | Named) -> Markup:
    """A part of what was said; the mark after a link belongs to the line, the rest runs in its own direction."""
    if isinstance(piece, Named):
        return wiki_linked(piece)
    text = piece.lstrip(" :,")
    return Markup("{}<bdi>{}</bdi>").format(piece[: len(piece) - len(text)], text)


def wiki_log(line: Line) -> Markup:
    """What was done to a whole page."""
    return reader().tr.html(f"wiki-log-{line.log}", line.entity_id)


def wiki_actor(name: str) -> Markup:
    """Who did it, linked to all that they did."""
    return Markup('<a class="wiki-actor" href="{}"><bdi>{}</bdi></a>').format(special_url("recent", user=name), name)


def wiki_size(line: Line) -> Markup:
    """By how much a revision is longer or shorter than the one before."""
    change = line.size - line.parent_size
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    told = reader().tr.html("wiki-bytes", Markup('<bdi dir="ltr">{}{}</bdi>').format(sign, _number(abs(change))))
    return Markup('<span class="wiki-size {}">{}</span>').format("grew" if change > 0 else "shrank", told)


def _number(value: int) -> str:
    return reader().tr.number(value)


TOOLS = (wiki_linked, wiki_value, wiki_comment, wiki_log, wiki_actor, wiki_size, wiki_url, special_url, data_url)


def install(app: Flask) -> None:
    """Makes the drawing tools known to templates."""
    for tool in TOOLS:
        app.add_template_global(tool)
    app.add_template_filter(languages.bcp47, "tag_of")
