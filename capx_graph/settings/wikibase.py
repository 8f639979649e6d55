"""The settings of a connected Wikibase: where it is, what of it is read, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.settings.parsing import page, parsed, whole
from capx_graph.settings.setting import Setting

CONNECTED: tuple[Setting, ...] = (
    Setting(
        "wikibase_url",
        "",
        "A Wikibase to connect, by the address of its API, such as https://metabase.wikibase.cloud/w/api.php: it holds "
        "the directory, organizations, events and projects; people stay here. Empty: everything is kept here. "
        "Decided when the data directory is made.",
    ),
    Setting("wikibase_concept_base", "", "The beginning of the IRIs of its entities, where it does not say so itself."),
    Setting("wikibase_documents", "", "The beginning of the addresses of its data pages, likewise."),
    Setting(
        "instance",
        "",
        "The name of the file in ontology/instances that says which ids it gives to the terms of the ontology; "
        "empty means the file that names its concept base.",
    ),
    Setting(
        "wikibase_select",
        "",
        "What of it is read: statements between commas, such as P5=Q34531, of which items must have one; they, what "
        "they mention, and all properties are read. Empty means everything.",
    ),
    Setting("sync_seconds", "1", "How often capx serve asks it for changes; 0 means never (then capx sync does)."),
)


@dataclass(frozen=True, slots=True)
class WikibaseSettings:
    """A connected Wikibase; ``concept_base``, ``documents``, ``instance`` are empty where they are to be found out."""

    url: str
    concept_base: str = ""
    documents: str = ""
    instance: str = ""
    select: tuple[str, ...] = ()
    seconds: int = 1


def wikibase_settings(values: Mapping[str, str]) -> WikibaseSettings | None:
    """The connected Wikibase, None where there is none; raises InvalidSetting."""
    if not values["wikibase_url"]:
        return None
    return WikibaseSettings(
        url=parsed(values, "wikibase_url", page),
        concept_base=parsed(values, "wikibase_concept_base", _entities),
        documents=parsed(values, "wikibase_documents", page),
        instance=values["instance"],
        select=tuple(part.strip() for part in values["wikibase_select"].split(",") if part.strip()),
        seconds=parsed(values, "sync_seconds", lambda text: whole(text, 0, 86400)),
    )


def _entities(text: str) -> str:
    if text and not page(text).endswith("/entity/"):
        raise ValueError("must end with /entity/")
    return text
