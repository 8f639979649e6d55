"""A connected Wikibase: followed, written to, and left out of step in every way that there is."""
