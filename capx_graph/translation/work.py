"""What keepers and translators of the directory work with, put together; the wiring and jobs import it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.drafts import Vocabulary
from capx_graph.ontology import Instance
from capx_graph.repository.ratelimit import RateLimit
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.shapes import Shapes
from capx_graph.suggestions import Suggestions
from capx_graph.taxonomy import CapacityCheck, Taxonomy
from capx_graph.translation import Confirmed, Desk, Histories, Saving
from capx_graph.wikibase.writer import Writer


@dataclass(frozen=True, slots=True)
class DirectoryWork:
    """The tree, what is suggested for it, and its translations; ``rate`` counts what an account sends by form."""

    taxonomy: Taxonomy
    suggestions: Suggestions
    desk: Desk
    saving: Saving
    rate: RateLimit

    @classmethod
    def over(
        cls,
        repository: Repository,
        directory: DirectoryCache,
        naming: Naming,
        *,
        instance: Instance,
        writer: Writer,
        shapes: Callable[[], Shapes],
        settings: Settings,
    ) -> DirectoryWork:
        """The work on one repository."""
        asking = ShapeCheck(instance, repository.namespaces, shapes=shapes, clock=settings.now)
        check = CapacityCheck(repository, directory, asking)
        confirmed = Confirmed(settings.data / "translation")
        desk = Desk(
            repository,
            directory,
            naming,
            instance=instance,
            histories=Histories(repository),
            confirmed=confirmed,
        )
        vocabulary = Vocabulary(instance)
        return cls(
            taxonomy=Taxonomy(repository, directory, writer, check=check, vocabulary=vocabulary, clock=settings.now),
            suggestions=Suggestions(settings.data, clock=settings.now),
            desk=desk,
            rate=RateLimit(settings.edits_per_minute),
            saving=Saving(repository, desk, writer, check=check, confirmed=confirmed),
        )
