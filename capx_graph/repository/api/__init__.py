"""The Action API of the embedded Wikibase, one family of modules a file; only the repository's wsgi.py imports it."""
