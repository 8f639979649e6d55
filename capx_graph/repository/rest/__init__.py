"""The Wikibase REST API: routes, readings, edits, errors."""
