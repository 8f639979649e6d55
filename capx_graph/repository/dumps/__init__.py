"""Wikibase dumps, written and read."""
