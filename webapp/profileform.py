"""The form of a profile: its fields as names and values, both ways, and the state of a form that is not saved yet.

A form holds all of a profile; every button sends all of it. ``FIELD`` repeats the values chosen, ``FIELD.level.Q12``
says more about one; ``FIELD.state`` is who may see it, ``FIELD.seen`` what it was when the form was first drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from capx_graph.membership import CHOSEN_FROM, PROPERTIES, SKILLS, Change, Field, Line, Part, Profile, State
from capx_graph.model import Ref

PRONOUNS = ("he-him", "she-her", "they-them", "other")
SKILL_LEVELS = ("basic", "intermediate", "advanced", "expert")
FORMATS = ("mentoring", "workshop", "documentation", "consultation")
AVAILABILITIES = ("available", "limited", "unavailable")
BABEL = ("1", "2", "3", "4", "5", "n", "0")
ABOUT_ROWS = 1
"""Empty rows for one more text about oneself."""
_FILE_PREFIXES = ("file:", "image:")
_MIDNIGHT = "T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it stands: what is wanted, what was seen; ``found`` are things to choose from, by field."""

    parts: Mapping[Field, Part]
    seen: Mapping[Field, str]
    found: Mapping[Field, tuple[Ref, ...]] = field(default_factory=dict)
    searched: Mapping[Field, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[Field, Change]:
        """What saving it would change."""
        return {part: Change(content, self.seen[part]) for part, content in self.parts.items()}


def draft_of(profile: Profile) -> Draft:
    """The form of a profile as it is."""
    return Draft(profile.parts, {part: content.mark for part, content in profile.parts.items()})


def draft_from(form: MultiDict[str, str]) -> Draft:
    """The form as it was sent; what is added or removed by a button is done."""
    parts: dict[Field, Part] = {}
    added = form.get("add", "")
    for part in Field:
        lines = list(_lines(form, part))
        name, _, value = added.partition(":")
        if name == part and value and all(line.value != value for line in lines):
            lines.append(Line(PROPERTIES[part][0], value))
        parts[part] = Part(_state(form, part), tuple(lines))
    return Draft(parts, {part: form.get(f"{part}.seen", "") for part in Field})


def _state(form: MultiDict[str, str], part: Field) -> State:
    given = form.get(f"{part}.state", "")
    return State(given) if given in tuple(State) else State.PRIVATE


def _lines(form: MultiDict[str, str], part: Field) -> list[Line]:
    if part in CHOSEN_FROM:
        removed = set(form.getlist(f"{part}.gone"))
        values = dict.fromkeys(_tidy(value) for value in form.getlist(part))
        return [_chosen(form, part, value) for value in values if value and value not in removed]
    if part is Field.ABOUT:
        return _about(form)
    if part is Field.ACTIVITY:
        days = ((name, form.get(f"activity.{name}", "").strip()) for name in PROPERTIES[part])
        return [Line(name, day if "T" in day else day + _MIDNIGHT) for name, day in days if day]
    value = _tidy(form.get("wikidata", ""))
    return [Line("wikidataId", value.rpartition("/")[2].upper())] if value else []


def _chosen(form: MultiDict[str, str], part: Field, value: str) -> Line:
    def said(name: str) -> str:
        return _tidy(form.get(f"{part}.{name}.{value}", ""))

    name = PROPERTIES[part][0]
    if part is Field.LANGUAGES:
        return Line(name, value, level=said("level") if said("level") in BABEL else "")
    if part not in SKILLS:
        return Line(name, value)
    formats = [code for code in form.getlist(f"{part}.format.{value}") if code in FORMATS]
    return Line(
        name,
        value,
        level=said("level") if said("level") in SKILL_LEVELS else "",
        formats=tuple(sorted(set(formats))),
        availability=said("availability") if said("availability") in AVAILABILITIES else "",
        evidence=said("evidence"),
        page=said("page"),
    )


def _about(form: MultiDict[str, str]) -> list[Line]:
    image = _tidy(form.get("about.image", ""))
    if image.lower().startswith(_FILE_PREFIXES):
        image = image.partition(":")[2].strip()
    simple = {
        "displayName": _tidy(form.get("about.displayName", "")),
        "pronoun": _tidy(form.get("about.pronoun", "")),
        "image": image,
    }
    found = [Line(name, value) for name, value in simple.items() if value]
    texts = zip(form.getlist("about.text"), form.getlist("about.language"), strict=False)
    return found + [Line("about", _tidy(text), language=code.lower()) for text, code in texts if _tidy(text)]


def _tidy(text: str) -> str:
    """One line, as Wikibase keeps texts."""
    return " ".join(text.split())


def one(part: Part, name: str) -> str:
    """The value of a line that a field has once."""
    return next((line.value for line in part.lines if line.name == name), "")
