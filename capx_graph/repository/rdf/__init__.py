"""Entities as RDF, exactly as a Wikibase gives it, and the documents it is written in."""
