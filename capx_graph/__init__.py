"""capx-graph: a capacity graph on a Wikibase, searched and matched by SPARQL."""

__version__ = "0.1.0"
