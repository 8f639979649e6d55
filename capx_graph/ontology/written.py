"""An instance file as text: written anew, or completed without losing what a person wrote into it.

Pure; who provisions a Wikibase writes the text. Completing appends lines, so comments, paths and datatypes stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.errors import InvalidParameter
from capx_graph.namespaces import CAPX, CAPX_INSTANCE
from capx_graph.ontology.vocabulary import Ontology

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_INCOMPLETE = re.compile(r"(capxi:complete\s+)false\b")
_PREFIXES = {"capx": CAPX, "capxi": CAPX_INSTANCE, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


@dataclass(frozen=True, slots=True)
class InstanceHeader:
    """What an instance file says of its Wikibase."""

    name: str
    label: str
    concept_base: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidParameter("instance", self.name[:80], "is a name of lower-case letters, digits and hyphens")


def written_instance(header: InstanceHeader, ontology: Ontology, ids: Mapping[str, str], *, complete: bool) -> str:
    """A new instance file with these ids by the terms' names."""
    lines = [f"# Ids of the ontology's terms in {_comment(header.label)}, written by capx provision.", ""]
    lines += [f"@prefix {prefix}: <{iri}> ." for prefix, iri in _PREFIXES.items()]
    lines += [
        "",
        f"<{CAPX_INSTANCE}{header.name}> a capxi:Instance ;",
        f"    rdfs:label {_quoted(header.label)}@en ;",
        f"    capxi:conceptBase {_quoted(header.concept_base)} ;",
        f"    capxi:complete {'true' if complete else 'false'} .",
        "",
    ]
    return "\n".join([*lines, *_mappings(ontology, ids), ""])


def completed_instance(text: str, ontology: Ontology, added: Mapping[str, str], *, complete: bool) -> str:
    """An instance file with further ids; IRIs are written in full, whatever its prefixes."""
    if complete:
        text = _INCOMPLETE.sub(r"\1true", text)
    if not added:
        return text
    lines = ["", "# Added by capx provision.", *_mappings(ontology, added, full=True), ""]
    return text.rstrip("\n") + "\n" + "\n".join(lines)


def _mappings(ontology: Ontology, ids: Mapping[str, str], *, full: bool = False) -> list[str]:
    lines = []
    for name, entity_id in ids.items():
        term = ontology.find(name)
        assert term is not None, "only terms of the ontology are mapped"
        short = not full and term.iri.startswith(CAPX) and re.fullmatch(r"\w+", term.name)
        subject = f"capx:{term.name}" if short else f"<{term.iri}>"
        kind = "property" if name in ontology.properties else "item"
        predicate = f"<{CAPX_INSTANCE}{kind}>" if full else f"capxi:{kind}"
        lines.append(f'{subject} {predicate} "{entity_id}" .')
    return lines


def _quoted(text: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
