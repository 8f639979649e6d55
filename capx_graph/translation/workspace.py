"""The translators' desk: rows of two languages side by side, what is missing first, and how far each language is.

Given out by the package. Texts are read from the repository, not from the graph, so that a row shows an edit the
moment it is saved; the tree and who may be chosen come from the directory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from capx_graph import languages
from capx_graph.directory import Directory, DirectoryCache, Naming
from capx_graph.directory.lookup import entry_meant
from capx_graph.errors import InvalidParameter, NotFound
from capx_graph.items.keys import values_of
from capx_graph.messages import told
from capx_graph.model import EntityJson, EntityKind, Page, Ref
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository
from capx_graph.translation.confirmed import Confirmed
from capx_graph.translation.histories import Histories
from capx_graph.translation.model import (
    FIELDS,
    Asked,
    Progress,
    Row,
    Shown,
    Standing,
    Words,
    Workspace,
)

Reader = Sequence[str]


class Desk:
    """Reads what there is to translate."""

    def __init__(
        self,
        repository: Repository,
        directory: DirectoryCache,
        naming: Naming,
        *,
        instance: Instance,
        histories: Histories,
        confirmed: Confirmed,
    ) -> None:
        self._repository = repository
        self._directory = directory
        self._naming = naming
        self._histories = histories
        self._confirmed = confirmed
        self._unreviewed = instance.property_id("unreviewedLanguage")

    def workspace(self, asked: Asked, *, reader: Reader) -> Workspace:
        """A page of rows; raises InvalidParameter for a language or a root that is none."""
        self.check_languages(asked.source, asked.target)
        directory = self._directory.current()
        pages = self._pages(_in_order(directory, self._root(asked.root, directory)))
        found = [(page, self._standings(page, asked.source, asked.target)) for page in pages]
        order = tuple(Standing)
        ranked = sorted(((_most_urgent(s), page) for page, s in found), key=lambda pair: order.index(pair[0]))
        wanted = [page for standing, page in ranked if _is_shown(standing, asked.shown)]
        shown = wanted[asked.offset : asked.offset + asked.limit]
        following = asked.offset + len(shown)
        return Workspace(
            asked=asked,
            rows=self._rows(shown, asked, reader, directory),
            counts=Counter(standing for standing, _ in ranked),
            total=len(wanted),
            progress=self._progress(asked.target, self._pages(_in_order(directory, None))),
            next_offset=following if following < len(wanted) else None,
        )

    def row(self, item: str, asked: Asked, *, reader: Reader) -> Row:
        """One capacity; raises NotFound, InvalidParameter."""
        self.check_languages(asked.source, asked.target)
        return self._rows([self.page(item)], asked, reader, self._directory.current())[0]

    def check_languages(self, source: str, target: str) -> None:
        """Raises InvalidParameter for a code that a wiki has no texts in."""
        for name, code in (("from", source), ("to", target)):
            if not self._repository.settings.is_term_language(code):
                raise InvalidParameter(name, code[:40], told("mend-code"))

    def page(self, item: str) -> Page:
        """A capacity as the repository has it; raises NotFound."""
        entry = self._directory.current().entries.get(item)
        page = self._repository.page(item) if entry and entry.kind is EntityKind.CAPACITY else None
        if page is None or page.entity is None or page.owner is not None:
            raise NotFound(told("refused-absent", item[:40]))
        return page

    def pages(self) -> list[Page]:
        """All capacities that are translated, in the order of the tree; retired ones are not."""
        return self._pages(_in_order(self._directory.current(), None))

    def progress(self, also: Iterable[str] = ()) -> tuple[Progress, ...]:
        """How far every language is that has a text, and ``also`` these; the fullest first."""
        pages = self.pages()
        codes = {
            code for page in pages if page.entity for part in ("labels", "descriptions") for code in page.entity[part]
        }
        found = [self._progress(code, pages) for code in sorted(codes | set(also))]
        return tuple(sorted(found, key=lambda one: (-one.labels - one.descriptions, one.language)))

    def progress_of(self, language: str) -> Progress:
        """How far one language is."""
        return self._progress(language, self.pages())

    def roots(self, *, reader: Reader) -> tuple[tuple[str, str], ...]:
        """The roots of the tree, by item and name."""
        directory = self._directory.current()
        items = [item for item in _in_order(directory, None) if not directory.tree.parents.get(item)]
        refs = self._naming.refs(items, reader)
        return tuple((item, refs[item].label) for item in items)

    def ref(self, item: str, *, reader: Reader) -> Ref:
        """What a capacity is called."""
        return self._naming.ref(item, reader)

    def choices(self, *, reader: Reader) -> tuple[tuple[Ref, int], ...]:
        """The capacities that can be chosen, in the order of the tree, each with its depth."""
        directory = self._directory.current()
        items = _in_order(directory, None)
        refs = self._naming.refs(items, reader)
        return tuple((refs[item], len(directory.tree.path(item))) for item in items)

    def unreviewed(self, entity: EntityJson, language: str) -> list[str]:
        """The ids of the statements that say the texts in a language await review."""
        statements = entity["claims"].get(self._unreviewed, ())
        return [s["id"] for s in statements if s["mainsnak"].get("datavalue", {}).get("value") == language]

    def _progress(self, language: str, pages: Sequence[Page]) -> Progress:
        entities = [page.entity for page in pages if page.entity is not None]
        return Progress(
            language=language,
            total=len(entities),
            labels=sum(language in entity["labels"] for entity in entities),
            descriptions=sum(language in entity["descriptions"] for entity in entities),
            unreviewed=sum(language in values_of(entity, self._unreviewed) for entity in entities),
        )

    def _pages(self, items: Sequence[str]) -> list[Page]:
        pages = self._repository.pages(items)
        return [page for item in items if (page := pages.get(item)) and page.entity is not None and page.owner is None]

    def _root(self, value: str | None, directory: Directory) -> str | None:
        if not value:
            return None
        found = entry_meant(value, EntityKind.CAPACITY, directory)
        if found is None:
            raise InvalidParameter("root", value[:40], told("mend-entry"))
        return found

    def _standings(self, page: Page, source: str, target: str) -> dict[str, Standing]:
        entity = page.entity
        assert entity is not None
        original, translated = words(entity, source), words(entity, target)
        formerly = self.formerly(page, source, target)
        unreviewed = bool(self.unreviewed(entity, target))
        found = {}
        for name in FIELDS:
            if not translated.text(name):
                if original.text(name):
                    found[name] = Standing.MISSING
            elif name in formerly:
                found[name] = Standing.OUTDATED
            else:
                found[name] = Standing.UNREVIEWED if unreviewed else Standing.DONE
        return found

    def formerly(self, page: Page, source: str, target: str) -> dict[str, str]:
        """By field, the source that a translation was made from, where it is another one now and nobody saw to it."""
        entity = page.entity
        assert entity is not None
        history = self._histories.of(page)
        found = {}
        for name in FIELDS:
            seen = history.formerly(name, source=source, target=target)
            texts = words(entity, source).text(name), words(entity, target).text(name)
            if seen and not self._confirmed.holds((page.entity_id, name, source, target), *texts):
                found[name] = seen
        return found

    def _rows(self, pages: Sequence[Page], asked: Asked, reader: Reader, directory: Directory) -> tuple[Row, ...]:
        paths = {page.entity_id: directory.tree.path(page.entity_id) for page in pages}
        refs = self._naming.refs({item for page in pages for item in (page.entity_id, *paths[page.entity_id])}, reader)
        rows = []
        for page in pages:
            assert page.entity is not None
            rows.append(
                Row(
                    ref=refs[page.entity_id],
                    path=tuple(refs[above] for above in paths[page.entity_id]),
                    revision=page.revision_id,
                    source=words(page.entity, asked.source),
                    target=words(page.entity, asked.target),
                    standings=self._standings(page, asked.source, asked.target),
                    formerly=self.formerly(page, asked.source, asked.target),
                    others=_others(page.entity, asked, reader),
                )
            )
        return tuple(rows)


def words(entity: EntityJson, language: str) -> Words:
    """What an entity is called in a language."""
    label, description = (str(entity[part].get(language, {}).get("value", "")) for part in ("labels", "descriptions"))
    aliases = tuple(str(alias["value"]) for alias in entity["aliases"].get(language, ()))
    return Words(language, label, description, aliases)


def _others(entity: EntityJson, asked: Asked, reader: Reader) -> tuple[Words, ...]:
    """Further languages: relatives of the target and the reader's own first."""
    near = [*languages.fallback(asked.target), *reader]
    codes = {code for part in ("labels", "descriptions") for code in entity[part]} - {asked.source, asked.target}
    ordered = sorted(codes, key=lambda code: (near.index(code) if code in near else len(near), code))
    return tuple(words(entity, code) for code in ordered)


