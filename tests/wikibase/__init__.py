"""Clients of a Wikibase: unmodified wikibaseintegrator, the writer, the transport."""
