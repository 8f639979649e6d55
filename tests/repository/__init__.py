"""The embedded Wikibase: its store, its RDF, its Action API and its REST API."""
