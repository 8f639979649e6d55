"""The embedded Wikibase: entities as revisions on SQLite, behind the Action API, the REST API and linked data.

A house of its own, from what an id is up to HTTP; tests hold its floors as well. Rooms above open it as
``store.Repository`` and answer its addresses with ``wsgi.WikiApp``. What it does is what MediaWiki with Wikibase 1.43
was seen to do, but that a person's page has one owner and keeps the text of its newest revision alone.
"""
