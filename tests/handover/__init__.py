"""A directory handed to a Wikibase elsewhere: provision, push, pull."""
