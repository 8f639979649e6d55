"""Names for the keys of panels: things by their labels, words of the ontology by its own names.

Words that belong to the interface (a measure, a month, a class) keep themselves as names; the pages translate them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capx_graph import languages
from capx_graph.analytics.counting import Key
from capx_graph.analytics.health import HealthLine
from capx_graph.analytics.panels import Panel
from capx_graph.directory import Individuals, Naming
from capx_graph.model import Ref
from capx_graph.namespaces import CAPX
from capx_graph.ontology import Instance
from capx_graph.terms import iri

_THINGS = frozenset({"capacity", "territory", "language"})


class Names:
    """Refs for keys, for any reader."""

    def __init__(self, naming: Naming, instance: Instance) -> None:
        self._naming = naming
        self._individuals = Individuals(instance)

    def of(self, panel: Panel, keys: Sequence[Key], reader: Sequence[str]) -> list[tuple[Ref, ...]]:
        """A Ref for each part of each key; one without a name for "none"."""
        columns = [self._column(name, [key[place] for key in keys], reader) for place, name in enumerate(panel.keys)]
        return [tuple(column[part] for column, part in zip(columns, key, strict=True)) for key in keys]

    def chosen(self, items: Mapping[str, str | None], reader: Sequence[str]) -> dict[str, Ref]:
        """The things that were asked for, by the name of the parameter."""
        return {name: self._naming.ref(item, reader) for name, item in items.items() if item}

    def of_rule(self, line: HealthLine, reader: Sequence[str]) -> tuple[Ref, Ref]:
        """A rule by what it says, and how bad breaking it is."""
        text, language = line.message(reader)
        return Ref(line.shape, text, language, code=line.shape), Ref(line.severity, line.severity, code=line.severity)

    def _column(self, name: str, parts: Sequence[str], reader: Sequence[str]) -> Mapping[str, Ref]:
        known = dict.fromkeys(parts)
        if name in _THINGS:
            refs = self._naming.refs([part for part in known if part], reader)
            return {part: refs[part] if part else Ref("", "") for part in known}
        if name == "language_code":
            return {part: Ref(part, languages.name(part, reader[0]) if part else "", code=part) for part in known}
        if name == "type":
            return {part: self._type(part, reader) for part in known}
        return {part: Ref(part, part, code=part) for part in known}

    def _type(self, word: str, reader: Sequence[str]) -> Ref:
        found = self._individuals.refs([iri(CAPX + word)], reader) if word else ()
        return found[0] if found else Ref(word, word)
