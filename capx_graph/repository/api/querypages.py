"""Pages of the ``query`` module by title, number or revision, with what is asked of them.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Sequence

from capx_graph import languages
from capx_graph.instants import from_epoch, stamp
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.parameters import LIMIT, Param, Values
from capx_graph.repository.api.queryparts import DIRECTION, MANY_NAMESPACES, PagePart, mark, title_fields
from capx_graph.repository.api.queryrevisions import REVISIONS, add_revisions, check_one_page
from capx_graph.repository.history.lines import PageLine
from capx_graph.repository.ids import ITEM, entity_of_title, kind_of, title_of
from capx_graph.repository.statements import mentioned_entities, statements_of


def add_pages(call: Call, answer: Json, going_on: Json, finished: list[str], found: Sequence[int]) -> bool:
    """Adds the pages asked for, and those of the numbers; answers whether there is more to tell of one of them."""
    if sum(call.values.has(name) for name in ("titles", "pageids", "revids")) > 1:
        raise call.fail("multisource", 'Only one of "titles", "pageids" and "revids" can be used.')
    lines, missing = _asked(call, answer)
    for number in found:
        line = call.repository.history.page(page_id=number)
        if line is not None and not line.deleted:
            lines[line.entity_id] = line
    entries: dict[str, Json] = {}
    for number, entry in enumerate(missing, 1):
        call.put_flag(entry, "invalid" if "invalidreason" in entry else "missing", truth=True)
        entries[str(-number)] = entry
    for line in sorted(lines.values(), key=lambda line: line.page_id):
        entries[str(line.page_id)] = {"pageid": line.page_id, **title_fields(line.entity_id)}
    more = False
    for name in call.values.several("prop"):
        part = PARTS[name]
        values = call.submodule(f"query+{name}", part.params, part.prefix)
        if name == "revisions":
            check_one_page(values, len(lines))
        following = _tell(call, name, values, lines, entries)
        if following is None:
            finished.append(name)
        else:
            going_on[f"{part.prefix}continue"] = following
            more = True
    answer["pages"] = entries if call.version == 1 else list(entries.values())
    return more


def _asked(call: Call, answer: Json) -> tuple[dict[str, PageLine], list[Json]]:
    """The pages that exist, by entity, and entries for those that do not."""
    history = call.repository.history
    lines: dict[str, PageLine] = {}
    missing: list[Json] = []
    _by_title(call, answer, lines, missing)
    for number in _numbers(call, "pageids"):
        line = history.page(page_id=number)
        if line is None or line.deleted:
            missing.append({"pageid": number})
        else:
            lines[line.entity_id] = line
    bad: Json = {}
    for number in _numbers(call, "revids"):
        revision = history.revision(number)
        line = history.page(page_id=revision.page_id) if revision else None
        if line is None:
            bad[str(number)] = {"revid": number}
        else:
            lines[line.entity_id] = line
    if bad:
        answer["badrevids"] = bad
    return lines, missing


def _by_title(call: Call, answer: Json, lines: dict[str, PageLine], missing: list[Json]) -> None:
    normalized: list[Json] = []
    for title in call.values.several("titles"):
        entity_id = entity_of_title(title)
        if entity_id is None:
            missing.append({"ns": 0, "title": title.strip().replace("_", " ")})
            continue
        if title_of(entity_id) != title:
            normalized.append({"from": title, "to": title_of(entity_id)})
        line = call.repository.history.page(entity_id=entity_id)
        if line is None or line.deleted:
            missing.append(title_fields(entity_id))
        else:
            lines[entity_id] = line
    if normalized:
        answer["normalized"] = [{"fromencoded": False, **one} if call.version > 1 else one for one in normalized]


def _numbers(call: Call, name: str) -> list[int]:
    found = []
    for text in call.values.several(name):
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise call.fail("badinteger", f'Invalid value "{text}" for integer parameter "{name}".')
        found.append(int(text))
    return found


def _tell(call: Call, name: str, values: Values, lines: dict[str, PageLine], entries: dict[str, Json]) -> str | None:
    following: str | None = None
    for line in lines.values():
        entry = entries[str(line.page_id)]
        if name == "info":
            _info(call, values, line, entry)
        elif name == "pageprops":
            _page_props(call, values, line, entry)
        elif name == "links":
            _links(call, line, entry)
        elif name == "entityterms":
            _terms(call, values, line, entry)
        elif name == "revisions":
            following = add_revisions(call, values, line, entry) or following
    if name == "info":
        for key, entry in entries.items():
            if key.startswith("-") and "ns" in entry:
                _language_info(entry)
                _addresses(call, values, entry)
    return following


def _info(call: Call, values: Values, line: PageLine, entry: Json) -> None:
    _language_info(entry)
    revision = call.repository.history.revision(line.revision_id)
    assert revision is not None
    entry |= {"touched": stamp(from_epoch(revision.at)), "lastrevid": line.revision_id, "length": revision.size}
    mark(call, entry, "redirect", present=line.redirect_to is not None)
    mark(call, entry, "new", present=revision.new)
    _addresses(call, values, entry)


def _addresses(call: Call, values: Values, entry: Json) -> None:
    if "protection" in values.several("prop"):
        entry["protection"] = []
        entry["restrictiontypes"] = ["edit"] if "pageid" in entry else []
    if "url" in values.several("prop"):
        title = entry["title"].replace(" ", "_")
        address = f"{call.repository.base}/wiki/{title}"
        edit = f"{call.repository.base}/w/index.php?title={title}&action=edit"
        entry |= {"fullurl": address, "editurl": edit, "canonicalurl": address}


def _language_info(entry: Json) -> None:
    model = {120: "wikibase-item", 122: "wikibase-property"}.get(entry["ns"], "wikitext")
    entry |= {
        "contentmodel": model,
        "pagelanguage": "en",
        "pagelanguagehtmlcode": "en",
        "pagelanguagedir": "ltr",
    }


def _page_props(call: Call, values: Values, line: PageLine, entry: Json) -> None:
    page = call.repository.page(line.entity_id)
    if page is None or page.entity is None:
        return
    statements = statements_of(page.entity)
    props = {"wb-claims": str(len(statements))}
    if kind_of(line.entity_id) == ITEM:
        identifiers = sum(statement["mainsnak"].get("datatype") == "external-id" for statement in statements)
        props |= {"wb-identifiers": str(identifiers), "wb-sitelinks": "0"}
    wanted = values.several("prop") or list(props)
    if set(wanted) & set(props):
        entry["pageprops"] = {key: value for key, value in props.items() if key in wanted}


def _links(call: Call, line: PageLine, entry: Json) -> None:
    page = call.repository.page(line.entity_id)
    if page is not None and page.entity is not None:
        linked = [title_fields(entity_id) for entity_id in mentioned_entities(page.entity)]
        if linked:
            entry["links"] = sorted(linked, key=lambda one: (one["ns"], one["title"]))


def _terms(call: Call, values: Values, line: PageLine, entry: Json) -> None:
    page = call.repository.page(line.entity_id)
    language = values.text("language")
    language = call.language if language == "uselang" else language
    if page is None or page.entity is None:
        return
    found: Json = {}
    for type_, key in zip(TERM_TYPES, ("aliases", "descriptions", "labels"), strict=True):
        terms = page.entity[key].get(language, [])
        texts = [term["value"] for term in (terms if isinstance(terms, list) else [terms])]
        if texts and type_ in values.several("terms"):
            found[type_] = texts
    if found:
        entry["entityterms"] = found


TERM_TYPES = ("alias", "description", "label")
_INFO_PROPS = (
    "protection", "talkid", "watched", "watchers", "visitingwatchers", "notificationtimestamp", "subjectid",
    "associatedpage", "url", "readable", "preload", "preloadcontent", "editintro", "displaytitle",
    "varianttitles", "linkclasses",
)  # fmt: skip

PARTS = {
    part.name: part
    for part in (
        PagePart("info", "in", (Param("prop", choices=_INFO_PROPS, many=True), Param("continue"))),
        PagePart("links", "pl", (MANY_NAMESPACES, Param("limit", "limit", default=10, least=1, most=LIMIT), DIRECTION)),
        PagePart("pageprops", "pp", (Param("continue"), Param("prop", many=True))),
        PagePart(
            "entityterms",
            "wbet",
            (
                Param("continue", "integer"),
                Param("language", choices=lambda: languages.term_codes() | {"mul", "uselang"}, default="uselang"),
                Param("terms", choices=TERM_TYPES, many=True, default=list(TERM_TYPES)),
            ),
        ),
        REVISIONS,
    )
}