def _in_order(directory: Directory, root: str | None) -> list[str]:
    """The capacities that can be chosen, below one or all, each below its parent, older items first."""
    entries = {entry.id: entry for entry in directory.of_kind(EntityKind.CAPACITY)}
    roots = [root] if root else [item for item in entries if not _parents(item, directory)]
    ordered = list(dict.fromkeys(item for top in roots for item in _down(top, directory, set())))
    rest = [] if root else [item for item in entries if item not in ordered]
    return [item for item in (*ordered, *rest) if item in entries and entries[item].retired is None]


def _down(item: str, directory: Directory, seen: set[str]) -> list[str]:
    if item in seen:
        return []
    seen.add(item)
    children = sorted(directory.tree.children.get(item, ()), key=lambda child: (len(child), child))
    return [item, *(found for child in children for found in _down(child, directory, seen))]


def _parents(item: str, directory: Directory) -> Sequence[str]:
    return [parent for parent in directory.tree.parents.get(item, ()) if parent in directory.entries]


def _most_urgent(standings: Mapping[str, Standing]) -> Standing:
    order = tuple(Standing)
    return min(standings.values(), key=order.index, default=Standing.DONE)


def _is_shown(standing: Standing, shown: Shown) -> bool:
    if shown is Shown.TODO:
        return standing is not Standing.DONE
    return shown is Shown.ALL or standing == shown.value
