"""The directory of capacities as its maintainers keep it: proposing, adding, moving, merging, retiring.

Doors and the translation room import from here. Every write goes through the Wikibase's API under the account of who
does it, checked by the shapes before it is sent; what a capacity is called in which language is the translators' work.
"""

from capx_graph.taxonomy.checking import CapacityCheck
from capx_graph.taxonomy.model import CapacityFacts, Details, NewCapacity
from capx_graph.taxonomy.taxonomy import Taxonomy
from capx_graph.taxonomy.wording import LONGEST_TERM, same_words, tidy

__all__ = ["LONGEST_TERM", "CapacityCheck", "CapacityFacts", "Details", "NewCapacity", "Taxonomy", "same_words", "tidy"]
