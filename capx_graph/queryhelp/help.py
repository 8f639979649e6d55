"""What the query page offers beside the endpoint, put together; the wiring imports it."""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.queryhelp.completion import Completions
from capx_graph.queryhelp.gallery import Binding
from capx_graph.queryhelp.meaning import Meanings
from capx_graph.queryhelp.shortlinks import ShortLinks
from capx_graph.queryhelp.vocabulary import WikibaseProperties
from capx_graph.settings import Settings
from capx_graph.store.base import GraphStore
from capx_graph.textindex import TextIndex


@dataclass(frozen=True, slots=True)
class QueryHelp:
    """Completion, names, parameters of examples and short links."""

    namespaces: WikibaseNamespaces
    completions: Completions
    meanings: Meanings
    binding: Binding
    shortlinks: ShortLinks

    @classmethod
    def over(
        cls,
        namespaces: WikibaseNamespaces,
        store: GraphStore,
        texts: TextIndex,
        *,
        naming: Naming,
        directory: DirectoryCache,
        instance: Instance,
        settings: Settings,
    ) -> QueryHelp:
        """The help over one graph."""
        properties = WikibaseProperties(store, namespaces)
        return cls(
            namespaces=namespaces,
            completions=Completions(instance.ontology, properties, texts, naming),
            meanings=Meanings(instance, properties, naming),
            binding=Binding(directory, texts, namespaces),
            shortlinks=ShortLinks(settings.data),
        )
