"""The form of a record that has managers: each field by its shape, both ways; see ``lines`` for every form.

``names.label`` and ``names.description`` repeat texts, ``names.language`` their languages. A field of texts repeats
``FIELD``; one of a single text or a fixed value has it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capx_graph.membership import Line, Part, State
from capx_graph.model import EntityKind
from capx_graph.stewardship import Shape, Spec
from webapp.forms import lines as formlines
from webapp.forms.lines import Form, chosen_values, file_name, skill_line, tidy
from webapp.forms.times import mark_lines, time_lines

Draft = formlines.Draft[str]

TITLES: Mapping[str, str] = {
    "territory": "places",
    "offers": "offers-title",
    "wants": "wants-title",
    "knows": "knows-title",
    "website": "website",
    "metaPage": "meta-page",
    "documents": "documents",
    "newsTag": "news-tag",
    "time": "event-when",
    "locationType": "location",
    "venue": "venue",
    "organizer": "organizers",
    "partner": "partners",
    "concerns": "concerns",
    "cancelled": "event-cancelled",
}
"""The messages of fields that pages name already; others are ``record-FIELD``."""

HINTS = frozenset({"documents", "account", "wikidata", "time", "cancelled", "organizer", "partner"})
"""Fields with a word on how to fill them: ``record-FIELD-hint``."""


def title_of(spec: Spec) -> str:
    """The key of a field's title."""
    return TITLES.get(spec.name, f"record-{spec.name}")


def chosen_from(specs: Iterable[Spec]) -> dict[str, EntityKind]:
    """Of which kind the things of each field are that has things."""
    return {spec.name: spec.chosen_from for spec in specs if spec.chosen_from is not None}


def draft_from(form: Form, specs: Iterable[Spec]) -> Draft:
    """The form as it was sent; what is added or removed by a button is done."""
    parts = {spec.name: Part(State.PUBLIC, tuple(_lines(form, spec))) for spec in specs}
    return Draft(parts, {name: form.get(f"{name}.seen", "") for name in parts})


def blank(specs: Iterable[Spec], given: Mapping[str, str]) -> Draft:
    """The form of a new record; ``given`` are things chosen beforehand, by field."""
    parts = {}
    for spec in specs:
        value = given.get(spec.name, "")[:40] if spec.chosen_from is not None else ""
        parts[spec.name] = Part(State.PUBLIC, (Line(spec.properties[0], value),) if value else ())
    return formlines.draft_as_is(parts)


def _lines(form: Form, spec: Spec) -> list[Line]:
    if spec.shape is Shape.WORDS:
        return _words(form, spec.name)
    if spec.shape is Shape.TIME:
        return time_lines(form, spec.name)
    if spec.shape is Shape.MARK:
        return mark_lines(form, spec)
    name = spec.properties[0]
    if spec.shape is Shape.SKILLS:
        return [skill_line(form, spec.name, name, value) for value in chosen_values(form, spec.name)]
    if spec.shape is Shape.ITEMS:
        return [Line(name, value) for value in chosen_values(form, spec.name)]
    texts = dict.fromkeys(_text(spec, value) for value in form.getlist(spec.name))
    return [Line(name, text) for text in texts if text]


def _text(spec: Spec, value: str) -> str:
    text = tidy(value)
    if "wikidataId" in spec.properties:
        return text.rpartition("/")[2].upper()
    if "document" in spec.properties:
        return file_name(text)
    if "newsTag" in spec.properties:
        return text.removeprefix("#")
    return text


def _words(form: Form, field: str) -> list[Line]:
    """Names and descriptions; of two rows in one language the first stands."""
    found: dict[tuple[str, str], Line] = {}
    columns = (form.getlist(f"{field}.{column}") for column in ("language", "label", "description"))
    for language, *texts in zip(*columns, strict=False):
        code = language.strip().lower()
        for name, text in zip(("label", "description"), texts, strict=True):
            if line := tidy(text):
                found.setdefault((name, code), Line(name, line, language=code))
    return list(found.values())


def rows_of_words(part: Part, own_language: str) -> list[tuple[str, str, str]]:
    """A row for each language that has words, and an empty one: in the reader's own language where it has none."""
    by_language: dict[str, dict[str, str]] = {}
    for line in part.lines:
        by_language.setdefault(line.language, {})[line.name] = line.value
    rows = [(code, words.get("label", ""), words.get("description", "")) for code, words in by_language.items()]
    return [*rows, ("" if own_language in by_language else own_language, "", "")]
