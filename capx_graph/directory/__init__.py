"""The directory as the graph has it: capacities, territories, languages, projects, organizations, and names of things.

Use cases import from here. Both caches hold what the graph said at one version; the ingest tells them which entities
changed, so that an edit of a person, which is most edits, does not empty them.
"""

from capx_graph.directory.cache import DirectoryCache
from capx_graph.directory.cards import Card
from capx_graph.directory.catalogue import Directory, Entry
from capx_graph.directory.individuals import Individuals
from capx_graph.directory.kept import Kept
from capx_graph.directory.naming import Naming
from capx_graph.directory.standin import StandIn
from capx_graph.directory.tree import Tree

__all__ = ["Card", "Directory", "DirectoryCache", "Entry", "Individuals", "Kept", "Naming", "StandIn", "Tree"]
