"""The form of a profile: its fields as names and values, both ways.

Beside what ``lines`` says of every form, ``FIELD.state`` is who may see a field.
"""

from __future__ import annotations

from capx_graph.membership import CHOSEN_FROM, PROPERTIES, SKILLS, Field, Line, Part, Profile, State
from webapp.forms import lines as formlines
from webapp.forms.lines import Form, chosen_values, draft_as_is, file_name, skill_line, tidy

PRONOUNS = ("he-him", "she-her", "they-them", "other")
BABEL = ("1", "2", "3", "4", "5", "n", "0")
_MIDNIGHT = "T00:00:00Z"

Draft = formlines.Draft[Field]


def draft_of(profile: Profile) -> Draft:
    """The form of a profile as it is."""
    return draft_as_is(profile.parts)


def draft_from(form: Form) -> Draft:
    """The form as it was sent; what is added or removed by a button is done."""
    parts = {part: Part(_state(form, part), tuple(_lines(form, part))) for part in Field}
    return Draft(parts, {part: form.get(f"{part}.seen", "") for part in Field})


def _state(form: Form, part: Field) -> State:
    given = form.get(f"{part}.state", "")
    return State(given) if given in tuple(State) else State.PRIVATE


def _lines(form: Form, part: Field) -> list[Line]:
    if part in CHOSEN_FROM:
        return [_chosen(form, part, value) for value in chosen_values(form, part)]
    if part is Field.ABOUT:
        return _about(form)
    if part is Field.ACTIVITY:
        days = ((name, form.get(f"activity.{name}", "").strip()) for name in PROPERTIES[part])
        return [Line(name, day if "T" in day else day + _MIDNIGHT) for name, day in days if day]
    value = tidy(form.get("wikidata", ""))
    return [Line("wikidataId", value.rpartition("/")[2].upper())] if value else []


def _chosen(form: Form, part: Field, value: str) -> Line:
    name = PROPERTIES[part][0]
    if part in SKILLS:
        return skill_line(form, part, name, value)
    level = tidy(form.get(f"{part}.level.{value}", "")) if part is Field.LANGUAGES else ""
    return Line(name, value, level=level if level in BABEL else "")


def _about(form: Form) -> list[Line]:
    simple = {
        "displayName": tidy(form.get("about.displayName", "")),
        "pronoun": tidy(form.get("about.pronoun", "")),
        "image": file_name(form.get("about.image", "")),
    }
    found = [Line(name, value) for name, value in simple.items() if value]
    texts = zip(form.getlist("about.text"), form.getlist("about.language"), strict=False)
    return found + [Line("about", tidy(text), language=code.lower()) for text, code in texts if tidy(text)]


def one(part: Part, name: str) -> str:
    """The value of a line that a field has once."""
    return next((line.value for line in part.lines if line.name == name), "")
