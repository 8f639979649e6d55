"""Lines of a form: what is chosen, what is said of each, and a form that is not saved yet; for every form of fields.

The forms of a profile and of a record import it. A form holds all of its fields and every button sends all of it:
``FIELD`` repeats the values chosen, ``FIELD.level.Q12`` says more about one, ``FIELD.gone`` takes one away, and
``FIELD.seen`` is what the field was when the form was first drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from capx_graph import languages
from capx_graph.membership import Change, Line, Part
from capx_graph.model import Ref
from capx_graph.spelling import seen
from webapp.request.reader import reader

SKILL_LEVELS = ("basic", "intermediate", "advanced", "expert")
FORMATS = ("mentoring", "workshop", "documentation", "consultation")
AVAILABILITIES = ("available", "limited", "unavailable")
_LARGEST_FORM = 512 * 1024

Name = TypeVar("Name", bound=str)
Form = MultiDict[str, str]
_WIDESPREAD = frozenset(
    "ar bn ca cs de el en eo es eu fa fi fr gl ha he hi hu hy id ig it ja ka ko ml ms nl no pl ps pt pt-br ro ru sr "  # noqa: SIM905
    "sv sw ta te th tl tr uk ur uz vi yo zh zu".split()
)
"""Languages offered for a text besides the reader's own."""


@dataclass(frozen=True)
class Draft(Generic[Name]):
    """A form as it stands: what is wanted, what was seen; ``found`` are things to choose from, by field.

    Without slots, which Python 3.11 does not let a generic class have that is frozen too.
    """

    parts: Mapping[Name, Part]
    seen: Mapping[Name, str]
    found: Mapping[Name, tuple[Ref, ...]] = field(default_factory=dict)
    searched: Mapping[Name, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[Name, Change]:
        """What saving it would change."""
        return {part: Change(content, self.seen[part]) for part, content in self.parts.items()}


def draft_as_is(parts: Mapping[Name, Part]) -> Draft[Name]:
    """The form of fields as they are."""
    return Draft(parts, {part: content.mark for part, content in parts.items()})


def chosen_values(form: Form, part: str) -> list[str]:
    """The values that a field has when the form's button is done: one added, others taken away."""
    removed = set(form.getlist(f"{part}.gone"))
    found = [
        value for value in dict.fromkeys(tidy(one) for one in form.getlist(part)) if value and value not in removed
    ]
    name, _, value = form.get("add", "").partition(":")
    return [*found, value] if name == part and value and value not in found else found


def skill_line(form: Form, part: str, name: str, value: str) -> Line:
    """A capacity with what the form says about it."""

    def said(what: str) -> str:
        return tidy(form.get(f"{part}.{what}.{value}", ""))

    return Line(
        name,
        value,
        level=said("level") if said("level") in SKILL_LEVELS else "",
        formats=tuple(sorted({code for code in form.getlist(f"{part}.format.{value}") if code in FORMATS})),
        availability=said("availability") if said("availability") in AVAILABILITIES else "",
        evidence=said("evidence"),
        page=said("page"),
    )


def searched_in(form: Form, fields: Iterable[Name]) -> dict[Name, str]:
    """What was typed to be searched: in the field whose button was pressed, or in any when Enter was."""
    if "save" in form or "add" in form:
        return {}
    pressed = form.get("find", "")
    typed = {part: form.get(f"{part}.find", "").strip()[:100] for part in fields}
    return {part: text for part, text in typed.items() if text and pressed in ("", part)}


def is_to_be_drawn_again(form: Form, searched: Mapping[Name, str]) -> bool:
    """Whether the form was sent by a button that only changes the form."""
    return bool(searched) or "add" in form


def text_languages(there: Iterable[str], known: frozenset[str]) -> list[tuple[str, str]]:
    """Languages that a text may be in, by their own names: those there, the reader's, and widespread ones."""
    offered = ({reader().code, *_WIDESPREAD} & known) | set(there)
    return sorted(((code, languages.autonym(code)) for code in offered), key=lambda pair: pair[1].casefold())


def file_name(text: str) -> str:
    """The name of a file on Commons, given as an address or with a prefix: in any language, as no name has a colon."""
    name = tidy(text)
    if name.lower().startswith(("https://", "http://")):
        name = unquote(name.partition("#")[0].partition("?")[0].rpartition("/")[2]).replace("_", " ")
    prefix, colon, rest = name.partition(":")
    return tidy(rest if colon else prefix)


def tidy(text: str) -> str:
    """One line, as Wikibase keeps texts, without what nobody sees: it was copied along, and cannot be found to mend."""
    return seen(text)


def take_whole_forms(blueprint: Blueprint) -> None:
    """Lets a room be sent forms of many fields, which are larger than others."""

    @blueprint.before_request
    def _roomy() -> None:
        request.max_content_length = _LARGEST_FORM
