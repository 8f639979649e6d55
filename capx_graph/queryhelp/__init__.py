"""Writing SPARQL by names: completion of what somebody types in their own language, and names of what stands there.

Doors import from here. Terms of the ontology come from its files, properties and items from the graph and the text
index; a term is always written with a prefix that the endpoint knows by itself: ``capx:offers``, ``wdt:P7``, ``wd:Q5``.
"""

from capx_graph.queryhelp.completion import Completion, Completions, Want
from capx_graph.queryhelp.meaning import Meaning, Meanings
from capx_graph.queryhelp.vocabulary import WikibaseProperties

__all__ = ["Completion", "Completions", "Meaning", "Meanings", "Want", "WikibaseProperties"]
