"""The other side of an exchange: a bundle on a wiki, or in a file.

Only this package and jobs import it. A side gives its texts by key and language; only a wiki takes any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from capx_graph.errors import InvalidInput, NotFound
from capx_graph.mediawiki import PageText, Wiki
from capx_graph.spelling import one_line
from capx_graph.translation import bundle
from capx_graph.translation.catalogue import Text

Place = tuple[str, str]
"""A key of the bundle, such as ``Q11024-label``, and a language."""

_NAMESPACE = "Translations"


class Side(Protocol):
    """Whatever has texts to exchange."""

    def texts(self) -> Mapping[Place, Text]: ...


@dataclass(frozen=True, slots=True)
class FileBundle:
    """The messages of one language in a file; nothing says when they were written."""

    messages: Mapping[str, str]
    language: str

    def texts(self) -> Mapping[Place, Text]:
        """The texts of the file."""
        return {(key, self.language): Text(one_line(text)) for key, text in self.messages.items()}


class WikiBundle:
    """A bundle on a wiki with the extension Translate."""

    def __init__(self, wiki: Wiki, title: str) -> None:
        self._wiki = wiki
        self._title = title
        self._source: PageText | None = None
        self._pages: dict[Place, PageText] = {}
        self.language = bundle.SOURCE

    @property
    def name(self) -> str:
        """The bundle and its wiki, for summaries and messages."""
        return f"{self._title} on {self._wiki.host}"

    def texts(self) -> Mapping[Place, Text]:
        """The source language from the page of the bundle, the others from its translations; raises NotFound.

        A text of the source has no time of its own: the page tells only when any of them was changed.
        """
        namespace = self._wiki.namespaces().get(_NAMESPACE)
        if namespace is None:
            raise InvalidInput(
                f"{self._wiki.host} has no namespace {_NAMESPACE}: it does not have the extension Translate"
            )
        self._source = self._wiki.page(self._title)
        if self._source is None:
            raise NotFound(f"there is no page {self._title!r} on {self._wiki.host}")
        self.language = bundle.language_of(self._source.text) or bundle.SOURCE
        messages = bundle.read(self._source.text, self.name)
        found = {(key, self.language): Text(one_line(text)) for key, text in messages.items()}
        for page in self._wiki.pages_under(f"{self._title}/", namespace):
            place = bundle.unit_of(page.title.partition(":")[2], self._title)
            if place is None or place[1] == self.language:
                continue
            self._pages[place] = page
            marked = page.text.startswith(bundle.OUTDATED)
            found[place] = Text(one_line(page.text.removeprefix(bundle.OUTDATED)), page.at, marked)
        return found

    def write(self, place: Place, text: str, *, summary: str) -> None:
        """Saves a translation on the revision that was read; raises Conflict."""
        title = f"{_NAMESPACE}:{bundle.title_of(*place, self._title)}"
        self._wiki.edit(title, text, summary=summary, base=self._pages.get(place))

    def write_source(self, messages: Mapping[str, str], *, summary: str) -> None:
        """Saves texts of the source language, all in one edit of the bundle; raises Conflict."""
        assert self._source is not None, "a bundle is read before it is written"
        text = bundle.changed(self._source.text, messages, self.name)
        self._wiki.edit(self._title, text, summary=summary, base=self._source)
